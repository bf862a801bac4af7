import type { Cheerio, CheerioAPI } from 'cheerio';

/**
 * The pieces of plain text in what a selector finds, where a pattern fits and no code, formula or other `outside` is
 * around.
 */
export function textsIn(
  $: CheerioAPI,
  selector: string,
  pattern: RegExp,
  outside: string,
): Cheerio<ReturnType<ReturnType<CheerioAPI>['contents']>[number]> {
  const fits = new RegExp(pattern.source);
  return $(selector)
    .find('*')
    .addBack()
    .contents()
    .filter(
      (_, node) => String(node.type) === 'text' && fits.test($(node).text()) && $(node).closest(outside).length === 0,
    );
}
