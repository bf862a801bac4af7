import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import {
  changedNumber,
  changedStep,
  noteNumber,
  notingNumbers,
  type Numbers,
} from '../../../src/parts/graph/changing-numbers';
import { GraphBuilder } from '../../../src/parts/graph/graph-builder';
import { nativeBackend } from '../../../src/parts/graph/native';
import { onDisposal } from '../../../src/parts/graph/native-door';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

const valuesOf = (noted: Numbers): number[] =>
  [...noted.values()].flatMap(({ values }) => values.map(({ value }) => value));
const countsOf = (noted: Numbers): number[] =>
  [...noted.values()].flatMap(({ values }) => values.map(({ count }) => count));

describe('the numbers of a call', () => {
  it('are noted by the calls that made tensors of them, with their line', () => {
    const noted: Numbers = new Map();
    for (const value of [1, 2]) noteNumber(noted, Float32Array.of(value), `const${value}`);
    noteNumber(noted, Int32Array.of(7, 8));
    expect(noted.size).toBe(2);
    const [first, second] = noted.values();
    expect(first.line).toMatch(/^at graph\/changing-numbers\.test\.ts:\d+$/);
    expect(first.values).toEqual([
      { count: 1, value: 1, name: 'const1' },
      { count: 1, value: 2, name: 'const2' },
    ]);
    expect(second.values).toMatchObject([{ count: 2, name: undefined }]);
  });

  it('are told apart by their order, and by each of them', () => {
    const noted: Numbers = new Map();
    const rows = [[1, 2], [2, 1], [1, 2, 0], [1, 3], [-1, 2], [1, 2]]; // prettier-ignore
    for (const row of rows) noteNumber(noted, Float32Array.from(row));
    const sums = valuesOf(noted);
    expect(new Set(sums).size).toBe(5);
    expect(sums[0]).toBe(sums[5]);
    expect(countsOf(noted)).toEqual([2, 2, 3, 2, 2, 2]);
  });

  it('are no texts, booleans, or nothing', () => {
    const noted: Numbers = new Map();
    for (const values of [Uint8Array.of(1), Float32Array.of(), Int32Array.of(), [1], 'text', undefined])
      noteNumber(noted, values);
    expect(noted.size).toBe(0);
  });

  it('are the first five hundred', () => {
    const noted: Numbers = new Map();
    for (let i = 0; i < 300; i++) noteNumber(noted, Float32Array.of(i));
    for (let i = 0; i < 300; i++) noteNumber(noted, Float32Array.of(i));
    expect(valuesOf(noted)).toEqual([...Array(300).keys(), ...Array(200).keys()]);
  });

  it('are seen where tensors are made, but not rows that layers make', () => {
    const noted: Numbers = new Map();
    const disposed: number[] = [];
    const stop = onDisposal((id) => disposed.push(id));
    const tripled = notingNumbers(noted, () =>
      tf.tidy(() => {
        const padded = tf.layers.zeroPadding2d({ padding: 1 }).apply(tf.ones([1, 1, 1, 1]));
        const [first] = [padded].flat();
        if (!(first instanceof tf.Tensor)) throw new TypeError('expected a tensor');
        return first.sum().mul(3);
      }),
    );
    stop();
    expect(tripled.dataSync()[0]).toBe(3);
    expect(disposed.length).toBeGreaterThan(0);
    expect(valuesOf(noted)).toContain(3);
    const ofLayer = [...noted].filter(([path]) => path.includes('tfjs-layers'));
    expect(new Set(ofLayer.flatMap(([, { values }]) => values.map(({ count }) => count)))).toEqual(new Set([1]));
    const length = valuesOf(noted).length;
    tf.dispose([tripled, tf.scalar(5)]);
    expect(valuesOf(noted).length).toBe(length);
  });

  it('has every factor of a layer', () => {
    const noted: Numbers = new Map();
    tf.tidy(() => {
      const x = tf.tensor1d([0.5, 2]);
      notingNumbers(noted, () => tf.layers.thresholdedReLU({ theta: 1.5 }).apply(x));
    });
    expect(valuesOf(noted)).toContain(1.5);
  });
});

