import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import MiniSearch from 'minisearch';
import type { Browser } from 'playwright-core';
import { studentVersion } from '../../assignments/release/student-notebook';
import { notebookText } from '../../notebook';
import { inRoot } from '../../paths';
import { aloneHtml, bookHtml, inlineStyles } from './alone';
import { findChromium, launch } from './chromium';
import { convertNotebooks } from './convert';
import { Output, hashOf } from './files';
import { errataBody, frontBody, glossaryBody } from './front';
import { readHead } from './head';
import { siteHtml } from './layout';
import { readPage, type Page, type Problem } from './page';
import { writeLive } from './live';
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
  const fragments = await convertNotebooks(executed);
  const pages = fragments.map((fragment, i) => readPage(fragment, readHead(executed[i])));
  const output = new Output(folder);
  const uncut: Problem[] = [];
  const downloads = writeDownloads(output, pages, notebooks, uncut);
  const problems = [...pages.flatMap((page) => page.problems), ...linkPages(pages, downloads), ...uncut];
  copyAssets(output, pages, notebooks);
  onProgress('scripts');
  const live = await writeLive(output, pages, notebooks);
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
        pages.flatMap(({ figures }) => figures),
        browser,
        (done, all) => onProgress(`pictures ${done} of ${all}`),
      );
      for (const { name, figures } of pages)
        for (const { hash, cell } of figures)
          if (failed.has(hash)) problems.push({ notebook: name, cell, message: failed.get(hash) ?? '' });
    }
    onProgress('pages');
    writePages(output, pages, pictures, { hasPdf: pdf && chromium !== undefined, exercises: downloads, live });
    if (pdf && browser) await writePdfs(output, pages, pictures, browser, onProgress);
  } finally {
    await browser?.close();
  }
  output.removeOthers();
  return { problems, notices };
}

/**
 * The notebooks themselves, and those of the exercises without their answers. Returns the addresses of the latter in
 * notebooks; those whose answers can't be cut are not given.
 */
function writeDownloads(
  output: Output,
  pages: readonly Page[],
  notebooks: string,
  uncut: Problem[],
): ReadonlySet<string> {
  const written = new Set<string>();
  for (const { name: notebook } of pages) {
    if (existsSync(path.join(notebooks, `${notebook}.ipynb`)))
      output.copy(path.join(notebooks, `${notebook}.ipynb`), path.join('downloads', `${notebook}.ipynb`));
    const exercises = `exercises/${notebook}.ipynb`;
    if (!existsSync(path.join(notebooks, exercises))) continue;
    try {
      output.write(path.join('downloads', exercises), notebookText(studentVersion(path.join(notebooks, exercises))));
      written.add(exercises);
    } catch (error) {
      uncut.push({
        notebook,
        cell: 'exercises',
        message: `the exercises are not given, because their answers can't be cut: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
  return written;
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
  readonly exercises: ReadonlySet<string>;
  /** Names of the chapters whose cells run in their pages. */
  readonly live: ReadonlySet<string>;
}

function writePages(output: Output, pages: readonly Page[], pictures: Pictures, extras: Extras): void {
  for (const { figures } of pages)
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
        pages,
        current: name,
        headings: page?.headings,
        isLive: extras.live.has(name),
      }),
    );
  pages.forEach((page, i) => {
    const body = page.$.html().replace(/\{\{picture (\w+)\}\}/g, (_, hash: string) => {
      const file = pictures.fileOf(hash);
      return file === undefined ? '' : `assets/pictures/${file}`;
    });
    site(
      page.name,
      `${page.title} · Layerwise`,
      page.summary,
      `<article data-chapter="${page.name}">${withoutEmptyPictures(body)}</article>${downloadsHtml(page, extras)}${pagerHtml(pages[i - 1], pages[i + 1])}`,
      page,
    );
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

/** Where no picture could be made, its alternative text stands in its place. */
const withoutEmptyPictures = (html: string): string =>
  html.replace(/<img class="plot-picture" src="" alt="([^"]*)"[^>]*>/g, '<p class="plot-alt">$1</p>');

const downloadsHtml = ({ name }: Page, { hasPdf, exercises }: Extras): string =>
  `<p class="downloads">Take it with you: <a href="downloads/${name}.ipynb" download>notebook</a>, <a href="downloads/${name}.html" download>page in one file</a>${hasPdf ? `, <a href="downloads/${name}.pdf" download>PDF</a>` : ''}${exercises.has(`exercises/${name}.ipynb`) ? `, <a href="downloads/exercises/${name}.ipynb" download>exercises</a>` : ''}</p>`;

const pagerHtml = (before?: Page, after?: Page): string =>
  `<nav class="pager" aria-label="Chapters before and after">${before ? `<a rel="prev" href="${before.name}.html">← ${before.title}</a>` : '<span></span>'}${after ? `<a rel="next" href="${after.name}.html">${after.title} →</a>` : '<span></span>'}</nav>`;

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
