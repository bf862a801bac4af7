import type { CheerioAPI } from 'cheerio';
import katex from 'katex';
import { escapeHtml } from '../../../parts/display';
import type { CellProblem } from './outputs';
import { textsIn } from './texts';

const FORMULA = /(\$\$[\s\S]+?\$\$|\$[^\s$](?:[^$]*[^\s$])?\$)/;

/**
 * Sets all formulas of a page as HTML and MathML, and numbers those on lines of their own. Answers with what can't be
 * set.
 */
export function setFormulas($: CheerioAPI, number: string): CellProblem[] {
  const problems: CellProblem[] = [];
  let equations = 0;
  const set = (formula: string, cell: string): string => {
    const isDisplay = formula.startsWith('$$');
    try {
      const html = katex.renderToString(formula.slice(isDisplay ? 2 : 1, isDisplay ? -2 : -1).trim(), {
        displayMode: isDisplay,
        output: 'htmlAndMathml',
        throwOnError: true,
        strict: false,
      });
      if (!isDisplay) return html;
      const label = `${number}.${++equations}`;
      const id = `equation-${label.replace('.', '-')}`;
      return `<span class="equation" id="${id}" data-label="${label}" tabindex="0">${html}<a class="equation-number" href="#${id}" aria-label="Equation ${label}">(${label})</a></span>`;
    } catch (error) {
      problems.push({
        cell,
        message: `the formula ${formula} can't be set: ${error instanceof Error ? error.message : String(error)}`,
      });
      return escapeHtml(formula);
    }
  };
  const texts = textsIn($, '.text-cell, .output.markdown', FORMULA, 'code, pre, script, style');
  texts.each((_, node) => {
    const cell = $(node).closest('.cell').attr('id') ?? '';
    const pieces = $(node).text().split(FORMULA);
    $(node).replaceWith(pieces.map((piece, i) => (i % 2 === 1 ? set(piece, cell) : escapeHtml(piece))).join(''));
  });
  return problems;
}