describe('numbers that had changed', () => {
  const line = 'at a.ts:1';
  const numbers = (...values: { count: number; value: number }[]): Numbers =>
    new Map([['    at f (/a.ts:1:1)', { line, values }]]);

  it('are told with their line', () => {
    expect(changedNumber(numbers({ count: 1, value: 0.1 }), numbers({ count: 1, value: 1 / 3 }))).toBe(
      'the number 0.1 had become 0.333333 (at a.ts:1)',
    );
    expect(changedNumber(numbers({ count: 3, value: 5 }), numbers({ count: 3, value: 6 }))).toBe(
      '3 numbers had become others (at a.ts:1)',
    );
    const [same, other] = [
      { count: 1, value: 1 },
      { count: 1, value: 2 },
    ];
    expect(changedNumber(numbers(same, same), numbers(same, other))).toBe('the number 1 had become 2 (at a.ts:1)');
  });

  it('are none where they are the same, of another count, or as many others as a loop makes', () => {
    const one = { count: 1, value: 1 };
    expect(changedNumber(numbers(one), numbers(one))).toBeUndefined();
    expect(changedNumber(numbers({ count: 1, value: NaN }), numbers({ count: 1, value: NaN }))).toBeUndefined();
    expect(changedNumber(numbers({ count: 2, value: 1 }), numbers({ count: 3, value: 2 }))).toBeUndefined();
    expect(changedNumber(numbers(one), numbers({ count: 1, value: 2 }, one))).toBeUndefined();
    expect(changedNumber(new Map(), numbers(one))).toBeUndefined();
  });

  it('are none of a layer, whose settings are watched', () => {
    const ofLayer = (value: number): Numbers =>
      new Map([['    at call (/node_modules/tfjs-layers/a.js:1:1)', { line, values: [{ count: 1, value }] }]]);
    expect(changedNumber(ofLayer(1), ofLayer(2))).toBeUndefined();
  });
});

describe('steps that had changed', () => {
  const { binding } = nativeBackend();
  const written = (write: (builder: GraphBuilder) => void): GraphBuilder => {
    const builder = new GraphBuilder(binding);
    write(builder);
    return builder;
  };
  const floats = (...values: number[]): GraphBuilder =>
    written((builder) => builder.constant(binding.TF_FLOAT, values.length === 1 ? [] : [values.length], Float32Array.from(values))); // prettier-ignore
  const flags = (...values: number[]): GraphBuilder =>
    written((builder) => builder.constant(binding.TF_BOOL, [values.length], Uint8Array.from(values)));

  it('are told of a number, of several, and with the line of theirs', () => {
    expect(changedStep(floats(1), floats(1))).toBeUndefined();
    expect(changedStep(floats(1), floats(2))).toBe('the number 1 had become 2');
    expect(changedStep(floats(1, 2), floats(1, 3))).toBe('numbers that it makes a tensor of had become others');
    expect(changedStep(floats(1), floats(1, 3))).toBe('numbers that it makes a tensor of had become others');
    expect(changedStep(floats(1, 3), floats(1))).toBe('numbers that it makes a tensor of had become others');
    expect(changedStep(flags(1), flags(0))).toBe('numbers that it makes a tensor of had become others');
    expect(changedStep(floats(1), flags(0))).toBe('numbers that it makes a tensor of had become others');
    const numbers: Numbers = new Map([
      ['a', { line: 'at a.ts:1', values: [{ count: 1, value: 2, name: 'const9' }] }],
      ['b', { line: 'at b.ts:2', values: [{ count: 1, value: 2, name: 'const0' }] }],
    ]);
    expect(changedStep(floats(1), floats(2), undefined, numbers)).toBe('the number 1 had become 2 (at b.ts:2)');
  });

  it('may be allowed', () => {
    expect(changedStep(floats(1), floats(2), () => true)).toBeUndefined();
    expect(changedStep(floats(1), floats(1), () => false)).toBe('the number 1 had become 1');
  });

  it('are other nodes, one more, or one less', () => {
    const words = 'the function had come to compute in other steps';
    const negated = written((builder) => builder.operation('Neg', [], ['x'], []));
    const both = written((builder) => {
      builder.operation('Neg', [], ['x'], []);
      builder.operation('Abs', [], ['x'], []);
    });
    const other = written((builder) => builder.operation('Neg', [], ['y'], []));
    expect(changedStep(negated, negated)).toBeUndefined();
    for (const [before, now] of [[negated, both], [both, negated], [negated, other]]) expect(changedStep(before, now)).toBe(words); // prettier-ignore
  });
});
