import { escapeHtml } from '../../../parts/display';
import type { Page } from './page';

/** The parts of the course, by the numbers of their chapters. */
const PARTS: readonly (readonly [title: string, from: string, to: string])[] = [
  ['Beginning', '00', '02'],
  ['How learning works', '03', '06'],
  ['Training well', '07', '11'],
  ['Pictures', '12', '16'],
  ['Words, sequences, sound', '17', '21'],
  ['Out into the world', '22', '24'],
  ['Appendices', 'A0', 'A9'],
];

/** The front page: what this is, and the map of the course with times and what to know before. */
export function frontBody(pages: readonly Page[]): string {
  const parts = PARTS.map(([title, from, to]) => {
    const chapters = pages.filter(
      ({ number }) => number >= from && number <= to && number.startsWith('A') === from.startsWith('A'),
    );
    return chapters.length === 0
      ? ''
      : `<section aria-labelledby="part-${from}"><h2 id="part-${from}">${escapeHtml(title)}</h2><ol class="chapters">${chapters.map(chapter).join('')}</ol></section>`;
  });
  return `<h1>Layerwise</h1>
<p>A deep-learning course in TypeScript that runs. Every chapter is a notebook; these pages are the chapters as they ran, to be read without a computer that runs anything.</p>
${parts.join('\n')}
<p><a href="glossary.html">Glossary</a> · <a href="errata.html">Errata of the sources</a>{{book}}</p>`;
}

function chapter({ name, title, summary, before, time }: Page): string {
  const facts = [time && `Time: ${time}`, before && `Know before: ${before}`]
    .filter(Boolean)
    .map((fact) => escapeHtml(fact))
    .join(' · ');
  return `<li><h3><a href="${name}.html">${escapeHtml(title)}</a></h3><p>${escapeHtml(summary)}</p>${facts ? `<p class="facts">${facts}</p>` : ''}</li>`;
}

/** All words that chapters introduce, with their sentence, and links to where that happens. */
export function glossaryBody(pages: readonly Page[]): string {
  const entries = new Map<string, { sentence: string; places: string[]; shown: string }>();
  for (const { name, number, terms } of pages)
    for (const { term, anchor, sentence } of terms) {
      const key = term.toLowerCase();
      const entry = entries.get(key) ?? { sentence, places: [], shown: term };
      entry.places.push(`<a href="${name}.html#${anchor}">${number}</a>`);
      entries.set(key, entry);
    }
  const sorted = [...entries.entries()].sort(([a], [b]) => a.localeCompare(b, 'en'));
  const items = sorted.map(
    ([, { shown, sentence, places }]) =>
      `<dt id="${anchorOf(shown)}">${escapeHtml(shown)}</dt><dd>${escapeHtml(sentence)} <span class="facts">Chapter ${places.join(', ')}</span></dd>`,
  );
  return `<h1>Glossary</h1><p>The words that the chapters introduce, each with the sentence in which it first occurs.</p><dl>${items.join('\n')}</dl>`;
}

const anchorOf = (term: string): string => `term-${term.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}`;

/** What the sources have wrong, from all chapters. */
export function errataBody(pages: readonly Page[]): string {
  const lists = pages
    .filter(({ errata }) => errata.length > 0)
    .map(
      ({ name, title, errata }) =>
        `<h2>${escapeHtml(title)}</h2><ul>${errata.map(({ anchor, html }) => `<li>${html} <a href="${name}.html#${anchor}">In the chapter</a></li>`).join('')}</ul>`,
    );
  return `<h1>Errata of the sources</h1><p>The course follows five source documents. Where they are wrong, the chapters say so; here is all of it in one place.</p>${lists.join('\n')}`;
}
