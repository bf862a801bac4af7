import { exerciseSets } from '../../../parts/grading/exercise-sets';
import { readHandedIn } from './read-notebook';

const STILL_A_STUB = "throw new Error('not written yet')";

const holds = (source: string, exercise: string): boolean =>
  new RegExp(`\\bfunction\\s+${exercise}\\b|\\b${exercise}\\s*=(?!=)`).test(source);

/**
 * How many exercises of an assignment have an answer in a notebook, right or wrong; undefined where it is no notebook.
 */
export function countSolved(content: Buffer, assignment: string): number | undefined {
  const read = readHandedIn(content);
  const set = exerciseSets().find(({ notebook }) => notebook === assignment);
  if ('problem' in read || !set) return undefined;
  const code = read.cells.filter(({ type }) => type === 'code').map(({ source }) => source);
  return set.exercises.filter(({ name }) =>
    code.some((source) => holds(source, name) && !source.includes(STILL_A_STUB)),
  ).length;
}

/** The assignment whose exercises are in a notebook that has another name: at least half of them. */
export function assignmentInside(content: Buffer): string | undefined {
  const read = readHandedIn(content);
  if ('problem' in read) return undefined;
  const code = read.cells.filter(({ type }) => type === 'code').map(({ source }) => source);
  const shares = exerciseSets().map(({ notebook, exercises }) => ({
    notebook,
    share:
      exercises.filter(({ name }) => code.some((source) => holds(source, name) || source.includes(`check('${name}'`)))
        .length / exercises.length,
  }));
  const [best] = shares.sort((a, b) => b.share - a.share);
  return best.share >= 0.5 ? best.notebook : undefined;
}
