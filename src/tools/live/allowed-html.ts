/** What the output of a cell may consist of, in the book and in a page that runs it. All else is dropped. */

const DRAWING = ['g', 'path', 'rect', 'circle', 'line', 'polyline', 'polygon', 'text', 'tspan'];
const OF_DRAWING = [
  'd',
  'x',
  'y',
  'x1',
  'y1',
  'x2',
  'y2',
  'dx',
  'dy',
  'r',
  'rx',
  'ry',
  'cx',
  'cy',
  'width',
  'height',
  'points',
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'transform',
  'text-anchor',
  'font-size',
  'font-family',
  'font-weight',
];

const TEXT =
  'h1 h2 h3 h4 h5 h6 address hgroup blockquote dd div dl dt hr li menu ol p pre ul a abbr b bdi bdo br cite code data dfn ' +
  'em i kbd mark q rb rp rt rtc ruby s samp small span strong sub sup time u var wbr';
const TABLES = 'caption col colgroup table tbody td tfoot th thead tr';
const OTHERS = 'img audio figure figcaption details summary progress svg title desc defs';

export const ALLOWED_TAGS = [...[TEXT, TABLES, OTHERS].flatMap((names) => names.split(' ')), ...DRAWING];

/** Attributes by element; `*` for all. */
export const ALLOWED_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  '*': ['class', 'style', 'title', 'role', 'aria-label', 'aria-hidden', 'lang', 'dir'],
  a: ['href', 'name'],
  img: ['src', 'alt', 'width', 'height'],
  audio: ['src', 'controls'],
  th: ['scope', 'colspan', 'rowspan'],
  td: ['colspan', 'rowspan', 'headers'],
  progress: ['value', 'max'],
  details: ['open'],
  svg: ['viewbox', 'viewBox', 'width', 'height', 'xmlns', 'fill', 'stroke'],
  ...Object.fromEntries(DRAWING.map((tag) => [tag, OF_DRAWING])),
};

export const ALLOWED_STYLES = [
  'color',
  'background',
  'background-color',
  'border',
  'border-bottom',
  'border-top',
  'border-left',
  'border-right',
  'border-collapse',
  'border-radius',
  'padding',
  'padding-left',
  'margin',
  'margin-left',
  'text-align',
  'vertical-align',
  'font-weight',
  'font-style',
  'font-size',
  'font-family',
  'font-variant-numeric',
  'white-space',
  'width',
  'max-width',
  'min-width',
  'height',
  'max-height',
  'image-rendering',
  'display',
  'opacity',
  'gap',
  'flex-wrap',
  'overflow',
  'overflow-x',
];

/** What the value of a style may be. */
export const ALLOWED_STYLE = /^(?!.*(?:url|expression|javascript|@import))[\w\s.,#%()'"/+-]*$/i;
