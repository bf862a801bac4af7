import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import MiniSearch from 'minisearch';
import type { Browser } from 'playwright-core';
import { inRoot } from '../../paths';
import { aloneHtml, bookHtml, inlineStyles } from './alone';
import { downloadsHtml, exerciseDownloadHtml, pagerHtml } from './below';
import { findChromium, launch } from './chromium';
import { convertNotebooks } from './convert';
import { addressOf, asExercises, studentExercises, type ExercisePage, type StudentExercises } from './exercises';
import { Output, hashOf } from './files';
import { errataBody, frontBody, glossaryBody } from './front';
import { readHead } from './head';
import { siteHtml } from './layout';
import { readPage, type Page, type Problem } from './page';
import { liveChapter, liveExercises, writeLive } from './live';
import { printPdf } from './pdf';
import { Pictures } from './pictures';
import { linkPages } from './references';
import { spiralPicture, spiralScript } from './spiral';

export interface SiteOptions {
  /** Where the site is to lie (default `build/handouts`). */
  readonly folder?: string;
  /** Where the notebooks lie that were executed (default the project's). */
  readonly notebooks?: string;
  /** Whether PDFs are made too (default true; they need Chromium). */
  readonly pdf?: boolean;
  readonly onProgress?: (text: string) => void;
}

export interface SiteResult {
  readonly problems: readonly Problem[];
  /** What is left out, for example because Chromium is missing. */
  readonly notices: readonly string[];
}

const SEARCH_OPTIONS = { fields: ['chapter', 'heading', 'text'], storeFields: ['chapter', 'heading', 'text'] };
const packageFile = (name: string): string => inRoot('node_modules', ...name.split('/'));

/** Makes the site, the single files and the PDFs of executed notebooks. What is unchanged isn't made again. */
export async function buildSite(
  executed: readonly string[],
  {
    folder = inRoot('build', 'handouts'),
    notebooks = inRoot('notebooks'),
    pdf = true,
    onProgress = () => undefined,
  }: SiteOptions = {},
): Promise<SiteResult> {
  onProgress('converting');
  const uncut: Problem[] = [];
  const chapters = executed.map((file) => path.basename(file, '.ipynb'));
  const exercises = studentExercises(chapters, notebooks, uncut);
  const files = [...executed, ...exercises.map(({ file }) => file)];
  const all = (await convertNotebooks(files)).map((fragment, i) => readPage(fragment, readHead(files[i])));
  const pages = all.slice(0, executed.length);
  const exercisePages = exercises.map((given, i): ExercisePage => {
    const title = pages[chapters.indexOf(given.chapter)].title;
    return { ...given, page: asExercises(all[executed.length + i], given, title) };
  });
  const both = [...pages, ...exercisePages.map(({ page }) => page)];
  const output = new Output(folder);
  writeDownloads(output, pages, exercises, notebooks);
  const links = new Map(exercises.map(({ chapter, name }) => [addressOf(chapter), `${name}.html`]));
  const problems = [...both.flatMap((page) => page.problems), ...linkPages(both, links), ...uncut].map((problem) => ({
    ...problem,
    notebook: exercises.find(({ name }) => name === problem.notebook)?.chapter ?? problem.notebook,
  }));
  copyAssets(output, both, notebooks);
  onProgress('scripts');
  const live = await writeLive(output, [
    ...pages.map((page) => liveChapter(page, notebooks)),
    ...exercisePages.map(liveExercises),
  ]);
  const pictures = new Pictures(output.at('assets', 'pictures'));
  const chromium = findChromium();
  const notices: string[] = [];
  let browser: Browser | undefined;
  try {
    if (chromium === undefined)
      notices.push(
        'Chromium was not found: figures have no static pictures and there are no PDFs; install it, or name it in LAYERWISE_CHROMIUM',
      );
    else {
      browser = await launch(chromium);
      const failed = await pictures.draw(
        both.flatMap(({ figures }) => figures),
        browser,
        (done, all) => onProgress(`pictures ${done} of ${all}`),
      );
      for (const { name, figures } of both)
        for (const { hash, cell } of figures)
          if (failed.has(hash)) problems.push({ notebook: name, cell, message: failed.get(hash) ?? '' });
    }
    onProgress('pages');
    writePages(output, pages, pictures, { hasPdf: pdf && chromium !== undefined, exercises: exercisePages, live });
    if (pdf && browser) await writePdfs(output, pages, pictures, browser, onProgress);
  } finally {
    await browser?.close();
  }
  output.removeOthers();
  return { problems, notices };
}

/** The notebooks themselves, and those of the exercises without their answers. */
function writeDownloads(
  output: Output,
  pages: readonly Page[],
  exercises: readonly StudentExercises[],
  notebooks: string,
): void {
  for (const { name } of pages)
    if (existsSync(path.join(notebooks, `${name}.ipynb`)))
      output.copy(path.join(notebooks, `${name}.ipynb`), path.join('downloads', `${name}.ipynb`));
  for (const { chapter, text } of exercises) output.write(path.join('downloads', addressOf(chapter)), text);
}

