import { escapeHtml } from '../../../parts/display';
import type { Heading, Page } from './page';

/**
 * Everything comes from the folder of the page; nothing is asked of the network. Plotly and KaTeX set styles by script.
 *
 * @param scripts what else scripts may be.
 */
const policyOf = (scripts: string): string =>
  `default-src 'none'; script-src 'self' file:${scripts}; style-src 'self' file: 'unsafe-inline'; img-src 'self' file: data: blob:; media-src data:; font-src 'self' file: data:; connect-src 'none'; form-action 'none'; base-uri 'none'`;
/** Cells run in a worker, which a page from a file can only make of memory, as its own scripts and WebAssembly. */
const RUNS_CELLS = " blob: 'wasm-unsafe-eval'; worker-src blob:";
const POLICY_WITHOUT_SCRIPTS =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; font-src data:";

/** The beginning of every page, up to its own styles. */
const headHtml = (title: string, policy: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>`;

/** A chapter in the list of contents, with the name of its page of exercises. */
export type Listed = Pick<Page, 'name' | 'title'> & { readonly exercises?: string };

export interface Shell {
  readonly title: string;
  readonly description: string;
  readonly body: string;
  readonly pages: readonly Listed[];
  readonly current?: string;
  readonly headings?: readonly Heading[];
  /** Whether the page's cells can run in it (default false). */
  readonly isLive?: boolean;
  /** Whether they are exercises (default false). */
  readonly isExercises?: boolean;
}

const link = (href: string, text: string, isCurrent: boolean): string =>
  `<a href="${href}"${isCurrent ? ' aria-current="page"' : ''}>${escapeHtml(text)}</a>`;

/** A page in the list of contents, with its sections where it is open. */
const item = (name: string, title: string, current: string | undefined, inside: string): string =>
  `<li>${link(`${name}.html`, title, name === current)}${name === current && inside ? `<ol>${inside}</ol>` : ''}</li>`;

const EXERCISES = `
<script src="assets/live/exercise-page.js" defer></script>`;
const LIVE = `
<link rel="stylesheet" href="assets/live/live.css">
<script src="assets/live/live.js" defer></script>`;

/** A page of the site: header, contents, main, search. */
export function siteHtml({
  title,
  description,
  body,
  pages,
  current,
  headings = [],
  isLive = false,
  isExercises = false,
}: Shell): string {
  const inside = headings
    .filter(({ level }) => level === 2)
    .map(({ id, text }) => `<li><a href="#${id}">${escapeHtml(text)}</a></li>`)
    .join('');
  const listed = ({ name, title: chapter, exercises }: Listed): string => {
    const isOpen = current === name || (exercises !== undefined && current === exercises);
    const own = current === name ? inside : '';
    const others = exercises === undefined ? '' : item(exercises, 'Exercises', current, inside);
    return `<li>${link(`${name}.html`, chapter, name === current)}${isOpen && own + others ? `<ol>${own}${others}</ol>` : ''}</li>`;
  };
  const chapters = pages.map(listed).join('');
  const more = [
    ['glossary', 'Glossary'],
    ['errata', 'Errata of the sources'],
  ]
    .map(([name, text]) => `<li>${link(`${name}.html`, text, name === current)}</li>`)
    .join('');
  return `${headHtml(title, policyOf(isLive ? RUNS_CELLS : ''))}
<meta name="description" content="${escapeHtml(description)}">
<link rel="stylesheet" href="assets/katex/katex.min.css">
<link rel="stylesheet" href="assets/site.css">
<script src="assets/site.js" defer></script>${isLive && isExercises ? EXERCISES : ''}${isLive ? LIVE : ''}
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="site">
<a class="home" href="index.html">Layerwise</a>
<a class="to-contents" href="#contents">Contents</a>
<button type="button" data-action="search" aria-keyshortcuts="/">Search</button>
<button type="button" data-action="theme" aria-pressed="false">Dark</button>
</header>
<div class="frame">
<nav class="contents" id="contents" aria-label="Contents"><ol>${chapters}</ol><ol>${more}</ol></nav>
<main id="main" tabindex="-1">
${body}
</main>
</div>
<dialog class="search" aria-label="Search">
<form method="dialog"><label for="search-words">Search the course</label> <button type="button" data-action="close">Close</button></form>
<input id="search-words" type="search" autocomplete="off" spellcheck="false">
<p role="status"></p>
<ol class="results"></ol>
</dialog>
</body>
</html>
`;
}

/** A page in one file: nothing beside it, no scripts. */
export function singleHtml(title: string, styles: string, body: string): string {
  return `${headHtml(title, POLICY_WITHOUT_SCRIPTS)}
<style>${styles}</style>
</head>
<body><div class="frame" style="display:block;max-width:50rem"><main>
${body}
</main></div></body>
</html>
`;
}
