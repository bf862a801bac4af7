// `prompt`: a worker can't wait for an answer. A cell ends at its first question that has none, and the page runs it
// again, from the start and with the answer.
import type { Question } from '../messages';
import { print } from './output';
import { define } from './scope';

let answers: readonly string[] = [];
let asked = 0;
let isRunning = false;
let open: Question | undefined;

/** A cell begins that has these answers. */
export function beginWith(given: readonly string[]): void {
  [answers, asked, isRunning, open] = [given, 0, true, undefined];
}

/** The cell has ended: returns the question that ended it. */
export function openQuestion(): Question | undefined {
  isRunning = false;
  return open;
}

function answerTo(text: unknown, hidden: unknown): string {
  if (!isRunning) throw new Error('prompt: the cell has ended; in a page a cell asks while it runs');
  const answer = open ? undefined : answers.at(asked);
  if (answer === undefined) {
    open ??= { text: String(text), isHidden: hidden === true };
    throw new Error('prompt: the cell waits for the answer');
  }
  asked++;
  print('stdout', `${String(text)} ${hidden === true ? '········' : answer}\n`);
  return answer;
}

/** Makes `prompt` ask in the page. */
export const connectPrompt = (): void => define(Symbol.for('layerwise.input'), answerTo);
