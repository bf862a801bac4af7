import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { accelerate, compile, type Argument } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

describe('why a function was traced', () => {
  it('is told of other arguments: shapes, types, values, variables, forms', () => {
    const v = tf.tidy(() => [1, 2].map((value) => tf.variable(tf.scalar(value), true, `v${value}`)));
    const sum = compile(
      (x: tf.Tensor, more?: Argument, mode = 'plain') => (mode === 'plain' ? x.sum() : x.sum().neg()),
      { onNotice: () => undefined },
    );
    tf.tidy(() => {
      const x = tf.ones([2, 2]);
      sum(x);
      const calls: [tf.Tensor, Argument?, string?][] = [
        [x],
        [tf.ones([3, 5])],
        [tf.ones([3, 5], 'int32')],
        [x, 5],
        [x, 5, 'other'],
        [x, { a: x, rest: [v[0]] }],
        [x, { a: x, rest: [v[1]] }],
        [x],
        [x],
      ];
      for (const args of calls) sum(...args);
    });
    expect(sum.history).toEqual([
      'the first call',
      'argument 1 has another shape: [3,5] instead of [2,2]',
      'argument 1 has another type: int32 instead of float32',
      'argument 2 is another kind of thing',
      'argument 3 is another kind of thing',
      'argument 2.a is another kind of thing; argument 2.rest.0 is another kind of thing',
      'argument 2.rest.0 has another variable: v2 instead of v1',
    ]);
    expect(sum.traces).toBe(7);
    sum.dispose();
  });

  it('is told of values that change', () => {
    const scaled = compile((x: tf.Tensor, factor: number, mode: string | null) => x.mul(mode ? factor : 1));
    tf.tidy(() => {
      const x = tf.scalar(1);
      for (const [factor, mode] of [[1, 'a'], [1, 'a'], [2, 'a'], [2, null]] as const) scaled(x, factor, mode); // prettier-ignore
    });
    expect(scaled.history).toEqual([
      'the first call',
      'argument 2 is 2 instead of 1',
      "argument 3 is null instead of 'a'",
    ]);
    scaled.dispose();
  });

  it('is told of settings, of tensors and variables that are gone, and of graphs that were freed', () => {
    const layer = tf.layers.dense({ units: 1, inputShape: [1] });
    layer.build([null, 1]);
    let offset = tf.scalar(1);
    let v = tf.tidy(() => tf.variable(tf.scalar(1), true, 'old'));
    const f = compile((x: tf.Tensor) => x.add(offset).mul(v));
    const g = compile((x: tf.Tensor) => [layer.apply(x)].flat()[0] as tf.Tensor);
    tf.tidy(() => {
      const x = tf.ones([1, 1]);
      const both = (): void => void [f(x), g(x)];
      for (let call = 0; call < 4; call++) both();
      offset.dispose();
      offset = tf.keep(tf.scalar(2));
      both();
      v.dispose();
      v = tf.variable(tf.scalar(3), true, 'new');
      Reflect.set(layer, 'useBias', false);
      for (let call = 0; call < 4; call++) both();
      f.dispose();
      both();
    });
    expect(f.history).toEqual([
      'the first call',
      'a tensor from outside that it used was freed',
      'the variable old was disposed',
      'its graphs were freed by dispose',
    ]);
    expect(g.history).toEqual(['the first call', 'Dense.useBias changed from true to false']);
    disposeAll([f, g, layer, offset, v]);
  });

  it('is told where more graphs were needed than are kept', () => {
    const f = compile((x: tf.Tensor) => x.sum(), { mostTraces: 1 });
    tf.tidy(() => void [[1], [1], [1, 1], [1]].map((shape) => f(tf.ones(shape))));
    expect(f.history).toEqual([
      'the first call',
      'argument 1 has another shape: [1,1] instead of [1]',
      'its graph was freed: 1 newer is kept (mostTraces)',
    ]);
    f.dispose();
  });

  it('is told of the graphs that were used longest ago, not of those that serve several lengths', () => {
    const f = compile((x: tf.Tensor) => x.sum(), { mostTraces: 2, onNotice: () => undefined });
    tf.tidy(() => {
      const call = (...shape: number[]): void => expect(f(tf.ones(shape)).dataSync()[0]).toBe(tf.util.sizeFromShape(shape)); // prettier-ignore
      // One graph for any length, which length 6 used last; then two of other ranks.
      for (const length of [1, 2, 3, 4, 5, 5, 6, 6]) call(length);
      call(2, 2);
      call(6);
      call(2, 2, 2);
      const { traces } = f;
      for (const length of [2, 3, 4, 5, 6]) call(length);
      expect(f.traces).toBe(traces);
      call(2, 2);
      expect(f.history.at(-1)).toBe('its graph was freed: 2 newer are kept (mostTraces)');
    });
    f.dispose();
  });

  it('is told of a model by what it did', async () => {
    const model = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, inputShape: [2] }), tf.layers.dense({ units: 1 })] }); // prettier-ignore
    const optimizer = tf.train.sgd(0.1);
    const compileModel = (): void => model.compile({ optimizer, loss: 'meanSquaredError' });
    compileModel();
    const graphs = accelerate(model);
    const train = async (rows: number): Promise<void> => {
      const [x, y] = [tf.ones([rows, 2]), tf.ones([rows, 1])];
      for (let step = 0; step < 4; step++) await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
    };
    await train(4);
    await train(2);
    Reflect.set(model.layers[0], 'rate', 0);
    await train(2);
    compileModel();
    await train(2);
    tf.tidy(() => void [model.predict(tf.ones([1, 2])), model.predict(tf.ones([1, 2]))]);
    expect(graphs.history).toEqual([
      'train: the first call',
      'train: argument 1 has another shape: [2,2] instead of [4,2]; argument 2 has another shape: [2,1] instead of [4,1]',
      'train: Dropout.rate changed from 0.5 to 0',
      'train: the model was compiled anew',
      'predict: the first call',
    ]);
    graphs.dispose();
    disposeAll([model]);
  });
});
