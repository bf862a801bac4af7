import path from 'node:path';
import { packagesOf, pointsOf, type Test } from '../../parts/grading/exercise';
import { exerciseSets, type AnyExercise } from '../../parts/grading/exercise-sets';
import type { HiddenTests } from '../../parts/grading/hidden-tests';
import { codeCells, readNotebook } from '../notebook';
import { chapterModule } from '../course';
import { inRoot } from '../paths';

/** A test, and whether only the grader sees it. */
export interface GradedTest {
  readonly test: Test;
  readonly hidden: boolean;
}

/** An exercise with all its tests. */
export interface GradedExercise {
  readonly exercise: AnyExercise;
  readonly tests: readonly GradedTest[];
  readonly max: number;
}

/** The exercises of one notebook, as they are graded. */
export interface Assignment {
  /** The notebook's file name without `.ipynb`. */
  readonly name: string;
  readonly exercises: readonly GradedExercise[];
  readonly max: number;
  /** Code of our cells that only check, trimmed: they needn't be run when a submission is graded. */
  readonly checks: ReadonlySet<string>;
  /** Packages that runners load before the submission comes. */
  readonly preload: readonly string[];
}

/** Cells that check have ids that end so. */
export const CHECK_CELL = /-check$/;

const isHiddenModule = (value: unknown): value is { readonly hidden: readonly HiddenTests[] } =>
  typeof value === 'object' &&
  value !== null &&
  'hidden' in value &&
  Array.isArray(value.hidden) &&
  value.hidden.every(
    (item: unknown) => typeof item === 'object' && item !== null && 'exercise' in item && 'tests' in item,
  );

function hiddenOf(notebook: string): readonly HiddenTests[] {
  const loaded = chapterModule(notebook, 'hidden');
  if (!loaded) return [];
  if (!isHiddenModule(loaded))
    throw new Error(`${notebook}: expected its hidden tests to be exported as a list named hidden`);
  return loaded.hidden;
}

/** Where the notebook with the reference answers lies. */
export const referenceFile = (name: string): string => inRoot('notebooks', 'exercises', `${name}.ipynb`);

/** Names of all notebooks with exercises. */
export const assignmentNames = (): string[] => exerciseSets().map(({ notebook }) => notebook);

const known = new Map<string, Assignment>();

/**
 * The assignment of that name.
 *
 * @throws Error where there is none; the message names those that there are.
 */
export function assignment(name: string): Assignment {
  const made = known.get(name) ?? load(name);
  known.set(name, made);
  return made;
}

function load(name: string): Assignment {
  const set = exerciseSets().find(({ notebook }) => notebook === name);
  if (!set) throw new Error(`there is no assignment "${name}"; expected one of ${assignmentNames().join(', ')}`);
  const hidden = hiddenOf(name);
  const exercises = set.exercises.map((exercise): GradedExercise => {
    const tests = [
      ...exercise.tests.map((test) => ({ test, hidden: false })),
      ...hidden
        .filter((known) => known.exercise === exercise.name)
        .flatMap((known) => known.tests.map((test) => ({ test, hidden: true }))),
    ];
    return { exercise, tests, max: pointsOf(tests.map(({ test }) => test)) };
  });
  const cells = codeCells(readNotebook(referenceFile(name)));
  const imported = cells.flatMap(({ source }) =>
    [...source.matchAll(/ from '((?:@tensorflow|layerwise)\/[^']+)'/g)].map(([, module]) => module),
  );
  return {
    name,
    exercises,
    max: exercises.reduce((sum, { max }) => sum + max, 0),
    checks: new Set(cells.filter(({ id }) => CHECK_CELL.test(id)).map(({ source }) => source.trim())),
    preload: [
      ...new Set([...imported, ...exercises.flatMap(({ tests }) => tests.flatMap(({ test }) => packagesOf(test)))]),
    ]
      .filter((module) => module !== 'layerwise/grading')
      .sort(),
  };
}

/** Part of a path that names a notebook. */
export const notebookName = (file: string): string => path.basename(file, '.ipynb');
