import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load, type CheerioAPI } from 'cheerio';
import { placeFigures, type PageFigure } from './figures';
import type { Head } from './head';
import { setFormulas } from './math';
import { cleanOutputs } from './outputs';

export interface Heading {
  readonly id: string;
  readonly text: string;
  readonly level: number;
}

/** A piece of text that a search can find, with its place. */
export interface Passage {
  readonly anchor: string;
  readonly heading: string;
  readonly text: string;
}

/** A word that a chapter introduces, printed bold there. */
export interface Term {
  readonly term: string;
  readonly anchor: string;
  readonly sentence: string;
}

/** What is wrong with a page, with the cell to blame. */
export interface Problem {
  readonly notebook: string;
  readonly cell: string;
  readonly message: string;
}

/** A chapter as the site shows it. Addresses of pictures and references to other chapters are still open. */
export interface Page {
  /** The notebook's name, such as `06-first-network`. */
  readonly name: string;
  /** Its number, such as `06` or `A1`. */
  readonly number: string;
  readonly title: string;
  readonly summary: string;
  readonly before: string;
  readonly time: string;
  /** The figure that stands for the chapter on the front page. */
  readonly cover?: PageFigure;
  /** What a reader wants who should read up to this chapter. */
  readonly aim?: string;
  /** Why its cells run in the notebook alone. */
  readonly nodeOnly?: string;
  readonly $: CheerioAPI;
  readonly headings: readonly Heading[];
  readonly figures: readonly PageFigure[];
  readonly passages: readonly Passage[];
  readonly terms: readonly Term[];
  readonly errata: readonly { readonly anchor: string; readonly html: string }[];
  readonly problems: readonly Problem[];
}

/** Bold words that are headings of paragraphs, not terms. */
const NO_TERMS = /^(?:erratum|know before|time|after this chapter|what changed|why|try it|answer)\b|[.:!?]$/i;

/**
 * Reads the plain HTML of an executed notebook and works it up: formulas, figures, tables, folded code, clean outputs.
 */
export function readPage(fragment: string, { picture, aim, 'node-only': nodeOnly }: Head = {}): Page {
  const name = path.basename(fragment, '.html');
  const number = /^[A-Z]?\d+/.exec(name)?.[0] ?? name;
  const $ = load(readFileSync(fragment, 'utf8'), {}, false);
  $('.anchor-link').remove();
  const label = number.replace(/^0+(?=\d)/, '');
  const { figures, problems: figureProblems } = placeFigures($, label);
  const problems = [...cleanOutputs($), ...setFormulas($, label), ...figureProblems].map(({ cell, message }) => ({
    notebook: name,
    cell,
    message,
  }));
  const cover = figures.find(({ cell }) => cell === picture);
  if (picture !== undefined && !cover)
    problems.push({
      notebook: name,
      cell: picture,
      message: 'the head names this cell as its picture, and it has no figure',
    });
  foldFigureCode($);
  numberTables($, label);
  const headings = anchorHeadings($);
  return {
    name,
    number,
    title: $('h1').first().text().trim() || name,
    summary: $('h1').first().nextAll('p').first().text(),
    before: labelled($, 'Know before:'),
    time: labelled($, 'Time:'),
    cover,
    aim,
    nodeOnly,
    $,
    headings,
    figures,
    passages: passagesOf($),
    terms: termsOf($),
    errata: errataOf($),
    problems,
  };
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '') || 'section';

function anchorHeadings($: CheerioAPI): Heading[] {
  const used = new Set<string>();
  const found: Heading[] = [];
  $('.text-cell')
    .find('h1, h2, h3, h4')
    .each((_, heading) => {
      const text = $(heading).text().trim();
      let id = `s-${slug(text)}`;
      while (used.has(id)) id += '-2';
      used.add(id);
      const level = Number(heading.name.slice(1));
      $(heading).attr('id', id);
      if (level > 1) $(heading).append(`<a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`);
      found.push({ id, text, level });
    });
  return found;
}

