import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compile, ctcLoss } from '../../../src/parts/graph';
import * as tape from '../../../src/parts/graph/tape';
import { generator } from '../../../src/parts/random';
import { expectClose } from './compare';

const random = generator(5);
const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
const whole = (values: readonly number[]): tf.Tensor1D => tf.tensor1d([...values], 'int32');

interface Case {
  readonly blank: number;
  readonly logits: number[][][];
  readonly labels: number[][];
  readonly labelLengths: number[];
  readonly inputLengths: number[];
}

/** Losses, and the gradient of their sum with the weights 1, 2, 3 …: eagerly, while tracing, and as a graph. */
function computed(given: Case): { readonly losses: number[]; readonly gradient: number[] }[] {
  return tf.tidy(() => {
    const { blank } = given;
    const labels = tf.tensor2d(given.labels, undefined, 'int32');
    const lengths = [whole(given.labelLengths), whole(given.inputLengths)];
    const step = compile((y: tf.Tensor, x: tf.Tensor, labelLengths: tf.Tensor, inputLengths: tf.Tensor) => {
      const losses = (z: tf.Tensor): tf.Tensor1D =>
        ctcLoss(y.as2D(y.shape[0], -1), z.as3D(x.shape[0], x.shape[1] ?? 0, -1), {
          blank,
          labelLengths: labelLengths.as1D(),
          inputLengths: inputLengths.as1D(),
        });
      const weights = tf.range(1, given.labels.length + 1);
      return { losses: losses(x), gradient: tf.grad((z: tf.Tensor) => losses(z).mul(weights).sum())(x) };
    });
    const runs = [0, 1, 2, 3].map(() => {
      const { losses, gradient } = step(labels, tf.tensor3d(given.logits), lengths[0], lengths[1]);
      return { losses: numbers(losses), gradient: numbers(gradient) };
    });
    step.dispose();
    return runs;
  });
}

afterEach(() => vi.restoreAllMocks());

