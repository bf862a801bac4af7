import * as tf from '@tensorflow/tfjs-node';
import { gradientDepth } from '../tensorflow/private-members';
import { hasOwnOperations } from './own-operations';

/**
 * Whether a gradient is being recorded: what is computed now is differentiated later. In the backward part of a
 * gradient, whether another one around it is.
 */
export const isRecordingGradient = (): boolean => gradientDepth(tf.engine()) > 0;

/** Whether what is computed now may be differentiated twice: operations with gradients of our own can't be. */
export const isDifferentiatedTwice = (): boolean => gradientDepth(tf.engine()) > 1;

/** Whether to use our own operations here: other back ends don't know them. */
export const canFuse = (): boolean =>
  tf.getBackend() === 'tensorflow' && hasOwnOperations() && !isDifferentiatedTwice();