/** Code that only draws is folded; its figure stays. */
function foldFigureCode($: CheerioAPI): void {
  $('.code-cell').each((_, cell) => {
    if (!($(cell).attr('data-tags') ?? '').split(' ').includes('figure')) return;
    const source = $(cell).children('.source');
    source.replaceWith(`<details class="folded"><summary>Code of the figure</summary>${$.html(source)}</details>`);
  });
  $('.source pre').attr('tabindex', '0');
}

function numberTables($: CheerioAPI, number: string): void {
  let count = 0;
  $('table').each((_, table) => {
    if ($(table).find('th').length === 0 || $(table).parents('table').length > 0) return;
    const label = `${number}.${++count}`;
    const id = `table-${label.replace('.', '-')}`;
    $(table).attr('id', id).attr('data-label', label).prepend(`<caption><a href="#${id}">Table ${label}</a></caption>`);
    $(table).find('th:not([scope])').attr('scope', 'col');
    $(table).wrap('<div class="scroll" tabindex="0" role="group"></div>');
    $(table).parent().attr('aria-label', `Table ${label}`);
  });
}

/** The rest of the line after a bold label, up to the next one. */
function labelled($: CheerioAPI, label: string): string {
  const strong = $('strong')
    .filter((_, element) => $(element).text().trim() === label)
    .first();
  const text = strong.parent().text();
  const from = text.indexOf(label);
  if (from < 0) return '';
  const rest = text.slice(from + label.length);
  const next = strong.nextAll('strong').first().text();
  return (next === '' ? rest : rest.slice(0, rest.indexOf(next))).trim().replace(/\.$/, '');
}

function passagesOf($: CheerioAPI): Passage[] {
  const passages: Passage[] = [];
  let heading: Heading = { id: '', text: '', level: 1 };
  $('.text-cell').each((_, cell) => {
    $(cell)
      .children()
      .each((__, child) => {
        const copy = $(child).clone();
        copy.find('.katex-html, .anchor, .equation-number').remove();
        const text = copy.text().replace(/\s+/g, ' ').trim();
        if (/^h[1-4]$/.test(child.name)) heading = { id: $(child).attr('id') ?? '', text, level: 2 };
        else if (text !== '') {
          const last = passages[passages.length - 1];
          if (last?.anchor === heading.id) passages[passages.length - 1] = { ...last, text: `${last.text} ${text}` };
          else passages.push({ anchor: heading.id, heading: heading.text, text });
        }
      });
  });
  return passages;
}

function termsOf($: CheerioAPI): Term[] {
  const terms: Term[] = [];
  $('.text-cell p strong, .text-cell li strong').each((_, strong) => {
    const term = $(strong).text().trim();
    if (
      NO_TERMS.test(term) ||
      term.split(/\s+/).length > 4 ||
      !/^\p{L}/u.test(term) ||
      $(strong).find('.katex').length > 0
    )
      return;
    const id = `term-${slug(term)}`;
    if ($(`[id="${id}"]`).length > 0) return;
    $(strong).attr('id', id);
    const block = $(strong).closest('p, li').clone();
    block.find('.katex-html').remove();
    const sentence =
      block
        .text()
        .replace(/\s+/g, ' ')
        .split(/(?<=[.!?])\s+(?=\p{Lu})/u)
        .find((candidate) => candidate.includes(term)) ?? '';
    terms.push({ term, anchor: id, sentence });
  });
  return terms;
}

function errataOf($: CheerioAPI): Page['errata'] {
  const errata: { anchor: string; html: string }[] = [];
  $('strong')
    .filter((_, element) => $(element).text().trim() === 'Erratum.')
    .each((i, element) => {
      const block = $(element).closest('blockquote, p, li');
      const anchor = `erratum-${i + 1}`;
      block.attr('id', anchor).addClass('erratum');
      const copy = block.clone();
      copy.find('strong').first().remove();
      copy.find('[id]').removeAttr('id');
      errata.push({
        anchor,
        html: (copy.is('blockquote')
          ? copy
              .find('p')
              .toArray()
              .map((p) => $(p).html() ?? '')
              .join(' ')
          : (copy.html() ?? '')
        ).trim(),
      });
    });
  return errata;
}