describe.each(['our own operation', 'TensorFlow.js’s operations'])('ctcLoss by %s', (by) => {
  const isOwn = by === 'our own operation';
  const choose = (): void => {
    if (!isOwn) vi.spyOn(tape, 'canFuse').mockReturnValue(false);
  };

  it('hand-computed: three of four ways of two steps read as one label; 1, blank, 1 is the only way to 1, 1', () => {
    choose();
    const equal = {
      logits: [
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      ],
      blank: 0,
      inputLengths: [2],
      labelLengths: [1],
      labels: [[1, 1]],
    };
    for (const { losses, gradient } of computed(equal)) {
      expectClose(losses, [Math.log(4 / 3)], 1e-6, 'one label');
      // Of the three ways two have the label at each step: softmax 1/2 less 2/3.
      expectClose(gradient, [1 / 6, -1 / 6, 1 / 6, -1 / 6, 0, 0], 1e-6, 'gradient');
    }
    for (const { losses } of computed({ ...equal, labelLengths: [2], inputLengths: [3] }))
      expectClose(losses, [Math.log(8)], 1e-6, 'two equal labels');
  });

  it('agrees with PyTorch: any blank, rows of other lengths, and ways that don’t exist (test/golden/ctc.py)', () => {
    choose();
    const golden: (Case & { losses: number[]; gradient: number[][][] })[] = JSON.parse(
      readFileSync(new URL('../../golden/ctc.json', import.meta.url), 'utf8'),
    );
    expect(golden.length).toBe(3);
    for (const given of golden)
      for (const { losses, gradient } of computed(given)) {
        expectClose(losses, given.losses, 1e-6, 'losses');
        expectClose(gradient, given.gradient.flat(2), 2e-6, 'gradient');
      }
  });

  it('is the same whatever pads the rows', () => {
    choose();
    const padding = fc.record({ label: fc.integer({ min: -3, max: 9 }), logit: fc.constantFrom(-1e4, 0, 77, 1e4) });
    const lengths = fc.record({ labels: fc.integer({ min: 0, max: 3 }), steps: fc.integer({ min: 0, max: 6 }) });
    fc.assert(
      fc.property(padding, lengths, fc.integer({ min: 1, max: 3 }), ({ label, logit }, { labels, steps }, more) => {
        const y = Array.from({ length: labels }, () => 1 + random.integer(3));
        const x = Array.from({ length: steps }, () => Array.from({ length: 4 }, () => random.normal()));
        const row = (most: number, time: number): Case => ({
          blank: 0,
          labels: [[...y, ...Array.from({ length: most - labels }, () => label)]],
          logits: [[...x, ...Array.from({ length: time - steps }, () => [logit, 0, 0, -logit])]],
          labelLengths: [labels],
          inputLengths: [steps],
        });
        const [{ losses, gradient }] = computed(row(3, 6));
        const [padded] = computed(row(3 + more, 6 + more));
        expectClose(padded.losses, losses, 1e-6, 'loss');
        expectClose(padded.gradient, [...gradient, ...Array<number>(4 * more).fill(0)], 1e-6, 'gradient');
      }),
      { numRuns: isOwn ? 12 : 4, seed: 1 },
    );
  });

  it('has the gradient that differences give', () => {
    choose();
    tf.tidy(() => {
      const labels = tf.tensor2d([[2, 2, 1]], [1, 3], 'int32');
      const logits = tf.tensor3d(
        Array.from({ length: 18 }, () => random.normal()),
        [1, 6, 3],
      );
      const loss = (x: tf.Tensor): tf.Scalar => ctcLoss(labels, x.as3D(1, 6, 3)).sum();
      const slope = numbers(tf.grad(loss)(logits));
      const step = 0.03125;
      slope.forEach((value, i) => {
        const aside = tf.oneHot(tf.scalar(i, 'int32'), 18).toFloat().mul(step).reshape([1, 6, 3]);
        const [up, down] = [loss(logits.add(aside)), loss(logits.sub(aside))].map((x) => numbers(x)[0]);
        expect(Math.abs((up - down) / (2 * step) - value)).toBeLessThan(1e-3);
      });
    });
  });

  it('passes on what is no number, and holds with logits that are far apart', () => {
    choose();
    tf.tidy(() => {
      const labels = tf.tensor2d([[1], [1], [1]], [3, 1], 'int32');
      const logits = tf.tensor3d([
        [
          [0, NaN],
          [0, 0],
        ],
        [
          [1000, -1000],
          [1000, -1000],
        ],
        [
          [0, -Infinity],
          [0, -Infinity],
        ],
      ]);
      const losses = numbers(ctcLoss(labels, logits));
      expect(losses[0]).toBeNaN();
      // The label at the first step or at the second: two ways of e^−2000 each.
      expectClose(losses.slice(1), [2000 - Math.log(2), 0], 1e-6, 'losses');
    });
  });

  it('tells labels and lengths out of range', () => {
    choose();
    const fitting: Case = { blank: 2, labels: [[1]], logits: [[[0, 0, 0]]], labelLengths: [1], inputLengths: [1] };
    const wrong: [Partial<Case>, string][] = [
      [
        { labels: [[3]] },
        'expected labels to be class numbers from 0 to 2 other than the blank, 2, got 3.000000 in row 0',
      ],
      [{ labels: [[2]] }, 'got 2.000000 in row 0'],
      [{ labels: [[-1]] }, 'got -1.000000 in row 0'],
      [{ labelLengths: [2] }, 'expected labelLengths from 0 to 1, got 2.000000 in row 0'],
      [{ inputLengths: [-1] }, 'expected inputLengths from 0 to 1, got -1.000000 in row 0'],
    ];
    for (const [change, message] of wrong)
      if (isOwn) expect(() => computed({ ...fitting, ...change })).toThrow(message);
      else expect(computed({ ...fitting, ...change }).flatMap(({ losses }) => losses)).toEqual([NaN, NaN, NaN, NaN]);
  });
});

describe('ctcLoss', () => {
  it('refuses to be differentiated twice', () => {
    tf.tidy(() => {
      const logits = tf.zeros([1, 4, 3]);
      const slope = tf.grad((x: tf.Tensor) => ctcLoss(tf.tensor2d([[1, 2]]), x.as3D(1, 4, 3)).sum());
      expect(() => tf.grad((x: tf.Tensor) => slope(x).square().sum())(logits)).toThrow(
        /^ctcLoss has no second derivative: .* \(at graph\/ctc\.test\.ts:\d+\)$/,
      );
    });
  });

  it('refuses shapes that don’t fit, by name', () => {
    tf.tidy(() => {
      const [labels, logits] = [tf.zeros<tf.Rank.R2>([2, 3], 'int32'), tf.zeros<tf.Rank.R3>([2, 5, 4])];
      expect(() => ctcLoss(tf.zeros([3, 3], 'int32'), logits)).toThrow(
        'ctcLoss: expected labels [batch, most] and logits [batch, time, classes], got [3,3] and [2,5,4]',
      );
      expect(() => ctcLoss(labels, logits, { blank: 4 })).toThrow(
        'ctcLoss: expected blank to be a class from 0 to 3, got 4',
      );
      expect(() => ctcLoss(labels, logits, { inputLengths: tf.ones([3]) })).toThrow(
        'ctcLoss: expected inputLengths of shape [2], got [3]',
      );
    });
  });

  it('is computed by other back ends too', async () => {
    const labels = [[1, 1]];
    const loss = (): number => tf.tidy(() => numbers(ctcLoss(tf.tensor2d(labels), tf.zeros([1, 3, 2])))[0]);
    // Its note on speed is not for us.
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
    try {
      expect(loss()).toBeCloseTo(Math.log(8), 5);
    } finally {
      await tf.setBackend('tensorflow');
      tf.env().set('PROD', false);
    }
  });
});
