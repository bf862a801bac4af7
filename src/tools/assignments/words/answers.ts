import { WRITTEN_STUB } from '../release/student-notebook';
import type { WordsResult } from '../result';
import type { HandedInCell } from '../submissions/read-notebook';
import { givenOut, type GivenOut, type WrittenTask } from './tasks';

const MOST_CHARACTERS = 100_000;

/** Text compared without its white space, in one form of Unicode. */
const squeeze = (text: string): string => text.normalize('NFC').replaceAll(/\s+/g, '');

/**
 * The answers in words of a submission. The cell for an answer is known by its id or by nbgrader's, else by the text of
 * the task before it;
 * cells of the student's own below it belong to the answer. Where neither is left, all that the student wrote is given
 * to a person, with the reason.
 */
export function answersInWords(cells: readonly HandedInCell[], assignment: string): WordsResult[] {
  const given = givenOut(assignment);
  return given.tasks.map((task) => ({ question: task.question, max: task.max, ...findAnswer(cells, task, given) }));
}

type Answer = Pick<WordsResult, 'found' | 'why' | 'answer'>;

function findAnswer(cells: readonly HandedInCell[], task: WrittenTask, { cells: given }: GivenOut): Answer {
  const is = (cell: HandedInCell, id: string): boolean => cell.id === id || cell.gradeId === id;
  const isOwn = (cell: HandedInCell): boolean =>
    isText(cell) &&
    !given.some(
      ({ id, cell_type: type, source }) =>
        is(cell, id) || (type !== 'code' && squeeze(source) === squeeze(cell.source)),
    );
  const starts = cells.flatMap((cell, i) => (is(cell, task.question) || isTask(cell, task) ? [i] : []));
  const places = starts.flatMap((start) => {
    const end = cells.findIndex((cell, i) => i > start && !isOwn(cell));
    return Array.from({ length: (end < 0 ? cells.length : end) - start }, (_, i) => start + i);
  });
  const answer = textOf(
    [...new Set(places)]
      .sort((a, b) => a - b)
      .map((i) => (isTask(cells[i], task) ? afterTask(cells[i].source, task) : cells[i].source)),
  );
  if (answer !== '') return { found: 'answered', answer };
  const others = textOf(cells.filter(isOwn).map(({ source }) => source));
  if (others === '' || cells.some((cell) => is(cell, task.question))) return { found: 'blank', answer: '' };
  const why =
    starts.length > 0
      ? 'the cell for the answer is gone, and nothing stands below its task'
      : 'neither the cell for the answer nor its task is recognized: their ids and the text of the task are gone';
  return {
    found: 'unsure',
    why: `${why}; this is all that the notebook holds in words of the student's own`,
    answer: others,
  };
}

const isText = ({ type, source }: HandedInCell): boolean =>
  type !== 'code' || /^\s*(?:\/\/.*\s*|\/\*[^]*?\*\/\s*)+$/.test(source.slice(0, MOST_CHARACTERS));

/** A cell with the task's text: as it was given out, or with the answer written below it. */
const isTask = ({ type, source }: HandedInCell, { task }: WrittenTask): boolean =>
  type === 'markdown' && task !== '' && squeeze(source).startsWith(squeeze(task));

/** What stands in a task's cell after the task. */
function afterTask(source: string, { task }: WrittenTask): string {
  let left = squeeze(task).length;
  const text = source.normalize('NFC');
  let at = 0;
  while (left > 0 && at < text.length) if (!/\s/.test(text[at++])) left--;
  return text.slice(at);
}

const textOf = (texts: readonly string[]): string =>
  texts
    .map((text) => text.replace(WRITTEN_STUB, '').trim())
    .filter((text) => text !== '')
    .join('\n\n')
    .slice(0, MOST_CHARACTERS);
