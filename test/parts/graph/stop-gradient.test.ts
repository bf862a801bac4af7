import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile, stopGradient } from '../../../src/parts/graph';

const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

describe('stopGradient', () => {
  it('takes values for constants, eagerly and in graphs', () => {
    // The derivative of x · stop(x²) is x² alone.
    const slope = tf.grad((x: tf.Tensor) => x.mul(stopGradient(x.square())));
    const graph = compile((x: tf.Tensor) => slope(x));
    tf.tidy(() => {
      for (const x of [3, -2, 5, 4]) {
        expect(numbers(slope(tf.scalar(x)))).toEqual([x * x]);
        expect(numbers(graph(tf.scalar(x)))).toEqual([x * x]);
      }
    });
    expect(graph.traces).toBe(1);
    graph.dispose();
  });

  it('lets gradients past what has none', () => {
    const straight = (x: tf.Tensor): tf.Tensor => {
      const chosen = tf.oneHot(x.argMax(), 3).toFloat();
      return x.add(stopGradient(chosen.sub(x))).mul([1, 2, 3]);
    };
    tf.tidy(() => {
      const x = tf.tensor1d([0, 9, 4]);
      expect(numbers(straight(x))).toEqual([0, 2, 0]);
      expect(numbers(tf.grad(straight)(x))).toEqual([1, 2, 3]);
    });
  });

  it('holds a variable’s value as it was, in memory of its own account', () => {
    const before = tf.memory().numTensors;
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const held = stopGradient(w);
    expect(held).not.toBeInstanceOf(tf.Variable);
    tf.tidy(() => w.assign(tf.tensor1d([3, 4])));
    expect(numbers(held)).toEqual([1, 2]);
    w.dispose();
    expect(numbers(held)).toEqual([1, 2]);
    held.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves a weight that only it leads to where it is', () => {
    const [moved, held] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))]);
    const optimizer = tf.train.sgd(0.5);
    const step = compile(() => optimizer.minimize(() => moved.mul(stopGradient(held)).asScalar(), true));
    for (let call = 0; call < 4; call++) step()?.dispose();
    expect([moved, held].flatMap(numbers)).toEqual([-1, 1]);
    step.dispose();
    optimizer.dispose();
    tf.dispose([moved, held]);
  });
});
