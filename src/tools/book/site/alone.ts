import { readFileSync } from 'node:fs';
import { load } from 'cheerio';
import { inRoot } from '../../paths';
import { singleHtml } from './layout';
import type { Page } from './page';
import type { Pictures } from './pictures';

/** All styles in one text, with KaTeX's fonts inside, as set-up wrote them for nbconvert's template. */
export function inlineStyles(): string {
  const katex = inRoot('.venv', 'share', 'jupyter', 'nbconvert', 'templates', 'layerwise', 'static', 'katex.css');
  return [katex, inRoot('src', 'tools', 'book', 'site', 'assets', 'site.css')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

/** A page's contents for use without the site: pictures inside; links to other chapters become plain text. */
function standing(page: Page, pictures: Pictures): string {
  const $ = load(page.$.html(), {}, false);
  $('a[href]').each((_, link) => {
    if (/^(?!https?:|mailto:|#)/.test($(link).attr('href') ?? '')) $(link).replaceWith($(link).html() ?? '');
  });
  $('img').removeAttr('loading');
  return $.html().replace(/\{\{picture (\w+)\}\}/g, (_, hash: string) => pictures.dataOf(hash) ?? '');
}

/** A chapter in one file. */
export const aloneHtml = (page: Page, pictures: Pictures, styles: string): string =>
  singleHtml(page.title, styles, standing(page, pictures));

/** All chapters in one file, for the book as a PDF: links between chapters become links inside of it. */
export function bookHtml(pages: readonly Page[], pictures: Pictures, styles: string): string {
  const names = new Set(pages.map(({ name }) => name));
  const chapters = pages.map((page) => {
    const $ = load(page.$.html(), {}, false);
    $('[id]').each((_, element) => void $(element).attr('id', `${page.name}--${$(element).attr('id') ?? ''}`));
    $('a[href]').each((_, link) => {
      const [, name, anchor] = /^(?:([\w-]+)\.html)?(?:#(.*))?$/.exec($(link).attr('href') ?? '') ?? [];
      const target = name ?? page.name;
      if (anchor === undefined && name === undefined) {
        if (!/^(?:https?|mailto):/.test($(link).attr('href') ?? '')) $(link).replaceWith($(link).html() ?? '');
      } else if (names.has(target))
        $(link).attr('href', anchor === undefined ? `#chapter-${target}` : `#${target}--${anchor}`);
      else $(link).replaceWith($(link).html() ?? '');
    });
    $('img').removeAttr('loading');
    return `<section class="chapter" id="chapter-${page.name}">${$.html().replace(/\{\{picture (\w+)\}\}/g, (_, hash: string) => pictures.dataOf(hash) ?? '')}</section>`;
  });
  const contents = pages.map(({ name, title }) => `<li><a href="#chapter-${name}">${title}</a></li>`).join('');
  return singleHtml(
    'Layerwise',
    styles,
    `<h1>Layerwise</h1><p>A deep-learning course in TypeScript that runs.</p><ol style="list-style:none;padding:0">${contents}</ol>\n${chapters.join('\n')}`,
  );
}
