import type { CheerioAPI } from 'cheerio';
import sanitize from 'sanitize-html';

/** What is wrong in a cell. */
export interface CellProblem {
  readonly cell: string;
  readonly message: string;
}

/**
 * What the output of a cell may consist of. All else is dropped: scripts, forms, frames, handlers of events, links that
 * run code.
 */
const ALLOWED: sanitize.IOptions = {
  allowedTags: [
    ...sanitize.defaults.allowedTags.filter(
      (tag) => !['article', 'aside', 'footer', 'header', 'main', 'nav', 'section'].includes(tag),
    ),
    'img',
    'figure',
    'figcaption',
    'details',
    'summary',
    'progress',
    'svg',
    'g',
    'path',
    'rect',
    'circle',
    'line',
    'polyline',
    'polygon',
    'text',
    'title',
    'desc',
    'defs',
    'tspan',
  ],
  allowedAttributes: {
    '*': ['class', 'style', 'title', 'role', 'aria-label', 'aria-hidden', 'lang', 'dir'],
    a: ['href', 'name'],
    img: ['src', 'alt', 'width', 'height'],
    th: ['scope', 'colspan', 'rowspan'],
    td: ['colspan', 'rowspan', 'headers'],
    progress: ['value', 'max'],
    details: ['open'],
    svg: ['viewbox', 'viewBox', 'width', 'height', 'xmlns', 'fill', 'stroke'],
    ...Object.fromEntries(
      ['g', 'path', 'rect', 'circle', 'line', 'polyline', 'polygon', 'text', 'tspan'].map((tag) => [
        tag,
        [
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
        ],
      ]),
    ),
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['data'] },
  allowedSchemesAppliedToAttributes: ['href', 'src'],
  allowProtocolRelative: false,
  parser: { lowerCaseTags: true, lowerCaseAttributeNames: false },
  allowedStyles: {
    '*': Object.fromEntries(
      [
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
      ].map((name) => [name, [/^(?!.*(?:url|expression|javascript|@import))[\w\s.,#%()'"/+-]*$/i]]),
    ),
  },
};

/** The HTML of an output, with nothing in it that could act. */
export const sanitizeOutput = (html: string): string => sanitize(html, ALLOWED);

/** Cleans all outputs of a page. Answers with errors and pictures without alternative text. */
export function cleanOutputs($: CheerioAPI): CellProblem[] {
  const problems: CellProblem[] = [];
  const cellOf = (node: Parameters<typeof $>[0]): string => $(node).closest('.cell').attr('id') ?? '';
  $('.output.html, .output.markdown').each((_, output) => {
    $(output).html(sanitizeOutput($(output).html() ?? ''));
  });
  $('pre.error').each((_, output) => {
    const isLesson = ($(output).closest('.cell').attr('data-tags') ?? '').split(' ').includes('raises-exception');
    if (!isLesson)
      problems.push({
        cell: cellOf(output),
        message: `ends with an error (${$(output).text().trim().split('\n')[0]}); mend it, or tag the cell raises-exception where the error is the lesson`,
      });
  });
  $('img').each((_, image) => {
    if (($(image).attr('alt') ?? '').trim() === '')
      problems.push({ cell: cellOf(image), message: 'a picture has no alternative text' });
  });
  return problems;
}
