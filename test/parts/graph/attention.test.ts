import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attention, attentionWithWeights, compile, type AttentionOptions } from '../../../src/parts/graph';
import { hasOwnOperations } from '../../../src/parts/graph/own-operations';
import { generator } from '../../../src/parts/random';
import { drawer } from '../../support/tensors';
import { expectClose } from './compare';

const random = generator(23);
const draw = drawer(random);
const draw3 = (...shape: [number, number, number]): tf.Tensor3D => draw(...shape).as3D(...shape);
const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

type Attend = (q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D) => tf.Tensor3D;
const as3D = (x: tf.Tensor): tf.Tensor3D => x.as3D(x.shape[0], x.shape[1] ?? 1, x.shape[2] ?? 1);

/** A function's result and the gradients of a fixed mix of its numbers, by each argument. */
function withGradients(attend: Attend, given: readonly tf.Tensor[]): number[][] {
  return tf.tidy(() => {
    const run = (...[q, k, v]: tf.Tensor[]): tf.Tensor => attend(as3D(q), as3D(k), as3D(v));
    const mixed = (...x: tf.Tensor[]): tf.Tensor => {
      const y = run(...x);
      return y.mul(tf.range(0, y.size).mul(0.7).sin().reshape(y.shape)).sum();
    };
    return [run(...given), ...tf.grads(mixed)([...given])].map(numbers);
  });
}

/** Attention as the definition has it, over the keys that may be seen: their exponentials, divided by the sum of them. */
function byDefinition(
  heads: number,
  visible: tf.Tensor,
): (...x: Parameters<Attend>) => {
  readonly output: tf.Tensor3D;
  readonly weights: tf.Tensor;
} {
  return (query, key, value) => {
    const [batch, queries, width] = query.shape;
    const split = (x: tf.Tensor): tf.Tensor => x.reshape([batch, -1, heads, width / heads]).transpose([0, 2, 1, 3]);
    const scores = tf.matMul(split(query), split(key), false, true).div(Math.sqrt(width / heads));
    const shares = scores.exp().mul(visible.toFloat().expandDims(1));
    const isBlind = visible.toFloat().expandDims(1).sum(-1, true).equal(0).toFloat();
    const weights = shares.div(shares.sum(-1, true).add(isBlind));
    const output = tf
      .matMul(weights, split(value))
      .transpose([0, 2, 1, 3])
      .reshape<tf.Tensor3D>([batch, queries, width]);
    return { output, weights };
  };
}

const sizes = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  queries: fc.integer({ min: 1, max: 40 }),
  keys: fc.integer({ min: 1, max: 40 }),
  heads: fc.integer({ min: 1, max: 3 }),
  depth: fc.integer({ min: 1, max: 9 }),
});
const form = fc.constantFrom('by key' as const, 'by query' as const, 'by query, for all rows' as const);
const type = fc.constantFrom('bool' as const, 'int32' as const, 'float32' as const);

/** A mask in one of its forms, with rows in which nothing may be seen. */
function drawMask(shape: readonly number[], dtype: 'bool' | 'int32' | 'float32'): tf.Tensor {
  const keys = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const values = Array.from({ length: rows }, () => {
    const seen = random.integer(4) / 3;
    return Array.from({ length: keys }, () => (random.uniform() < seen ? 1 : 0));
  });
  return tf.tensor(values.flat(), [...shape]).cast(dtype);
}

