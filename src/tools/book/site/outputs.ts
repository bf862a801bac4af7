import type { CheerioAPI } from 'cheerio';
import sanitize from 'sanitize-html';
import { ALLOWED_ATTRIBUTES, ALLOWED_STYLE, ALLOWED_STYLES, ALLOWED_TAGS } from '../../live/allowed-html';

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
  allowedTags: ALLOWED_TAGS,
  allowedAttributes: Object.fromEntries(Object.entries(ALLOWED_ATTRIBUTES).map(([tag, names]) => [tag, [...names]])),
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['data'], audio: ['data'] },
  allowedSchemesAppliedToAttributes: ['href', 'src'],
  allowProtocolRelative: false,
  parser: { lowerCaseTags: true, lowerCaseAttributeNames: false },
  allowedStyles: { '*': Object.fromEntries(ALLOWED_STYLES.map((name) => [name, [ALLOWED_STYLE]])) },
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
