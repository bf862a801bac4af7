import { escapeHtml } from '../../display';
import type { ExerciseResult, Result, Status } from '../result';

const WORDS: Readonly<Record<Status | 'slow', string>> = { pass: 'passed', fail: 'not right', error: 'error', timeout: 'too slow', crashed: 'crashed', 'not-run': 'not run', slow: 'slow' };

const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}',
  'table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}',
  'th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid #8886}',
  'td:last-child,th:last-child{text-align:right;white-space:nowrap}',
  '.pass{color:#0a7d33}.other{color:#b3261e}',
  '@media(prefers-color-scheme:dark){.pass{color:#6fdd8b}.other{color:#ff8a80}}',
  'code{overflow-wrap:anywhere}',
  '.note{border-left:4px solid #b3261e;padding:.2rem .8rem}',
].join('');

/** The result as a page for the student. Everything in it that comes from a submission is escaped; it needs no network and runs no script. */
export function feedbackPage(result: Result): string {
  const title = `${result.assignment}: ${result.ungraded === undefined ? `${result.points} of ${result.max} points` : 'not graded yet'}`;
  return [
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escapeHtml(title)}</h1><p>Submission of ${escapeHtml(result.student)}.</p>`,
    ...(result.trusted ? [] : ['<p class="note">Graded without a sandbox: these points can\'t be trusted.</p>']),
    ...(result.problem === undefined ? [] : [`<p class="note">Nothing could be run: ${escapeHtml(result.problem)}.</p>`]),
    ...(result.ungraded === undefined ? [] : [`<p class="note">Grading failed, which is no fault of the submission: ${escapeHtml(result.ungraded)}. It is graded again.</p>`]),
    ...cells(result),
    ...(result.ungraded === undefined ? result.exercises : []).map((exercise) => `<h2><code>${escapeHtml(exercise.name)}</code>, ${escapeHtml(exercise.title)}: ${exercise.points} of ${exercise.max}</h2>\n${exerciseTable(exercise)}`),
    '</main></body></html>\n',
  ].join('\n');
}

function cells({ cells }: Result): string[] {
  if (cells.length === 0) return [];
  const rows = cells.map(({ cell, status, message }) => `<tr><td><code>${escapeHtml(cell)}</code></td><td>${escapeHtml(message)}</td><td>${WORDS[status]}</td></tr>`);
  return ['<h2>Cells that did not end well, or were slow</h2>', `<table><thead><tr><th scope="col">cell</th><th scope="col">what happened</th><th scope="col"></th></tr></thead><tbody>${rows.join('')}</tbody></table>`];
}

/** The tests of an exercise as a table, with everything escaped. */
export function exerciseTable({ tests }: ExerciseResult): string {
  const rows = tests.map((test) => {
    const mark = `<span class="${test.status === 'pass' ? 'pass' : 'other'}">${test.status === 'pass' ? '✓' : '✗'} ${WORDS[test.status]}</span>`;
    return `<tr><td>${mark}</td><td>It ${escapeHtml(test.name)}.${test.message === undefined ? '' : `<br><code>${escapeHtml(test.message)}</code>`}</td><td>${test.max === 0 ? '–' : `${test.points} of ${test.max}`}</td></tr>`;
  });
  return `<table><thead><tr><th scope="col">result</th><th scope="col">test</th><th scope="col">points</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}