describe('attention with a mask', () => {
  it('values, weights and gradients by the definition, for all sizes and forms of mask', () => {
    fc.assert(
      fc.property(sizes, form, type, fc.boolean(), ({ batch, queries, keys, heads, depth }, how, dtype, causal) => {
        tf.engine().startScope();
        const shape = how === 'by key' ? [batch, keys] : [how === 'by query' ? batch : 1, queries, keys];
        const mask = drawMask(shape, dtype);
        const options: AttentionOptions = {
          heads,
          causal,
          mask: mask.rank === 2 ? mask.as2D(batch, keys) : as3D(mask),
        };
        const past = tf.linalg.bandPart(tf.ones([queries, keys]), -1, 0);
        const visible = (mask.rank === 2 ? mask.expandDims(1) : mask).toFloat().mul(causal ? past : tf.onesLike(past));
        const reference = byDefinition(heads, visible);
        const given = [
          draw3(batch, queries, heads * depth),
          draw3(batch, keys, heads * depth),
          draw3(batch, keys, heads * depth),
        ] as const;
        const expected = withGradients((...x) => reference(...x).output, given);
        const ways: readonly Attend[] = [
          (...x) => attention(...x, options),
          (...x) => attentionWithWeights(...x, options).output,
        ];
        ways.forEach((way, i) => {
          withGradients(way, given).forEach((made, j) => {
            expectClose(made, expected[j], 1e-5, `way ${i}, result ${j}`);
          });
        });
        const { weights } = attentionWithWeights(...given, options);
        expect(weights.shape).toEqual([batch, heads, queries, keys]);
        expectClose(numbers(weights), numbers(reference(...given).weights), 1e-5, 'weights');
        tf.engine().endScope();
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('what is hidden has no part in it, however large it is; a query that may see nothing gives zeros', () => {
    tf.tidy(() => {
      const x = draw3(2, 4, 4);
      const hidden = tf.tensor3d([0, 0, 1e4, 1e4], [1, 4, 1]);
      const mask = tf.tensor2d([1, 1, 0, 0, 0, 0, 0, 0], [2, 4], 'bool');
      const short = x.slice([0, 0, 0], [1, 2, 4]);
      for (const attend of [
        (key: tf.Tensor3D) => attention(x, key, key, { heads: 2, mask }),
        (key: tf.Tensor3D) => attentionWithWeights(x, key, key, { heads: 2, mask }).output,
      ]) {
        const made = attend(x.add<tf.Tensor3D>(hidden));
        const alone = attention(x.slice([0, 0, 0], [1, 4, 4]), short, short, { heads: 2 });
        expectClose(numbers(made.slice(0, 1)), numbers(alone), 1e-6, 'as without the hidden keys');
        expect(numbers(made.slice(1))).toEqual(Array.from({ length: 16 }, () => 0));
        const gradient = tf.grad((key: tf.Tensor) => attend(as3D(key)).square().sum())(x.clone());
        expect(numbers(gradient.slice([0, 2, 0], [1, 2, 4])).concat(numbers(gradient.slice(1)))).toEqual(
          Array.from({ length: 24 }, () => 0),
        );
      }
    });
  });

  it('a mask that is computed from the inputs counts as given', () => {
    tf.tidy(() => {
      const x = draw3(1, 4, 2).mul<tf.Tensor3D>(tf.tensor3d([1, 1, 0, 0], [1, 4, 1]));
      const known = tf.tensor2d([1, 1, 0, 0], [1, 4]);
      const loss = (y: tf.Tensor, mask: tf.Tensor): tf.Tensor =>
        attention(as3D(y), as3D(y), as3D(y), { mask: mask.as2D(1, 4) })
          .square()
          .sum();
      const found = tf.grad((y: tf.Tensor) => loss(y, y.abs().sum(-1)))(x);
      expect(numbers(found)).toEqual(numbers(tf.grad((y: tf.Tensor) => loss(y, known))(x)));
    });
  });

  it('in a graph: another mask at each call; one operation and its gradient, or small ones for the weights', () => {
    const [batch, length, width] = [3, 5, 4];
    const loss = (x: tf.Tensor, mask: tf.Tensor): tf.Tensor => {
      const given = as3D(x);
      const options = { heads: 2, mask: mask.as2D(batch, length) };
      return attention(given, given, given, options).square().sum();
    };
    const step = compile((x: tf.Tensor, mask: tf.Tensor) => [
      loss(x, mask),
      tf.grad((y: tf.Tensor) => loss(y, mask))(x),
    ]);
    const weigh = compile((x: tf.Tensor, mask: tf.Tensor) => {
      const { output, weights } = attentionWithWeights(as3D(x), as3D(x), as3D(x), { mask: mask.as2D(batch, length) });
      return [output, weights];
    });
    tf.tidy(() => {
      for (let call = 0; call < 4; call++) {
        const [x, mask] = [draw3(batch, length, width), drawMask([batch, length], 'bool')];
        const reference = byDefinition(2, mask.expandDims(1));
        const expected = withGradients((...y) => reference(...y).output, [x, x, x]);
        const [value, gradient] = step(x, mask);
        expectClose(numbers(value), [expected[0].reduce((sum, y) => sum + y * y, 0)], 1e-5, `value of call ${call}`);
        const eager = tf.grad((y: tf.Tensor) => reference(as3D(y), as3D(y), as3D(y)).output.square().sum())(x);
        expectClose(numbers(gradient), numbers(eager), 1e-5, `gradient of call ${call}`);
        const once = byDefinition(1, mask.expandDims(1))(x, x, x);
        weigh(x, mask).forEach((made, i) => {
          expectClose(numbers(made), numbers([once.output, once.weights][i]), 1e-5, `result ${i} of call ${call}`);
        });
      }
    });
    if (hasOwnOperations()) {
      expect(step.nodes.map(({ op }) => op)).toContain('LayerwiseAttentionGrad');
      expect(weigh.nodes.map(({ op }) => op)).not.toContain('LayerwiseAttention');
    }
    step.dispose();
    weigh.dispose();
  });

  it('refuses masks that don’t fit, in words', () => {
    tf.tidy(() => {
      const [query, key] = [tf.zeros<tf.Rank.R3>([2, 3, 4]), tf.zeros<tf.Rank.R3>([2, 5, 4])];
      const given = fc.oneof(
        fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })),
        fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })),
        fc.constantFrom<[number, number] | [number, number, number]>([2, 5], [2, 3, 5], [1, 3, 5]),
      );
      const fitting = ['2,5', '2,3,5', '1,3,5'];
      fc.assert(
        fc.property(given, (shape) => {
          const mask = shape.length === 2 ? tf.zeros<tf.Rank.R2>(shape) : tf.zeros<tf.Rank.R3>(shape);
          if (fitting.includes(shape.join())) expect(attention(query, key, key, { mask }).shape).toEqual([2, 3, 4]);
          else
            expect(() => attention(query, key, key, { mask })).toThrow(
              `attention: expected a mask [2, 5], by key, or [2 or 1, 3, 5], by query and key, got [${shape}]`,
            );
        }),
        { numRuns: 60, seed: 2 },
      );
      expect(() => attentionWithWeights(query, key, key, { mask: tf.zeros([3, 5]) })).toThrow(
        'attentionWithWeights: expected a mask [2, 5]',
      );
    });
  });
});

