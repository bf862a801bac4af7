// Where TensorFlow's native library does not compute, as in a page, everything runs eagerly.
import * as tf from '@tensorflow/tfjs-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accelerate,
  attention,
  checkNumerics,
  compile,
  dropout,
  layerNorm,
  nativeVersion,
  scan,
  softmaxCrossEntropy,
} from '../../../src/parts/graph';
import { expectNoTensorsLeft } from '../../support/tensors';

const numbersIn = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

/** Steps of a small training: what it returns, and the weights at the end. */
function trained(
  wrap: <F extends (x: tf.Tensor) => tf.Scalar>(step: F) => F | ((x: tf.Tensor) => tf.Scalar),
): number[] {
  return tf.tidy(() => {
    const weights = tf.variable(tf.tensor2d([[1], [-1]]));
    const optimizer = tf.train.adam(0.1);
    const step = wrap((x: tf.Tensor): tf.Scalar => {
      const loss = optimizer.minimize(() => x.matMul(weights).relu().sub(1).square().mean<tf.Scalar>(), true, [
        weights,
      ]);
      if (!loss) throw new TypeError('expected a loss');
      return loss;
    });
    const x = tf.tensor2d([
      [1, 2],
      [3, -1],
    ]);
    const losses = Array.from({ length: 6 }, () => step(x).dataSync()[0]);
    const result = [...losses, ...numbersIn(weights)];
    optimizer.dispose();
    return result;
  });
}

async function fitted(isAccelerated: boolean): Promise<number[]> {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const graphs = isAccelerated ? accelerate(model) : undefined;
  const [x, y] = [tf.ones([8, 2]), tf.zeros([8, 1])];
  const { history } = await model.fit(x, y, { epochs: 5, batchSize: 4, shuffle: false, verbose: 0 });
  const predicted = tf.tidy(() => numbersIn([model.predict(x)].flat()[0]));
  if (graphs) expect([graphs.isEager, graphs.traces]).toEqual([true, 0]);
  graphs?.dispose();
  model.dispose();
  tf.dispose([x, y]);
  return [...history.loss.map(Number), ...predicted];
}

const doubled = (double: (x: tf.Tensor) => tf.Tensor, value: number): number =>
  tf.tidy(() => numbersIn(double(tf.scalar(value)))[0]);

describe('with another back end', () => {
  expectNoTensorsLeft();
  beforeAll(async () => {
    // Its note on speed is not for us.
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
  });
  afterAll(async () => {
    await tf.setBackend('tensorflow');
    tf.env().set('PROD', false);
  });

  it('a compiled step trains as the function itself', () => {
    expect(trained((step) => compile(step))).toEqual(trained((step) => step));
  });

  it('there is no graph', () => {
    const double = compile((x: tf.Tensor) => x.mul(2));
    for (let call = 0; call < 5; call++) expect(doubled(double, call)).toBe(2 * call);
    expect([double.traces, double.nodes]).toEqual([0, []]);
  });

  it('a call that fails leaves variables as they were', () => {
    const count = tf.tidy(() => tf.variable(tf.scalar(1)));
    const fails = compile(() => {
      count.assign(count.add(1));
      throw new Error('in the middle');
    });
    expect(() => fails()).toThrow('in the middle');
    expect(numbersIn(count)).toEqual([1]);
  });

  it('a gradient goes through, without a notice', () => {
    const notices: string[] = [];
    const cube = compile((x: tf.Tensor) => x.pow(3), { onNotice: (text) => notices.push(text) });
    expect(tf.tidy(() => numbersIn(tf.grad(cube)(tf.scalar(2))))).toEqual([12]);
    expect(notices).toEqual([]);
  });

  it('an accelerated model trains and predicts', async () => {
    expect(await fitted(true)).toEqual(await fitted(false));
  });

  it('operations of our own give values and gradients', () => {
    tf.tidy(() => {
      const close = (made: tf.Tensor, expected: readonly number[]): void =>
        numbersIn(made).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
      const [labels, logits] = [tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]])];
      close(softmaxCrossEntropy(labels, logits), [Math.LN2]);
      close(tf.grad((z: tf.Tensor) => softmaxCrossEntropy(labels, z.as2D(1, 2)).sum())(logits), [-0.5, 0.5]);
      close(layerNorm(tf.tensor2d([[1, 3]]), tf.ones([2]), tf.zeros([2])), [-1, 1]);
      const q = tf.ones<tf.Rank.R3>([1, 2, 2]);
      close(attention(q, q, q), [1, 1, 1, 1]);
      expect(dropout(tf.ones([10]), 0.5).shape).toEqual([10]);
      const sums = scan(
        (sum: tf.Tensor, x: tf.Tensor) => ({ state: sum.add(x), output: sum }),
        tf.scalar(0),
        tf.range(0, 5),
      );
      close(sums.state, [10]);
      close(sums.outputs, [0, 0, 1, 3, 6]);
    });
  });

  it('what needs the library says so', () => {
    expect(nativeVersion(tf.backend())).toBeUndefined();
    expect(() => checkNumerics()).toThrow("expected TensorFlow's native back end");
  });
});

describe('back with the library', () => {
  it('functions are graphs again, also those that were compiled before', async () => {
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
    const double = compile((x: tf.Tensor) => x.mul(2));
    doubled(double, 1);
    await tf.setBackend('tensorflow');
    tf.env().set('PROD', false);
    for (let call = 0; call < 4; call++) expect(doubled(double, call)).toBe(2 * call);
    expect(double.traces).toBe(1);
    double.dispose();
  });
});
