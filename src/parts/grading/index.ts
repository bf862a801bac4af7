// Exercises: their definitions, how answers are compared, and the learner's own check.
export { check, NotYet, type CheckOptions } from './check';
export {
  between,
  exactly,
  inBands,
  near,
  nearTensor,
  satisfies,
  throws,
  type Comparer,
  type Tolerance,
} from './compare';
export {
  exercise,
  type Case,
  type Exercise,
  type ExerciseContent,
  type Test,
  type TestMaker,
  type Tools,
} from './exercise';
export { TensorData, type Outcome } from './values';