describe('attention with dropout', () => {
  const [batch, queries, keys, heads] = [2, 40, 50, 2];
  // With values that tell each key's place, the output is the used weights themselves.
  const places = (): tf.Tensor3D => tf.eye(keys).tile([1, heads]).expandDims(0).tile<tf.Tensor3D>([batch, 1, 1]);
  const zeros = (length: number): tf.Tensor3D => tf.zeros([batch, length, heads * keys]);

  it.each([0.25, 0.5])('at rate %d: so many weights are 0, the others are divided by what is left', (rate) => {
    tf.tidy(() => {
      const used = numbers(attention(zeros(queries), zeros(keys), places(), { heads, dropout: { rate } }));
      const kept = used.filter((weight) => weight !== 0);
      for (const weight of kept) expect(weight).toBeCloseTo(1 / keys / (1 - rate), 6);
      // Five standard deviations of a binomial's mean.
      const spread = 5 * Math.sqrt((rate * (1 - rate)) / used.length);
      expect(Math.abs(1 - kept.length / used.length - rate)).toBeLessThan(spread);
    });
  });

  it('the weights that are told are those before dropout; rate 0 is none', () => {
    tf.tidy(() => {
      const given = [draw3(batch, queries, 8), draw3(batch, keys, 8), draw3(batch, keys, 8)] as const;
      const plain = attentionWithWeights(...given, { heads });
      const dropped = attentionWithWeights(...given, { heads, dropout: { rate: 0.5 } });
      expect(numbers(dropped.weights)).toEqual(numbers(plain.weights));
      expect(numbers(dropped.output)).not.toEqual(numbers(plain.output));
      expect(numbers(attention(...given, { heads, dropout: { rate: 0 } }))).toEqual(
        numbers(attention(...given, { heads })),
      );
    });
  });

  it('eagerly and in a graph: another choice at each call, the same ones for the same seed', () => {
    const attend = (): tf.Tensor3D =>
      attention(zeros(queries), zeros(keys), places(), { heads, dropout: { rate: 0.5, seed: 41 } });
    const run = compile(attend);
    tf.tidy(() => {
      const [eager, graph] = [attend, run].map((each) => [0, 1, 2, 3].map(() => JSON.stringify(numbers(each()))));
      expect(new Set(eager).size).toBe(4);
      expect(graph).toEqual(eager);
    });
    run.dispose();
  });

  it('refuses rates that are none', () => {
    tf.tidy(() => {
      for (const rate of [1, -0.1, NaN])
        expect(() => attention(zeros(1), zeros(1), zeros(1), { dropout: { rate } })).toThrow(
          `dropout: expected a rate from 0 to below 1, got ${rate}`,
        );
    });
  });
});

