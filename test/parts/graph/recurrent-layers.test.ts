// Which recurrent layers are one operation, with which inputs, and that they give what TensorFlow.js's own layers give.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasOwnOperations } from '../../../src/parts/graph/own-operations';
import { RECURRENT_LAYERS } from '../../../src/parts/graph/recurrent-layers';
import { recurrentLayer } from '../../../src/parts/tensorflow/private-members';
import { expectNoTensorsLeft } from '../../support/tensors';
import { expectClose } from './compare';

expectNoTensorsLeft();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

type Options = Parameters<typeof tf.layers.lstm>[0];
const kinds = { LSTM: tf.layers.lstm, GRU: tf.layers.gru };
type Kind = keyof typeof kinds;
const ones = (...shape: number[]): tf.Tensor => tf.ones(shape);
const input = (...shape: number[]): tf.Tensor => tf.range(0, tf.util.sizeFromShape(shape)).cos().reshape(shape);
const numbers = (made: tf.Tensor | tf.Tensor[]): number[] =>
  [made].flat().flatMap((tensor) => [...tensor.shape, ...Array.from(tensor.dataSync())]);

function built(kind: Kind, options: Partial<Options> = {}): tf.layers.Layer {
  const layer = kinds[kind]({ units: 2, kernelInitializer: 'ones', recurrentInitializer: 'glorotUniform', ...options });
  layer.apply(ones(2, 3, 1));
  return layer;
}

/** What our operation gives for a layer; undefined: it doesn't fit. */
const fused = (
  layer: tf.layers.Layer,
  kind: Kind,
  x: tf.Tensor,
  options: Record<string, unknown> = {},
): tf.Tensor | tf.Tensor[] | undefined => RECURRENT_LAYERS[kind](layer, x, options);

const KINDS: [Kind][] = [['LSTM'], ['GRU']];

describe.runIf(hasOwnOperations()).each(KINDS)('%s as one operation', (kind) => {
  it.each<[Partial<Options>]>([
    [{}],
    [{ returnSequences: true }],
    [{ returnState: true }],
    [{ goBackwards: true, returnSequences: true }],
    [{ useBias: false }],
    [{ recurrentActivation: 'sigmoid' }],
  ])('gives what the layer gives: %j', (options) => {
    const layer = built(kind, options);
    const x = input(2, 3, 1);
    const made = fused(layer, kind, x);
    if (!made) throw new Error('expected tensors');
    const expected = layer.call(x, {});
    expect(Array.isArray(made)).toBe(Array.isArray(expected));
    expectClose(numbers(made), numbers(expected), 1e-5, 'values');
    layer.dispose();
  });

  it('takes masks of both forms, none, and states that are given', () => {
    const layer = built(kind);
    const x = input(2, 3, 1);
    const states = [input(2, 2), ones(2, 2)].slice(0, kind === 'LSTM' ? 2 : 1);
    const given = (options: Record<string, unknown>): number[] => {
      const made = fused(layer, kind, x, options);
      if (!made) throw new Error('expected tensors');
      return numbers(made);
    };
    const [plain, mask] = [given({}), tf.tensor2d([[2, 0, 1], [1, 1, 0]])]; // prettier-ignore
    expect(given({ mask: null })).toEqual(plain);
    expect(given({ mask: ones(2, 3) })).toEqual(plain);
    expect(given({ mask })).not.toEqual(plain);
    expect(given({ mask: mask.expandDims(2) })).toEqual(given({ mask }));
    expect(given({ initialState: states })).not.toEqual(plain);
    const expected = layer.call(x, { initialState: states });
    expectClose(given({ initialState: states }), numbers(expected), 1e-5, 'values');
    // What is no tensor is left out.
    expect(given({ initialState: [...states, null] })).toEqual(given({ initialState: states }));
    layer.dispose();
  });

  it.each<[string, () => [tf.Tensor, Record<string, unknown>]]>([
    ['inputs of another rank', () => [input(2, 3), {}]],
    ['whole numbers', () => [input(2, 3, 1).toInt(), {}]],
    ['a mask that is no tensor', () => [input(2, 3, 1), { mask: '2,3' }]],
    ['a mask of another shape', () => [input(2, 3, 1), { mask: ones(3, 2) }]],
    ['a mask of one number', () => [input(2, 3, 1), { mask: tf.scalar(1) }]],
    ['a mask of a row', () => [input(2, 3, 1), { mask: ones(3) }]],
    ['states of one row', () => [input(2, 3, 1), { initialState: [ones(1, 2), ones(1, 2)] }]],
    ['one state of one row', () => [input(2, 3, 1), { initialState: [ones(2, 2), ones(1, 2)] }]],
    ['states of whole numbers', () => [input(2, 3, 1), { initialState: [ones(2, 2).toInt(), ones(2, 2)] }]],
  ])('is none for %s', (_, make) => {
    const layer = built(kind);
    expect(fused(layer, kind, ...make())).toBeUndefined();
    layer.dispose();
  });

  it.each<[Partial<Options>]>([
    [{ activation: 'relu' }],
    [{ recurrentActivation: 'relu' }],
    [{ activation: 'relu', recurrentActivation: 'relu' }],
  ])('is none for a layer with %j', (options) => {
    const layer = built(kind, options);
    expect(fused(layer, kind, input(2, 3, 1))).toBeUndefined();
    layer.dispose();
  });

  it.each([['dropout'], ['recurrentDropout']])('is none for a layer with %s', (rate) => {
    const layer = built(kind);
    Reflect.set(recurrentLayer.of(layer).cell, rate, 0.5);
    expect(fused(layer, kind, input(2, 3, 1))).toBeUndefined();
    layer.dispose();
  });

  it('is none where it is differentiated twice', () => {
    const layer = built(kind);
    const x = input(2, 3, 1);
    const made: unknown[] = [];
    tf.grad((y: tf.Tensor) => tf.grad((z: tf.Tensor) => {
      made.push(fused(layer, kind, z));
      return z.square();
    })(y))(x); // prettier-ignore
    expect(made).toEqual([undefined]);
    layer.dispose();
  });
});
