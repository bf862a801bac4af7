// How constants that grow with an open length are written, and that the graph gives what is computed at any length.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrowingInputs } from '../../../src/parts/graph/growing-inputs';
import { nativeOp } from '../../../src/parts/graph/native';
import { tensorsOf } from '../../../src/parts/graph/structure';
import { TraceError } from '../../../src/parts/graph/trace-error';
import { openLength } from '../../../src/parts/graph/open-length';
import { expectNoTensorsLeft } from '../../support/tensors';
import { call, callWith, opened, type Way } from './recorded-calls';

expectNoTensorsLeft();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const lengthOf = (x: tf.Tensor): number => x.shape[0];
const form = (tensor: tf.Tensor): unknown[] => [tensor.dtype, tensor.shape, Array.from(tensor.dataSync())];

/** The operations of one graph for any length; at seven rows it gives what the function gives. */
function operationsOf(way: Way, make: (rows: number) => tf.Tensor = (rows) => tf.range(1, rows + 1)): string[] {
  const trace = opened(new GrowingInputs(), [2, 3, 4].map((rows) => callWith(way, make(rows)))); // prettier-ignore
  const x = make(7);
  const expected = tensorsOf(way(x) ?? []).map(form);
  expect(trace.try([x]).map(form)).toEqual(expected);
  trace.dispose();
  return trace.nodes.map(({ op }) => op);
}

const GROWN = ['Mul', 'AddV2'];

describe('a number of the open length', () => {
  it('of a reshape’s shape is left to the reshape', () => {
    const ops = operationsOf((x) => x.reshape([1, lengthOf(x), 1]));
    expect(ops.filter((op) => GROWN.includes(op))).toEqual([]);
    expect(ops.filter((op) => op === 'Reshape')).toHaveLength(1);
  });

  it('is computed where two lengths of a shape are open', () => {
    const ops = operationsOf(
      (x) => x.reshape([lengthOf(x), 1, lengthOf(x)]),
      (rows) => tf.range(0, rows * rows).reshape([rows, rows]),
    );
    expect(ops).toContain('AddV2');
  });

  it('is computed where something else uses the shape, or reshapes it', () => {
    const shapeOf = (x: tf.Tensor): tf.Tensor => tf.tensor1d([lengthOf(x), 1], 'int32');
    const reshape = (x: tf.Tensor, shape: tf.Tensor): tf.Tensor =>
      nativeOp('Reshape', [x, shape], { T: { dtype: x.dtype }, Tshape: { dtype: 'int32' } })[0];
    const both: Way = (x) => {
      const shape = shapeOf(x);
      return [reshape(x, shape), nativeOp('Neg', [shape], { T: { dtype: 'int32' } })[0]];
    };
    expect(operationsOf(both)).toContain('AddV2');
    const itself: Way = (x) => {
      const shape = shapeOf(x);
      return [reshape(x, shape), reshape(shape, tf.tensor1d([2, 1], 'int32'))];
    };
    expect(operationsOf(itself)).toContain('AddV2');
  });

  it('is computed as a float, or stays whole', () => {
    expect(operationsOf((x) => x.add(3 * lengthOf(x)))).toContain('Cast');
    const whole = operationsOf(
      (x) => x.add(tf.scalar(3 * lengthOf(x) - 1, 'int32')),
      (rows) => tf.range(1, rows + 1, 1, 'int32'),
    );
    expect(whole).toContain('StridedSlice');
    expect(whole).not.toContain('Cast');
  });

  it('counts, up or down, in whole numbers and in floats', () => {
    const up = operationsOf(
      (x) => x.add(tf.tensor1d(Array.from({ length: lengthOf(x) }, (_, i) => 5 + 2 * i), 'int32')), // prettier-ignore
      (rows) => tf.range(1, rows + 1, 1, 'int32'),
    );
    expect(up).toContain('Range');
    expect(up).not.toContain('Cast');
    const down = operationsOf((x) => x.mul(tf.tensor1d(Array.from({ length: lengthOf(x) }, (_, i) => 1 - i))));
    expect(down).toContain('Range');
    expect(down).toContain('Cast');
  });

  it('fills', () => {
    expect(operationsOf((x) => x.mul(tf.fill([lengthOf(x)], 0.5)))).toContain('Fill');
    const table = operationsOf(
      (x) => x.add(tf.fill([2, lengthOf(x)], 3, 'int32')),
      (rows) => tf.range(1, rows + 1, 1, 'int32'),
    );
    expect(table).toContain('Fill');
  });

  it('of another axis, and of texts', () => {
    operationsOf(
      (x) => x.add(x.shape[1] ?? 0),
      (rows) => tf.ones([2, rows]),
    );
    const ops = operationsOf(
      (x) => x.expandDims(0).reshape([1, lengthOf(x)]),
      (rows) => tf.tensor1d(Array<string>(rows).fill('word'), 'string'),
    );
    expect(ops).toContain('Reshape');
  });

  it('is no node where nothing grows', () => {
    expect(operationsOf((x) => x.square())).not.toContain('Shape');
  });
});

describe('two recordings are no graph', () => {
  const of = (way: Way, rows: number): Parameters<typeof openLength>[0][0] => ({
    builder: call(way, [rows]).recorded.builder,
    rows,
  });
  const axis = { input: 'input0', axis: 0 };

  it.each<[string, Way, string]>([
    ['another number of steps', (x) => (lengthOf(x) > 2 ? x.square().neg() : x.square()), 'the function computes in other steps for other lengths'], // prettier-ignore
    ['another operation', (x) => (lengthOf(x) > 2 ? x.sqrt() : x.abs()), 'the length is an attribute of'],
    ['a square of the length', (x) => x.add(tf.tensor1d([lengthOf(x) / 2])), 'depend on the length'],
  ])('where there is %s', (_, way, words) => {
    expect(() => openLength([of(way, 2), of(way, 3)], axis)).toThrow(TraceError);
    expect(() => openLength([of(way, 2), of(way, 3)], axis)).toThrow(words);
  });
});
