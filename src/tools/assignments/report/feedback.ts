import { escapeHtml } from '../../../parts/display';
import type { ExerciseResult, Result, Status } from '../result';
import { answerText, markText, taskText } from '../words/page';
import { PAGE_END, pageHead } from './style';
import { pointsWithWords } from './totals';

const WORDS: Readonly<Record<Status | 'slow', string>> = {
  pass: 'passed',
  fail: 'not right',
  error: 'error',
  timeout: 'too slow',
  crashed: 'crashed',
  'not-run': 'not run',
  slow: 'slow',
};

/**
 * The result as a page for the student. Everything in it that comes from a submission is escaped; it needs no network
 * and runs no script.
 */
export function feedbackPage(result: Result): string {
  const title = `${result.assignment}: ${result.ungraded === undefined ? `${result.points} of ${result.max} points` : 'not graded yet'}`;
  return [
    pageHead(escapeHtml(title)),
    `<h1>${escapeHtml(title)}</h1><p>Submission of ${escapeHtml(result.student)}.</p>`,
    ...(result.trusted ? [] : ['<p class="note">Graded without a sandbox: these points can\'t be trusted.</p>']),
    ...(result.handedIn?.copies === undefined
      ? []
      : [`<p>This notebook was ${escapeHtml(result.handedIn.copies)}.</p>`]),
    ...sum(result),
    ...(result.problem === undefined
      ? []
      : [`<p class="note">Nothing could be run: ${escapeHtml(result.problem)}.</p>`]),
    ...(result.ungraded === undefined
      ? []
      : [
          `<p class="note">Grading failed, which is no fault of the submission: ${escapeHtml(result.ungraded)}. It is graded again.</p>`,
        ]),
    ...cells(result),
    ...(result.ungraded === undefined ? result.exercises : []).map(
      (exercise) =>
        `<h2><code>${escapeHtml(exercise.name)}</code>, ${escapeHtml(exercise.title)}: ${exercise.points} of ${exercise.max}</h2>\n${exerciseTable(exercise)}`,
    ),
    ...words(result),
    PAGE_END,
  ].join('\n');
}

function sum(result: Result): string[] {
  if (!result.words || result.words.length === 0 || result.ungraded !== undefined) return [];
  const { points, max } = pointsWithWords(result);
  const isOpen = result.words.some(({ mark, found }) => !mark && found !== 'blank');
  return [`<p>With the answers in words: ${points} of ${max}${isOpen ? '; not all of them are marked yet' : ''}.</p>`];
}

function words({ words: answers = [], assignment }: Result): string[] {
  if (answers.length === 0) return [];
  return [
    '<h2>Answers in words</h2>',
    ...answers.map(
      (word) =>
        `${taskText(assignment, word.question)}\n${word.answer === '' ? '' : `<h3>Your answer</h3>${answerText(word)}`}<p>${markText(word)}</p>`,
    ),
  ];
}

function cells({ cells }: Result): string[] {
  if (cells.length === 0) return [];
  const rows = cells.map(
    ({ cell, status, message }) =>
      `<tr><td><code>${escapeHtml(cell)}</code></td><td>${escapeHtml(message)}</td><td>${WORDS[status]}</td></tr>`,
  );
  return [
    '<h2>Cells that did not end well, or were slow</h2>',
    `<table><thead><tr><th scope="col">cell</th><th scope="col">what happened</th><th scope="col"></th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  ];
}

/** The tests of an exercise as a table, with everything escaped. */
export function exerciseTable({ tests }: ExerciseResult): string {
  const rows = tests.map((test) => {
    const mark = `<span class="${test.status === 'pass' ? 'pass' : 'other'}">${test.status === 'pass' ? '✓' : '✗'} ${WORDS[test.status]}</span>`;
    return `<tr><td>${mark}</td><td>It ${escapeHtml(test.name)}.${test.message === undefined ? '' : `<br><code>${escapeHtml(test.message)}</code>`}</td><td>${test.max === 0 ? '–' : `${test.points} of ${test.max}`}</td></tr>`;
  });
  return `<table><thead><tr><th scope="col">result</th><th scope="col">test</th><th scope="col">points</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}
