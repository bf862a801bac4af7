import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attention, compile, layerNorm, softmaxCrossEntropy } from '../../../src/parts/graph';
import { hasOwnOperations, isForThisProcessor, processor } from '../../../src/parts/graph/own-operations';
import { generator } from '../../../src/parts/random';
import { drawer } from '../../support/tensors';
import { expectClose } from './compare';

const draw = drawer(generator(11));
const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

/** A function's result and the gradients of a fixed mix of its numbers, by each argument. */
function withGradients(fn: (...x: tf.Tensor[]) => tf.Tensor, given: tf.Tensor[]): number[][] {
  return tf.tidy(() => {
    const mixed = (...x: tf.Tensor[]): tf.Scalar => {
      const y = fn(...x);
      return y.mul(tf.range(0, y.size).mul(0.7).sin().reshape(y.shape)).sum();
    };
    return [fn(...given), ...tf.grads(mixed)(given)].map(values);
  });
}

function expectSameGradients(
  fn: (...x: tf.Tensor[]) => tf.Tensor,
  reference: (...x: tf.Tensor[]) => tf.Tensor,
  given: tf.Tensor[],
): void {
  const [actual, expected] = [withGradients(fn, given), withGradients(reference, given)];
  actual.forEach((numbers, i) => expectClose(numbers, expected[i], 1e-5, `value and gradients, ${i}`));
}

const composedAttention =
  (heads: number, causal: boolean) =>
  (query: tf.Tensor, key: tf.Tensor, value: tf.Tensor): tf.Tensor => {
    const [batch, queries, width] = query.shape;
    const keys = key.size / batch / width;
    const [q, k, v] = [query, key, value].map((x) =>
      x.reshape([batch, -1, heads, width / heads]).transpose([0, 2, 1, 3]),
    );
    const scores = tf.matMul(q, k, false, true).div(Math.sqrt(width / heads));
    const hidden = tf.linalg
      .bandPart(tf.ones([queries, keys]), -1, 0)
      .sub(1)
      .mul(causal ? 1e9 : 0);
    return tf
      .matMul(tf.softmax(scores.add(hidden)), v)
      .transpose([0, 2, 1, 3])
      .reshape([batch, queries, width]);
  };

