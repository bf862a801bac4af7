import { content } from '../content';
import type { Exercise } from './exercise';

/** What lists and loops need of an exercise: not the type of its function. */
export type AnyExercise = Omit<Exercise, 'make'>;

/** The exercises of one notebook, in its order. */
export interface ExerciseSet {
  /** The notebook's file name without `.ipynb`. */
  readonly notebook: string;
  readonly exercises: readonly AnyExercise[];
}

const hasExercises = (value: unknown): value is { readonly exercises: readonly AnyExercise[] } =>
  typeof value === 'object' &&
  value !== null &&
  'exercises' in value &&
  Array.isArray(value.exercises) &&
  value.exercises.every(
    (item: unknown) => typeof item === 'object' && item !== null && 'name' in item && 'tests' in item,
  );

let known: readonly ExerciseSet[] | undefined;

/** All exercises of the course, by notebook. */
export function exerciseSets(): readonly ExerciseSet[] {
  known ??= content().chapters.flatMap((notebook) => {
    const read = content().read(notebook, 'exercises');
    if (read === undefined) return [];
    if (!hasExercises(read))
      throw new Error(`chapter ${notebook}: expected its exercises to be exported as a list named exercises`);
    return [{ notebook, exercises: read.exercises }];
  });
  return known;
}
