import type { Exercise } from './exercise';

/** What lists and loops need of an exercise: not the type of its function. */
export type AnyExercise = Omit<Exercise, 'make'>;

/** The exercises of one notebook, in its order. */
export interface ExerciseSet {
  /** The notebook's file name without `.ipynb`. */
  readonly notebook: string;
  readonly exercises: readonly AnyExercise[];
}
