import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, expect } from 'vitest';
import type { RandomGenerator } from '../../src/parts/random';

/**
 * Fails each test of a file that leaves tensors behind; variables are freed for it. Answers how a test counts anew, after
 * something that TensorFlow.js itself leaves behind.
 */
export function expectNoTensorsLeft(): () => void {
  let alive = 0;
  const count = (): void => {
    alive = tf.memory().numTensors;
  };
  beforeEach(count);
  afterEach(() => {
    tf.disposeVariables();
    expect(tf.memory().numTensors).toBe(alive);
  });
  return count;
}

/** Draws tensors of any shape from the standard normal distribution. */
export const drawer =
  (random: RandomGenerator) =>
  (...shape: number[]): tf.Tensor =>
    tf.tensor(
      Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
      shape,
    );