function copyAssets(output: Output, pages: readonly Page[], notebooks: string): void {
  output.copy(packageFile('plotly.js-dist-min/plotly.min.js'), 'assets/plotly.min.js');
  output.copy(packageFile('minisearch/dist/umd/index.js'), 'assets/minisearch.js');
  output.copy(packageFile('katex/dist/katex.min.css'), 'assets/katex/katex.min.css');
  for (const font of readdirSync(packageFile('katex/dist/fonts')).filter((name) => name.endsWith('.woff2')))
    output.copy(path.join(packageFile('katex/dist/fonts'), font), `assets/katex/fonts/${font}`);
  for (const name of ['site.css', 'site.js'])
    output.copy(inRoot('src', 'tools', 'book', 'site', 'assets', name), `assets/${name}`);
  output.write('assets/spiral.js', spiralScript());
  output.write('assets/spiral.png', spiralPicture());
  if (existsSync(path.join(notebooks, 'images'))) output.copy(path.join(notebooks, 'images'), 'images');
  for (const { figures } of pages)
    for (const { hash, json } of figures)
      output.write(
        `assets/figures/${hash}.js`,
        `layerwiseFigure(${JSON.stringify(hash)}, ${json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')});\n`,
      );
  const index = new MiniSearch(SEARCH_OPTIONS);
  index.addAll(
    pages.flatMap(({ name, title, passages }) =>
      passages.map(({ anchor, heading, text }) => ({
        id: `${name}.html${anchor ? `#${anchor}` : ''}`,
        chapter: title,
        heading,
        text,
      })),
    ),
  );
  output.write(
    'assets/search-index.js',
    `window.layerwiseIndexOptions = ${JSON.stringify(SEARCH_OPTIONS)};\nwindow.layerwiseIndex = ${JSON.stringify(index)};\n`,
  );
}

interface Extras {
  readonly hasPdf: boolean;
  readonly exercises: readonly ExercisePage[];
  /** Names of the pages whose cells run in them. */
  readonly live: ReadonlySet<string>;
}

function writePages(output: Output, pages: readonly Page[], pictures: Pictures, extras: Extras): void {
  const { exercises, live } = extras;
  for (const { figures } of [...pages, ...exercises.map(({ page }) => page)])
    for (const { hash } of figures) {
      const file = pictures.fileOf(hash);
      if (file !== undefined) output.keep(path.join('assets', 'pictures', file));
    }
  const styles = inlineStyles();
  const site = (name: string, title: string, description: string, body: string, page?: Page): void =>
    void output.write(
      `${name}.html`,
      siteHtml({
        title,
        description,
        body,
        pages: pages.map((chapter) => ({ ...chapter, exercises: exercisesOf(chapter, extras)?.name })),
        current: name,
        headings: page?.headings,
        isLive: live.has(name),
        isExercises: exercises.some((one) => one.name === name),
      }),
    );
  pages.forEach((page, i) => {
    const put = (one: Page, attribute: string, below: string, before?: Page): void =>
      site(
        one.name,
        `${one.title} · Layerwise`,
        one.summary,
        `<article data-chapter="${one.name}"${attribute}>${bodyOf(one, pictures)}</article>${below}${pagerHtml(before, pages[i + 1])}`,
        one,
      );
    const own = exercisesOf(page, extras);
    put(page, '', downloadsHtml(page, extras.hasPdf, own), pages[i - 1]);
    if (own) put(own.page, ' data-exercises', exerciseDownloadHtml(page), page);
    output.write(`downloads/${page.name}.html`, withoutEmptyPictures(aloneHtml(page, pictures, styles)));
  });
  site(
    'index',
    'Layerwise',
    'A deep-learning course in TypeScript that runs.',
    frontBody(pages, {
      pictureOf: (hash) => pictures.fileOf(hash),
      hasBook: extras.hasPdf,
    }),
  );
  site('glossary', 'Glossary · Layerwise', 'The words that the chapters introduce.', glossaryBody(pages));
  site('errata', 'Errata · Layerwise', 'Where the sources of the course are wrong.', errataBody(pages));
}

const exercisesOf = ({ name }: Page, { exercises }: Extras): ExercisePage | undefined =>
  exercises.find(({ chapter }) => chapter === name);

const bodyOf = ({ $ }: Page, pictures: Pictures): string =>
  withoutEmptyPictures(
    $.html().replace(/\{\{picture (\w+)\}\}/g, (_, hash: string) => {
      const file = pictures.fileOf(hash);
      return file === undefined ? '' : `assets/pictures/${file}`;
    }),
  );

/** Where no picture could be made, its alternative text stands in its place. */
const withoutEmptyPictures = (html: string): string =>
  html.replace(/<img class="plot-picture" src="" alt="([^"]*)"[^>]*>/g, '<p class="plot-alt">$1</p>');

async function writePdfs(
  output: Output,
  pages: readonly Page[],
  pictures: Pictures,
  browser: Browser,
  onProgress: (text: string) => void,
): Promise<void> {
  const book = output.at('downloads', 'layerwise.all.html');
  output.write('downloads/layerwise.all.html', withoutEmptyPictures(bookHtml(pages, pictures, inlineStyles())));
  const jobs = [
    ...pages.map(({ name, title }) => ({
      html: output.at('downloads', `${name}.html`),
      name: `downloads/${name}.pdf`,
      title,
      key: hashOf(readFileSync(output.at('downloads', `${name}.html`))),
    })),
    { html: book, name: 'downloads/layerwise.pdf', title: 'Layerwise', key: hashOf(readFileSync(book)) },
  ];
  let done = 0;
  for (const { html, name, title, key } of jobs) {
    onProgress(`PDF ${++done} of ${jobs.length}`);
    const stamp = inRoot('build', 'pdf', `${path.basename(name)}.made-from`);
    const isThere = existsSync(output.at(name)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key;
    if (!isThere) {
      await printPdf(browser, html, output.at(name), title);
      mkdirSync(path.dirname(stamp), { recursive: true });
      writeFileSync(stamp, key);
    }
    output.keep(name);
  }
  rmSync(book);
}
