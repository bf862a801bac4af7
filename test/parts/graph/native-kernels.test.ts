// Which of TensorFlow's operations a graph consists of, and that they give what is computed by hand.
import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/parts/graph';
import { useNativeKernels } from '../../../src/parts/graph/native-kernels';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();
// The first trace would do it: each test is to depend on it.
useNativeKernels();

type Step = (...given: tf.Tensor[]) => tf.Tensor;

/** What the fourth call of a graph gives, and its operations; eagerly it gives the same. */
function graphOf(step: Step, make: () => tf.Tensor[]): { values: number[]; shape: number[]; ops: string[] } {
  return tf.tidy(() => {
    const given = make();
    const eager = step(...given);
    const run = compile(step);
    let made = run(...given);
    for (let call = 0; call < 3; call++) made = run(...given);
    const ops = run.nodes.map(({ op }) => op);
    run.dispose();
    const values = Array.from(made.dataSync());
    expect(made.shape).toEqual(eager.shape);
    Array.from(eager.dataSync()).forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
    return { values, shape: made.shape, ops };
  });
}
const slopeOf =
  (fn: (x: tf.Tensor, ...rest: tf.Tensor[]) => tf.Tensor): Step =>
  (x, ...rest) =>
    tf.grad((z: tf.Tensor) => fn(z, ...rest))(x);

it('are put in their places once', () => {
  const now = [tf.getKernel('Add', 'tensorflow'), tf.getGradient('Relu')];
  useNativeKernels();
  expect([tf.getKernel('Add', 'tensorflow'), tf.getGradient('Relu')]).toEqual(now);
  expect(tf.getKernel('Add', 'tensorflow')).toBe(now[0]);
});

describe('products of matrices', () => {
  const matrix = (...shape: number[]): tf.Tensor => tf.range(1, 1 + shape.reduce((a, b) => a * b)).reshape(shape);

  it('are MatMul', () => {
    const { values, ops } = graphOf(
      (a, b) => a.matMul(b),
      () => [matrix(2, 3), matrix(3, 2)],
    );
    expect(values).toEqual([22, 28, 49, 64]);
    expect(ops).toContain('MatMul');
    expect(ops).not.toContain('BatchMatMulV2');
  });

  it('also transposed', () => {
    const first = graphOf(
      (a, b) => a.matMul(b, true),
      () => [matrix(3, 2), matrix(3, 2)],
    );
    expect([first.values, first.ops.includes('MatMul')]).toEqual([[35, 44, 44, 56], true]);
    const second = graphOf(
      (a, b) => a.matMul(b, false, true),
      () => [matrix(2, 3), matrix(2, 3)],
    );
    expect([second.values, second.ops.includes('MatMul')]).toEqual([[14, 32, 32, 77], true]);
  });

  it('also batches of one', () => {
    const { values, shape, ops } = graphOf(
      (a, b) => a.matMul(b),
      () => [matrix(1, 2, 3), matrix(1, 3, 2)],
    );
    expect([values, shape]).toEqual([
      [22, 28, 49, 64],
      [1, 2, 2],
    ]);
    expect(ops).toContain('MatMul');
  });

  it.each<[string, number[], number[]]>([
    ['of two', [2, 1, 2], [2, 2, 1]],
    ['of one and two', [1, 1, 2], [2, 2, 1]],
    ['of two and one', [2, 1, 2], [1, 2, 1]],
    ['in two axes', [1, 1, 1, 2], [1, 1, 2, 1]],
    ['of none and two', [1, 2], [2, 2, 1]],
    ['of one and none', [1, 1, 2], [2, 1]],
  ])('not batches %s', (_, a, b) => {
    const { ops } = graphOf(
      (x, y) => x.matMul(y),
      () => [matrix(...a), matrix(...b)],
    );
    expect(ops).toContain('BatchMatMulV2');
    expect(ops).not.toContain('MatMul');
  });
});

