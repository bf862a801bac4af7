import * as tf from '@tensorflow/tfjs-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compile } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { expectNoTensorsLeft } from '../../support/tensors';
import { expectClose, optimizers, setRate } from './compare';

expectNoTensorsLeft();
beforeAll(() => void vi.stubEnv('LAYERWISE_OPERATIONS', 'off'));
afterAll(() => void vi.unstubAllEnvs());

const kinds: typeof optimizers = {
  ...optimizers,
  'adamax that decays': () => tf.train.adamax(0.1, undefined, undefined, undefined, 0.1),
};

/** Ten steps over two weights, with another rate from the sixth on: all losses and weights. */
function steps(make: () => tf.Optimizer, isGraph: boolean): { noted: number[]; ops: string[] } {
  const noted: number[] = [];
  const ops: string[] = [];
  tf.tidy(() => {
    const [a, b] = [tf.variable(tf.scalar(1.5)), tf.variable(tf.tensor2d([[2, 0.5]]))];
    const optimizer = make();
    const plain = (x: tf.Tensor): tf.Tensor => {
      const cost = (): tf.Scalar => b.mul(x).add(a).square().sum().add(a.square().mul(2)).asScalar();
      return optimizer.minimize(cost, true, [a, b]) ?? tf.scalar(NaN);
    };
    const compiled = compile(plain);
    for (let step = 0; step < 10; step++) {
      if (step === 5) setRate(optimizer, 0.03);
      const loss = (isGraph ? compiled : plain)(tf.tensor1d([1, (step + 1) / 4]));
      for (const tensor of [loss, a, b]) noted.push(...tensor.dataSync());
    }
    ops.push(...compiled.nodes.map(({ op }) => op));
    compiled.dispose();
    disposeAll([optimizer]);
  });
  tf.disposeVariables();
  return { noted, ops };
}

describe('without our own operations', () => {
  it.each(Object.keys(kinds))('a compiled step of %s moves weights as eagerly', (name) => {
    const [eager, graph] = [steps(kinds[name], false), steps(kinds[name], true)];
    expectClose(graph.noted, eager.noted, 1e-5, name);
    expect(graph.ops.length).toBeGreaterThan(0);
    expect(graph.ops.filter((op) => op.startsWith('Layerwise'))).toEqual([]);
  });

  it('the gradient of a bias, of ReLU, of ReLU6, of a sigmoid and of tanh is eager’s', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([-2, -0.5, 0.5, 3, 5.9, 6.1, 7, 0.1], [4, 2]);
      for (const [activation, fused] of [
        [tf.relu, 'ReluGrad'],
        [tf.relu6, 'Relu6Grad'],
        [tf.sigmoid, 'SigmoidGrad'],
        [tf.tanh, 'TanhGrad'],
      ] as const) {
        const slopes = (bias: tf.Tensor): tf.Tensor =>
          tf.grad((b: tf.Tensor) => activation(tf.add(x, b)).mul(tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2])).sum())(bias); // prettier-ignore
        const compiled = compile(slopes);
        const bias = tf.tensor1d([0.25, -0.25]);
        const expected = Array.from(slopes(bias).dataSync());
        for (let call = 0; call < 5; call++)
          expectClose(Array.from(compiled(bias).dataSync()), expected, 1e-6, `${fused}, call ${call}`);
        const ops = compiled.nodes.map(({ op }) => op);
        expect(ops).toContain(fused);
        expect(ops).toContain('BiasAddGrad');
        compiled.dispose();
      }
    });
  });
});