interface Case {
  readonly mask: number[][] | number[][][];
  readonly q: number[][][];
  readonly k: number[][][];
  readonly v: number[][][];
  readonly output: number[][][];
  readonly gradients: number[][][][];
}
interface Golden {
  readonly heads: number;
  readonly byKey: Case;
  readonly byQuery: Case;
  readonly forAll: Case;
  readonly causalWithWeights: Case & { readonly weights: number[][][][] };
}

describe('against PyTorch (test/golden/attention.py)', () => {
  const golden: Golden = JSON.parse(readFileSync(new URL('../../golden/attention.json', import.meta.url), 'utf8'));
  const { heads } = golden;
  const maskOf = ({ mask }: Case): tf.Tensor2D | tf.Tensor3D => {
    const made = tf.tensor(mask);
    return made.rank === 2 ? made.as2D(made.shape[0], made.shape[1] ?? 1) : as3D(made);
  };

  it.each(['byKey', 'byQuery', 'forAll'] as const)('%s: output and gradients', (name) => {
    tf.tidy(() => {
      const { q, k, v, output, gradients } = golden[name];
      const given = [q, k, v].map((x) => tf.tensor3d(x));
      for (const attend of [
        (...x: Parameters<Attend>) => attention(...x, { heads, mask: maskOf(golden[name]) }),
        (...x: Parameters<Attend>) => attentionWithWeights(...x, { heads, mask: maskOf(golden[name]) }).output,
      ]) {
        const run = (...[a, b, c]: tf.Tensor[]): tf.Tensor3D => attend(as3D(a), as3D(b), as3D(c));
        expectClose(numbers(run(...given)), output.flat(2), 1e-5, 'output');
        tf.grads((...x: tf.Tensor[]) =>
          run(...x)
            .square()
            .sum(),
        )(given).forEach((gradient, i) => {
          expectClose(numbers(gradient), gradients[i].flat(2), 1e-5, `gradient ${i}`);
        });
      }
    });
  });

  it('causal, with a mask and weights: output, weights, and gradients through both', () => {
    tf.tidy(() => {
      const { q, k, v, output, weights, gradients } = golden.causalWithWeights;
      const given = [q, k, v].map((x) => tf.tensor3d(x));
      const run = (...[a, b, c]: tf.Tensor[]): ReturnType<typeof attentionWithWeights> =>
        attentionWithWeights(as3D(a), as3D(b), as3D(c), {
          heads,
          causal: true,
          mask: maskOf(golden.causalWithWeights),
        });
      const made = run(...given);
      expectClose(numbers(made.output), output.flat(2), 1e-5, 'output');
      expectClose(numbers(made.weights), weights.flat(3), 1e-5, 'weights');
      const loss = (...x: tf.Tensor[]): tf.Tensor => {
        const all = run(...x);
        return all.output.square().sum().add(all.weights.pow(3).sum());
      };
      tf.grads(loss)(given).forEach((gradient, i) => {
        expectClose(numbers(gradient), gradients[i].flat(2), 1e-5, `gradient ${i}`);
      });
    });
  });
});
