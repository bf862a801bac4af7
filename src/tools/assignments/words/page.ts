import path from 'node:path';
import { escapeHtml } from '../../../parts/display';
import { writeWhole } from '../report/write-whole';
import { PAGE_END, pageHead } from '../report/style';
import type { Result, WordsResult } from '../result';
import { givenOut } from './tasks';

interface Answered {
  readonly result: Result;
  readonly word: WordsResult;
}

/** Writes `words.html`: all answers in words, by question. Everything of a submission in it is escaped. */
export function writeWordsPage(out: string, results: readonly Result[]): void {
  const groups = new Map<string, Answered[]>();
  for (const result of results) {
    for (const word of result.words ?? []) {
      const key = `${result.assignment}, ${word.question}`;
      groups.set(key, [...(groups.get(key) ?? []), { result, word }]);
    }
  }
  writeWhole(path.join(out, 'words.html'), wordsPage([...groups.values()]));
}

const anchor = (group: readonly Answered[]): string => `${group[0].result.assignment}-${group[0].word.question}`;
const open = (group: readonly Answered[]): number =>
  group.filter(({ word }) => !word.mark && word.found !== 'blank').length;

function wordsPage(groups: readonly (readonly Answered[])[]): string {
  const list = groups.map(
    (group) =>
      `<li><a href="#${escapeHtml(anchor(group))}">${escapeHtml(group[0].result.assignment)}</a>: ${group.length} ${group.length === 1 ? 'student' : 'students'}, ${open(group)} to mark</li>`,
  );
  return [
    pageHead('Answers in words'),
    '<h1>Answers in words</h1>',
    groups.length === 0
      ? '<p>No answer has been handed in.</p>'
      : '<p>Fill in the points in <code>words.csv</code>, beside this page, and take them in with <code>./layerwise grade --words words.csv</code>.</p>',
    `<ul>${list.join('')}</ul>`,
    ...groups.map(groupSection),
    PAGE_END,
  ].join('\n');
}

function groupSection(group: readonly Answered[]): string {
  const [{ result, word }] = group;
  const blank = group
    .filter(({ word: { found, mark } }) => found === 'blank' && !mark)
    .map(({ result: { student } }) => student);
  return [
    `<h2 id="${escapeHtml(anchor(group))}">${escapeHtml(result.assignment)}</h2>`,
    taskText(result.assignment, word.question),
    ...group.filter(({ word: { found, mark } }) => found !== 'blank' || mark).map(article),
    ...(blank.length > 0 ? [`<p>Nothing was written by: ${escapeHtml(blank.join(', '))}.</p>`] : []),
  ].join('\n');
}

const article = ({ result: { student, handedIn }, word }: Answered): string =>
  [
    `<article><h3>${escapeHtml(student)}</h3>`,
    word.why === undefined
      ? ''
      : `<p class="note">To be looked at by a person: ${escapeHtml(word.why)}.${handedIn ? ` The notebook: ${escapeHtml(handedIn.file)}` : ''}</p>`,
    answerText(word),
    `<p>${markText(word)}</p></article>`,
  ].join('\n');

/** The task that an answer is to, as plain text. */
export function taskText(assignment: string, question: string): string {
  const task = givenOut(assignment).tasks.find((one) => one.question === question)?.task ?? '';
  return `<div class="text">${escapeHtml(task.replace(/^#+ /, ''))}</div>`;
}

export const answerText = ({ answer }: WordsResult): string =>
  answer === '' ? '' : `<div class="text">${escapeHtml(answer)}</div>`;

/** What an answer got, and what was said to it. */
export function markText({ mark, max, found }: WordsResult): string {
  if (mark)
    return `<strong>${mark.points} of ${max}</strong>${mark.comment === undefined ? '' : `: ${escapeHtml(mark.comment)}`}`;
  return found === 'blank' ? `Nothing was written here: 0 of ${max}` : `Not marked yet, of ${max}`;
}
