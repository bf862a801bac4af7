import { escapeHtml } from '../../../parts/display';
import { pathTo } from './head';
import type { Page } from './page';

/** The parts of the course, by the numbers of their chapters. */
const PARTS: readonly (readonly [title: string, from: string, to: string])[] = [
  ['Beginning', '00', '02'],
  ['How learning works', '03', '06'],
  ['Training well', '07', '11'],
  ['Pictures', '12', '16'],
  ['Words, sequences, sound', '17', '21'],
  ['Out into the world', '22', '99'],
  ['Appendices', 'A0', 'A9'],
];

/** What the front page takes from the rest of the site. */
export interface FrontExtras {
  /** The file of a figure's picture; undefined where it isn't drawn. */
  readonly pictureOf: (hash: string) => string | undefined;
  /** Whether there is a PDF of all chapters. */
  readonly hasBook: boolean;
}

/** The front page: what this is, a network that learns, ways through the course, and the map of all chapters. */
export function frontBody(pages: readonly Page[], { pictureOf, hasBook }: FrontExtras): string {
  const parts = PARTS.map(([title, from, to]) => {
    const chapters = pages.filter(
      ({ number }) => number >= from && number <= to && number.startsWith('A') === from.startsWith('A'),
    );
    return chapters.length === 0
      ? ''
      : `<section aria-labelledby="part-${from}"><h2 id="part-${from}">${escapeHtml(title)}</h2><ol class="chapters">${chapters.map((page) => chapter(page, pictureOf)).join('')}</ol></section>`;
  });
  const [first] = pages;
  return `<div class="front">
<div>
<h1>Layerwise</h1>
<p class="lead">A deep-learning course in TypeScript that runs. You build every network twice, from scratch and with TensorFlow, and see that both agree.</p>
<p>Every chapter is a notebook; these pages are the chapters as they ran.</p>
${first ? `<p class="begin"><a class="button" href="${first.name}.html">Begin: ${escapeHtml(first.title)}</a> <a class="last" hidden></a></p>` : ''}
</div>
${SPIRAL}
</div>
${paths(pages)}
${parts.join('\n')}
<p><a href="glossary.html">Glossary</a> · <a href="errata.html">Errata of the sources</a>${hasBook ? ' · <a href="downloads/layerwise.pdf" download>The whole book (PDF)</a>' : ''}</p>`;
}

const choice = (name: string, label: string, values: readonly string[], chosen: string): string =>
  `<label>${label} <select name="${name}">${values.map((value) => `<option${value === chosen ? ' selected' : ''}>${value}</option>`).join('')}</select></label>`;

/** A picture until somebody presses; then `assets/spiral.js` takes its place. */
const SPIRAL = `<figure class="spiral">
<img src="assets/spiral.png" width="400" height="400" alt="Two arms of points, blue and orange, wind around each other; the plane is colored along them, as a trained network sees it">
<figcaption>A network of two hidden layers has learned which arm a point belongs to.</figcaption>
<form hidden><button type="submit">Train one here</button> ${choice('width', 'Width', ['2', '4', '8', '16'], '8')} ${choice('depth', 'Depth', ['1', '2', '3'], '2')} ${choice('activation', 'Activation', ['tanh', 'relu', 'sigmoid'], 'tanh')} ${choice('rate', 'Rate', ['0.001', '0.01', '0.03', '0.3'], '0.01')}</form>
<p role="status" class="facts"></p>
</figure>`;

/** By what a reader wants: the chapters that lead there, each with what it needs. */
function paths(pages: readonly Page[]): string {
  const items = pages
    .filter(({ aim }) => aim !== undefined)
    .map((goal) => {
      const steps = pathTo(goal, pages).map(
        ({ name, number, title }) => `<a href="${name}.html" title="${escapeHtml(title)}">${escapeHtml(number)}</a>`,
      );
      return `<li>${escapeHtml(goal.aim ?? '')}: ${steps.join(' → ')}</li>`;
    });
  return items.length === 0
    ? ''
    : `<section aria-labelledby="paths"><h2 id="paths">What do you want?</h2><ul class="paths">${items.join('')}</ul></section>`;
}

function chapter({ name, title, summary, before, time, cover }: Page, pictureOf: FrontExtras['pictureOf']): string {
  const facts = [time && `Time: ${time}`, before && `Know before: ${before}`]
    .filter(Boolean)
    .map((fact) => escapeHtml(fact))
    .join(' · ');
  const file = cover && pictureOf(cover.hash);
  const picture = file
    ? `<img src="assets/pictures/${file}" width="760" height="${cover.height}" loading="lazy" alt="">`
    : '';
  return `<li>${picture}<div><h3><a href="${name}.html">${escapeHtml(title)}</a></h3><p>${escapeHtml(summary)}</p>${facts ? `<p class="facts">${facts}</p>` : ''}</div></li>`;
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
