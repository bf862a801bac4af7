import type { Page, Problem } from './page';
import { textsIn } from './texts';

/** A place that links can name: a page, perhaps a cell, a heading, a figure in it. */
const NOTEBOOK_LINK = /^(?:\.{1,2}\/)?([\w-]+)\.ipynb(?:#(.+))?$/;
const CHAPTERS = /\b([Cc]hapters?|[Aa]ppendix) ((?:\d\d|A\d)(?:(?:, | to | and )(?:\d\d|A\d))*)/g;
/** Links with one of these words as their text get the target's kind and number instead. */
const KINDS: Readonly<Record<string, { readonly word: string; readonly selector: string }>> = {
  figure: { word: 'Figure', selector: 'figure.plot' },
  table: { word: 'Table', selector: 'table[data-label]' },
  equation: { word: 'Equation', selector: '.equation' },
};

/**
 * Turns links between notebooks into links between pages, with numbers where they ask for them, and mentions of
 * chapters into links. Answers with the links that lead nowhere.
 *
 * @param others pages by their addresses in notebooks, where these are others than those of chapters.
 */
export function linkPages(pages: readonly Page[], others: ReadonlyMap<string, string>): Problem[] {
  for (const page of pages) {
    linkMentions(page, pages);
    linkNotebooks(page, others);
  }
  return pages.flatMap((page) => followLinks(page, pages, others));
}

function followLinks(page: Page, pages: readonly Page[], others: ReadonlyMap<string, string>): Problem[] {
  const { $ } = page;
  const problems: Problem[] = [];
  $('.cell a[href]:not(.mention)').each((_, element) => {
    const href = $(element).attr('href') ?? '';
    const broken = (why: string): void =>
      void problems.push({
        notebook: page.name,
        cell: $(element).closest('.cell').attr('id') ?? '',
        message: `the link ${href} leads nowhere: ${why}`,
      });
    if (/^(?:https?|mailto):/.test(href)) {
      $(element).attr('rel', 'noopener noreferrer external');
      return;
    }
    const other = others.get(href);
    if (other !== undefined) {
      $(element).attr('href', other);
      return;
    }
    const [, name, anchor] =
      NOTEBOOK_LINK.exec(href) ?? (href.startsWith('#') ? [href, page.name, decodeURIComponent(href.slice(1))] : []);
    const target = pages.find((candidate) => candidate.name === name);
    if (!target)
      return broken(name === undefined ? 'it names no notebook of the course' : `there is no chapter ${name}`);
    const place = anchor === undefined ? undefined : target.$(`[id="${anchor.replaceAll('"', '')}"]`);
    if (place?.length === 0) return broken(`there is nothing called ${anchor ?? ''} in ${target.name}`);
    const kind = KINDS[$(element).text().trim().toLowerCase()];
    const isOwnLabel = $(element).closest('figcaption, caption').length > 0;
    const numbered =
      place && kind && !isOwnLabel ? (place.is(kind.selector) ? place : place.find(kind.selector)).first() : undefined;
    if (kind && place && numbered?.length === 0) return broken(`${anchor ?? ''} holds no ${kind.word.toLowerCase()}`);
    if (kind && numbered) $(element).text(`${kind.word} ${numbered.attr('data-label') ?? ''}`);
    const id = numbered?.attr('id') ?? anchor;
    $(element).attr('href', `${target === page ? '' : `${target.name}.html`}${id === undefined ? '' : `#${id}`}`);
  });
  return problems;
}

/** `exercises/05-name.ipynb`, named as code: a link to its page. */
function linkNotebooks({ $ }: Page, others: ReadonlyMap<string, string>): void {
  $('.text-cell code').each((_, code) => {
    const address = $(code).text();
    if (others.has(address) && $(code).closest('a, pre').length === 0)
      $(code).replaceWith(`<a href="${address}">${$.html(code)}</a>`);
  });
}

/** "chapter 05", "chapters 02 to 05": the numbers become links where there is such a page. */
function linkMentions(page: Page, pages: readonly Page[]): void {
  const { $ } = page;
  const texts = textsIn($, '.text-cell', CHAPTERS, 'a, code, pre, h1, h2, h3, h4, .katex');
  texts.each((_, node) => {
    const html = ($('<span>').text($(node).text()).html() ?? '').replace(
      CHAPTERS,
      (whole: string, word: string, numbers: string) =>
        `${word} ${numbers.replace(/\d\d|A\d/g, (number) => {
          const target = pages.find((candidate) => candidate.number === number && candidate !== page);
          return target ? `<a class="mention" href="${target.name}.html">${number}</a>` : number;
        })}`,
    );
    $(node).replaceWith(html);
  });
}