describe('a bias', () => {
  const rows = (): tf.Tensor => tf.tensor2d([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  const added = (x: tf.Tensor, b: tf.Tensor): tf.Tensor => x.add(b);

  it.each<[string, number[]]>([
    ['a number for each channel', [3]],
    ['the same as a row', [1, 3]],
  ])('is added by BiasAdd: %s', (_, shape) => {
    const { values, ops } = graphOf(added, () => [rows(), tf.tensor([10, 20, 30], shape)]);
    expect(values).toEqual([11, 22, 33, 14, 25, 36]);
    expect(ops).toContain('BiasAdd');
    expect(ops.filter((op) => op.startsWith('Add'))).toEqual([]);
    expect(ops.filter((op) => op === 'Reshape')).toHaveLength(shape.length - 1);
  });

  it.each<[string, () => tf.Tensor, () => tf.Tensor]>([
    ['one number for all', rows, () => tf.scalar(1)],
    ['one number in a list', rows, () => tf.tensor1d([1])],
    ['a column', rows, () => tf.tensor2d([[1], [2]])],
    ['a table', rows, rows],
    ['whole numbers', () => tf.ones([2, 3], 'int32'), () => tf.tensor1d([1, 2, 3], 'int32')],
    ['a list and a list', () => tf.tensor1d([1, 2]), () => tf.tensor1d([3, 4])],
    ['more axes than it is added to', rows, () => tf.ones([1, 1, 3])],
    ['a row for each of two', () => tf.ones([2, 2, 3]), () => tf.ones([2, 1, 3])],
  ])('is none, and added by Add: %s', (_, x, b) => {
    const { ops } = graphOf(added, () => [x(), b()]);
    expect(ops).not.toContain('BiasAdd');
    expect(ops.filter((op) => op.startsWith('Add')).length).toBe(1);
  });

  it.each<[string, number[]]>([
    ['in a list', [3]],
    ['in a row', [1, 3]],
  ])('has the sum over rows as its slope: %s', (_, shape) => {
    const slope = slopeOf((b, x) => x.add(b).mul(x).sum());
    const { values, ops } = graphOf(slope, () => [tf.ones(shape), rows()]);
    expect(values).toEqual([5, 7, 9]);
    expect(ops).toContain('LayerwiseBiasGrad');
  });

  it('lets the slope through to what it is added to', () => {
    const slope = slopeOf((x, b) => x.add(b).square().sum());
    expect(graphOf(slope, () => [rows(), tf.ones([3])]).values).toEqual([4, 6, 8, 10, 12, 14]);
  });

  it('of another shape has TensorFlow.js’s slope', () => {
    const slope = slopeOf((b, x) => x.add(b).mul(x).sum());
    const { values, ops } = graphOf(slope, () => [tf.ones([2, 1]), rows()]);
    expect(values).toEqual([6, 15]);
    expect(ops).not.toContain('LayerwiseBiasGrad');
  });
});

describe('slopes of activations are one operation', () => {
  const s = 1 / (1 + Math.exp(-1));
  it.each<[string, (x: tf.Tensor) => tf.Tensor, number[], string]>([
    ['ReLU', (x) => x.relu(), [0, 1, 1], 'ReluGrad'],
    ['ReLU6', (x) => tf.relu6(x), [0, 1, 0], 'Relu6Grad'],
    ['sigmoid', (x) => x.sigmoid(), [s * (1 - s), s * (1 - s), 0.000911], 'SigmoidGrad'],
    ['tanh', (x) => x.tanh(), [1 - Math.tanh(1) ** 2, 1 - Math.tanh(1) ** 2, 0.000003], 'TanhGrad'],
  ])('%s', (_, activation, expected, op) => {
    const { values, ops } = graphOf(slopeOf(activation), () => [tf.tensor1d([-1, 1, 7])]);
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    expect(ops).toContain(op);
  });

  it('but where a slope of the slope is taken, it is composed', () => {
    const second = slopeOf(slopeOf((x) => x.tanh()));
    const { values, ops } = graphOf(second, () => [tf.tensor1d([0.5])]);
    const t = Math.tanh(0.5);
    expect(values[0]).toBeCloseTo(-2 * t * (1 - t * t), 5);
    expect(ops).toContain('TanhGrad');
    expect(ops).toContain('Square');
  });
});

it('gather takes rows, columns and batches', () => {
  const table = (): tf.Tensor => tf.tensor2d([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
  const indices = (): tf.Tensor => tf.tensor1d([2, 0], 'int32');
  expect(
    graphOf(
      (x, i) => tf.gather(x, i.toInt()),
      () => [table(), indices()],
    ).values,
  ).toEqual([5, 6, 1, 2]);
  const columns = graphOf(
    (x, i) => tf.gather(x, i.toInt(), 1),
    () => [table(), tf.tensor1d([1], 'int32')],
  );
  expect(columns.values).toEqual([2, 4, 6]);
  const batches = graphOf(
    (x, i) => tf.gather(x, i.toInt(), 1, 1),
    () => [table(), tf.tensor2d([[1], [0], [1]], [3, 1], 'int32')],
  );
  expect(batches.values).toEqual([2, 3, 6]);
  expect(batches.ops).toContain('GatherV2');
});
