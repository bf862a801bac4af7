import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { categorical, compile } from '../../../src/parts/graph';
import { statelessUniform } from '../../../src/parts/random';
import { streamOf } from '../../../src/parts/random/streams';

const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
const PROBABILITIES = [0.1, 0.6, 0.3];

describe('categorical', () => {
  it('draws as computed by hand: eagerly, when traced and as a graph', () => {
    const stream = streamOf({}, 5);
    const expected = (): number[] => {
      const uniform = statelessUniform(21, stream.next());
      return Array.from({ length: 7 }, (_, draw) => {
        const noisy = PROBABILITIES.map((p, k) => Math.log(p) - Math.log(-Math.log(uniform[3 * draw + k] + 2 ** -24)));
        return noisy.indexOf(Math.max(...noisy));
      });
    };
    const draw = compile((logits: tf.Tensor) => categorical(logits, 7, { seed: 5 }));
    tf.tidy(() => {
      const seen = [0, 1, 2, 3].map(() => {
        const drawn = draw(tf.log(PROBABILITIES));
        expect(drawn.dtype).toBe('int32');
        expect(numbers(drawn)).toEqual(expected());
        return drawn;
      });
      expect(new Set(seen.map((drawn) => numbers(drawn).join())).size).toBe(4);
    });
    draw.dispose();
  });

  it('draws each class as often as its probability says, row by row, and never what is impossible', () => {
    const count = 20_000;
    tf.tidy(() => {
      const rows = [PROBABILITIES, [0, 0.25, 0.75]];
      const drawn = categorical(tf.log(tf.tensor2d(rows)), count, { seed: 3 });
      expect(drawn.shape).toEqual([2, count]);
      drawn.unstack().forEach((row, r) => {
        const classes = numbers(row);
        const counts = [0, 1, 2].map((k) => classes.filter((drawn) => drawn === k).length);
        const expected = rows[r].map((p) => p * count);
        if (r === 1) expect(counts[0]).toBe(0);
        // Chi-square of two degrees of freedom: above 18.4 once in 10,000 times.
        const chiSquare = counts.reduce((sum, n, k) => sum + (n - expected[k]) ** 2 / Math.max(1, expected[k]), 0);
        expect(chiSquare).toBeLessThan(18.4);
      });
    });
  });

  it('draws once for each row without a count', () => {
    tf.tidy(() => {
      const certain = tf
        .oneHot(
          tf.tensor2d(
            [
              [2, 0],
              [1, 2],
              [0, 1],
            ],
            undefined,
            'int32',
          ),
          3,
        )
        .sub(1)
        .mul(1e9);
      const drawn = categorical(certain);
      expect(drawn.shape).toEqual([3, 2]);
      expect(numbers(drawn)).toEqual([2, 0, 1, 2, 0, 1]);
      expect(categorical(tf.zeros([4])).shape).toEqual([]);
    });
  });

  it('refuses logits without classes, and no draws', () => {
    tf.tidy(() => {
      expect(() => categorical(tf.scalar(1))).toThrow(
        'categorical: expected logits [..., classes] of at least 1 class, got []',
      );
      expect(() => categorical(tf.zeros([2]), 0)).toThrow(
        'categorical: expected a whole number of draws of at least 1, got 0',
      );
    });
  });
});
