import type { ExerciseSet } from '../chapter';
import set00 from '../../../course/00-start-here/exercises';
import set02 from '../../../course/02-tensors/exercises';
import set03 from '../../../course/03-gradient-descent/exercises';
import set04 from '../../../course/04-logistic-regression/exercises';
import set05 from '../../../course/05-neural-networks-from-scratch/exercises';
import set06 from '../../../course/06-first-network/exercises';
import setA1 from '../../../course/A1-graph-mode/exercises';

/** All exercises of the course, by notebook. */
export const exerciseSets: readonly ExerciseSet[] = [set00, set02, set03, set04, set05, set06, setA1];
