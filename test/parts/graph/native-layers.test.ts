import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/parts/graph';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

/** What a layer makes of numbers at the fifth call of a graph, its slopes, and the graph's operations. */
function ofGraph(
  layer: tf.layers.Layer,
  given: readonly number[],
): { made: number[]; slopes: number[]; ops: string[] } {
  const apply = (x: tf.Tensor): tf.Tensor => [layer.apply(x)].flat()[0] as tf.Tensor;
  const run = compile((x: tf.Tensor) => ({ made: apply(x), slopes: tf.grad(apply)(x) }));
  return tf.tidy(() => {
    let last = run(tf.tensor2d([[...given]]));
    for (let call = 0; call < 4; call++) last = run(tf.tensor2d([[...given]]));
    const ops = run.nodes.map(({ op }) => op);
    run.dispose();
    return { made: Array.from(last.made.dataSync()), slopes: Array.from(last.slopes.dataSync()), ops };
  });
}

describe('the layer ReLU in a graph', () => {
  const given = [-2, 0.5, 5, 7];

  it('is one operation where it ends at 6', () => {
    const { made, slopes, ops } = ofGraph(tf.layers.reLU({ maxValue: 6 }), given);
    expect({ made, slopes }).toEqual({ made: [0, 0.5, 5, 6], slopes: [0, 1, 1, 0] });
    expect(ops).toContain('Relu6');
    expect(ops).toContain('Relu6Grad');
  });

  it('ends where it is told', () => {
    const { made, slopes, ops } = ofGraph(tf.layers.reLU({ maxValue: 4 }), given);
    expect({ made, slopes }).toEqual({ made: [0, 0.5, 4, 4], slopes: [0, 1, 0, 0] });
    expect(ops).not.toContain('Relu6');
  });

  it('doesn’t end by itself', () => {
    const { made, slopes, ops } = ofGraph(tf.layers.reLU(), given);
    expect({ made, slopes }).toEqual({ made: [0, 0.5, 5, 7], slopes: [0, 1, 1, 1] });
    expect(ops).not.toContain('Relu6');
  });
});
