import type { ExerciseSet } from '../chapter';
import set00 from './00-start-here';
import set02 from './02-tensors';
import set03 from './03-gradient-descent';
import set04 from './04-logistic-regression';
import set05 from './05-neural-networks-from-scratch';
import set06 from './06-first-network';
import setA1 from './A1-graph-mode';

/** All exercises of the course, by notebook. */
export const exerciseSets: readonly ExerciseSet[] = [set00, set02, set03, set04, set05, set06, setA1];