describe('our own operations', () => {
  it('are compiled at set-up and loaded', () => {
    expect(hasOwnOperations()).toBe(true);
  });

  it('are for one processor: without its note, or with that of another one, they are left out', () => {
    const note = path.join(mkdtempSync(path.join(os.tmpdir(), 'layerwise-processor-')), 'processor');
    expect(isForThisProcessor(note)).toBe(false);
    writeFileSync(note, 'A processor of another machine');
    expect(isForThisProcessor(note)).toBe(false);
    // Of the same name, with one flag less.
    writeFileSync(note, processor().replace(/ \S+$/, ''));
    expect(isForThisProcessor(note)).toBe(process.platform !== 'linux');
    writeFileSync(note, processor());
    expect(isForThisProcessor(note)).toBe(true);
  });

  it('attention: values and gradients of any sizes, as composed from small operations', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 19 }),
        fc.boolean(),
        (batch, queries, keys, heads, depth, causal) => {
          const length = causal ? queries : keys;
          const given = [
            draw(batch, queries, heads * depth),
            draw(batch, length, heads * depth),
            draw(batch, length, heads * depth),
          ];
          const ours = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor =>
            attention(q.as3D(batch, queries, -1), k.as3D(batch, length, -1), v.as3D(batch, length, -1), {
              heads,
              causal,
            });
          expectSameGradients(
            (q, k, v) => tf.tidy(() => ours(q.reshape([batch, queries, heads * depth]), k, v)),
            composedAttention(heads, causal),
            given,
          );
          tf.dispose(given);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('layerNorm: values and gradients of any width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 2, max: 70 }), (rows, width) => {
        const given = [draw(rows, width), draw(width), draw(width)];
        const composed = (x: tf.Tensor, gain: tf.Tensor, shift: tf.Tensor): tf.Tensor => {
          const { mean, variance } = tf.moments(x, -1, true);
          return x.sub(mean).div(variance.add(1e-2).sqrt()).mul(gain).add(shift);
        };
        expectSameGradients((x, gain, shift) => layerNorm(x, gain.as1D(), shift.as1D(), 1e-2), composed, given);
        tf.dispose(given);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('softmaxCrossEntropy: hand-computed, and the gradient is softmax minus labels', () => {
    // ln(1 + e²) for logits (0, 2) and the first class; ln 2 for equal logits.
    const [labels, logits] = [
      tf.tensor2d([
        [1, 0],
        [0, 1],
      ]),
      tf.tensor2d([
        [0, 2],
        [3, 3],
      ]),
    ];
    const loss = softmaxCrossEntropy(labels, logits);
    expectClose(values(loss), [Math.log(1 + Math.exp(2)), Math.log(2)], 1e-6, 'loss');
    const [slope] = tf.grads((z: tf.Tensor) => softmaxCrossEntropy(labels, z.as2D(2, 2)).sum())([logits]);
    const share = 1 / (1 + Math.exp(2));
    expectClose(values(slope), [share - 1, 1 - share, 0.5, -0.5], 1e-6, 'gradient');
    expect(values(softmaxCrossEntropy(tf.tensor2d([[0, 1]]), tf.tensor2d([[1e4, -1e4]])))[0]).toBeCloseTo(2e4, 0);
    tf.dispose([labels, logits, loss, slope]);
  });

  it('give the same numbers each time, whichever thread adds up what', () => {
    const [x, gain, shift] = [draw(4000, 33), draw(33), draw(33)];
    const results = Array.from({ length: 20 }, () =>
      JSON.stringify(withGradients((a, b, c) => layerNorm(a, b.as1D(), c.as1D()), [x, gain, shift])),
    );
    expect(new Set(results).size).toBe(1);
    tf.dispose([x, gain, shift]);
  });

  it('pass on what is no number', () => {
    const x = tf.tensor2d([
      [1, NaN],
      [1, 3],
    ]);
    const y = layerNorm(x, tf.ones([2]), tf.zeros([2]));
    expect(values(y).map(Number.isNaN)).toEqual([true, true, false, false]);
    const q = tf.tensor3d([
      [
        [NaN, 1],
        [1, 2],
      ],
    ]);
    expect(values(attention(q, q, q)).every(Number.isNaN)).toBe(true);
    expect(
      values(
        attention(
          tf.tensor3d([[[1e4, 1e4]]]),
          tf.tensor3d([
            [
              [1e4, 1e4],
              [0, 0],
            ],
          ]),
          tf.tensor3d([
            [
              [1, 2],
              [3, 4],
            ],
          ]),
        ),
      ),
    ).toEqual([1, 2]);
    tf.dispose([x, y, q]);
  });

  it('refuse shapes that don’t fit, by name', () => {
    const x = tf.zeros<tf.Rank.R3>([2, 3, 4]);
    expect(() => attention(x, x, x, { heads: 3 })).toThrow(
      'attention: expected a number of heads that divides the width 4, got 3',
    );
    expect(() => attention(x, tf.zeros([2, 3, 5]), x)).toThrow(
      'attention: expected keys and values [2, keys, 4] for queries [2,3,4], got [2,3,5] and [2,3,4]',
    );
    expect(() => layerNorm(x, tf.ones([3]), tf.zeros([4]))).toThrow(
      'layerNorm: expected gain and shift of shape [4], as x [2,3,4] has it last, got [3] and [4]',
    );
    expect(() => softmaxCrossEntropy(tf.zeros([2, 3]), tf.zeros([3, 2]))).toThrow(
      'softmaxCrossEntropy: expected labels and logits of one shape [rows, classes], got [2,3] and [3,2]',
    );
    x.dispose();
  });

  it('leave no tensors behind', () => {
    const [q, gain] = [draw(2, 5, 4), draw(4)];
    const step = compile(
      (x: tf.Tensor) =>
        tf.grads((a: tf.Tensor) =>
          attention(layerNorm(a, gain.as1D(), gain.as1D()).as3D(2, 5, 4), a.as3D(2, 5, 4), a.as3D(2, 5, 4), {
            heads: 2,
            causal: true,
          }).sum(),
        )([x])[0],
    );
    tf.dispose([step(q), step(q)]);
    const before = tf.memory().numTensors;
    for (let call = 0; call < 50; call++) step(q).dispose();
    expect(tf.memory().numTensors).toBe(before);
    step.dispose();
    tf.dispose([q, gain]);
  });
});

interface Golden {
  readonly attention: {
    readonly heads: number;
    readonly q: number[][][];
    readonly k: number[][][];
    readonly v: number[][][];
    readonly mixed: number[][][];
    readonly dq: number[][][];
    readonly dk: number[][][];
    readonly dv: number[][][];
  };
  readonly layerNorm: {
    readonly x: number[][];
    readonly gain: number[];
    readonly shift: number[];
    readonly y: number[][];
    readonly dx: number[][];
    readonly dgain: number[];
    readonly dshift: number[];
  };
}

describe('against PyTorch (test/golden/graph.py)', () => {
  const golden: Golden = JSON.parse(readFileSync(new URL('../../golden/graph.json', import.meta.url), 'utf8'));

  it('attention, causal, two heads', () => {
    const { heads, q, k, v, mixed, dq, dk, dv } = golden.attention;
    const given = [q, k, v].map((x) => tf.tensor3d(x));
    const fn = (...x: tf.Tensor[]): tf.Tensor =>
      attention(x[0].as3D(2, 5, 6), x[1].as3D(2, 5, 6), x[2].as3D(2, 5, 6), { heads, causal: true });
    const gradients = tf.grads((...x: tf.Tensor[]) =>
      fn(...x)
        .square()
        .sum(),
    )(given);
    [fn(...given), ...gradients].forEach((tensor, i) =>
      expectClose(values(tensor), [mixed, dq, dk, dv][i].flat(2), 1e-5, `${i}`),
    );
    tf.dispose([...given, ...gradients]);
  });

  it('layerNorm', () => {
    const { x, gain, shift, y, dx, dgain, dshift } = golden.layerNorm;
    const given = [tf.tensor2d(x), tf.tensor1d(gain), tf.tensor1d(shift)];
    const fn = (...[a, g, s]: tf.Tensor[]): tf.Tensor => layerNorm(a, g.as1D(), s.as1D());
    const gradients = tf.grads((...a: tf.Tensor[]) =>
      fn(...a)
        .square()
        .sum(),
    )(given);
    [fn(...given), ...gradients].forEach((tensor, i) =>
      expectClose(values(tensor), [y.flat(), dx.flat(), dgain, dshift][i], 1e-5, `${i}`),
    );
    tf.dispose([...given, ...gradients]);
  });
});
