// Which graphs an accelerated model has, why each was made, and that all is as before once they are gone.
import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { accelerate, type Accelerated } from '../../../src/parts/graph';
import { innermost } from '../../../src/parts/graph/innermost';
import { disposeAll } from '../../../src/parts/memory';

type Loss = (y: tf.Tensor, prediction: tf.Tensor) => tf.Tensor;

const settings = (loss: string | Loss = 'meanSquaredError'): Parameters<tf.LayersModel['compile']>[0] => ({
  optimizer: tf.train.sgd(0.125),
  loss,
});

/** Layers of one weight 1 and one bias 0 each, one after the other. */
function chain(layers: number, loss?: Loss): tf.Sequential {
  const model = tf.sequential({
    name: 'little',
    layers: Array.from({ length: layers }, () =>
      tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' }),
    ),
  });
  model.compile(settings(loss));
  return model;
}

const numbers = (made: tf.Tensor | tf.Tensor[]): number[] =>
  tf.tidy(() => [made].flat().flatMap((tensor) => Array.from(tensor.dataSync())));

/** Trains on x = 1, y = 3; returns the losses. */
async function train(model: tf.LayersModel, steps: number): Promise<number[]> {
  const [x, y] = [tf.ones([1, 1]), tf.tensor2d([[3]])];
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push(...[await model.trainOnBatch(x, y)].flat());
  disposeAll([x, y]);
  return losses;
}

const predict = (model: tf.LayersModel, ...rows: number[]): number[][] =>
  rows.map((count) => tf.tidy(() => numbers(model.predictOnBatch(tf.ones([count, 1])))));
const evaluate = (model: tf.LayersModel, times: number): number[][] =>
  Array.from({ length: times }, () =>
    tf.tidy(() => numbers(model.evaluate(tf.ones([2, 1]), tf.ones([2, 1]), { batchSize: 2 }))),
  );

function end(model: tf.LayersModel, ...graphs: Accelerated[]): void {
  for (const each of graphs) each.dispose();
  disposeAll([model]);
}

describe('the graphs of a model', () => {
  it('are told, each with why it was made: a step of training', async () => {
    const model = chain(1);
    const graphs = accelerate(model);
    expect(await train(model, 1)).toEqual([4]);
    expect(graphs.history).toEqual([]);
    await train(model, 1);
    expect([graphs.history, graphs.traces]).toEqual([['train: the first call'], 1]);
    end(model, graphs);
  });

  it('are told: tests, predictions, another shape', () => {
    const model = chain(1);
    const graphs = accelerate(model);
    evaluate(model, 2);
    predict(model, 1, 1, 2);
    expect(graphs.history).toEqual([
      'test: the first call',
      'predict: the first call',
      'predict: argument 1 has another shape: [2,1] instead of [1,1]',
    ]);
    end(model, graphs);
  });

  it('are told: other weights, and what was compiled anew', () => {
    const model = chain(2);
    const graphs = accelerate(model);
    predict(model, 1, 1);
    model.layers[0].trainable = false;
    predict(model, 1, 1);
    const history = ['predict: the first call', 'predict: other weights move, or other data are given'];
    expect([graphs.history, graphs.traces]).toEqual([history, 2]);
    model.compile(settings());
    expect([graphs.history, graphs.traces]).toEqual([history, 0]);
    evaluate(model, 2);
    predict(model, 1, 1);
    history.push('test: the first call', 'predict: the model was compiled anew');
    expect([graphs.history, graphs.traces, graphs.isEager]).toEqual([history, 2, false]);
    end(model, graphs);
  });

  it('are sixteen at most, one for each choice of weights that move', () => {
    const model = chain(5);
    const graphs = accelerate(model);
    // The first call with a choice runs eagerly, the second is traced, if it is still known then.
    const tracesAt = (choice: number): number => {
      model.layers.forEach((layer, i) => (layer.trainable = Math.floor(choice / 2 ** i) % 2 === 0));
      predict(model, 1);
      return graphs.traces;
    };
    for (let choice = 0; choice < 16; choice++) expect(tracesAt(choice)).toBe(0);
    expect(tracesAt(0)).toBe(1);
    // That of the first choice was used just now: the second one makes room.
    expect(tracesAt(16)).toBe(1);
    expect(tracesAt(1)).toBe(1);
    expect(tracesAt(3)).toBe(2);
    end(model, graphs);
  });

  it('are called by the model in notices', async () => {
    let calls = 0;
    const notices: string[] = [];
    const model = chain(1, (y, prediction) => prediction.sub(y).square().mean().mul(++calls));
    const graphs = accelerate(model, { onNotice: (text) => notices.push(text) });
    await train(model, 3);
    expect(notices).toEqual([expect.stringContaining('compile: "train of little" is kept as it was')]);
    end(model, graphs);
  });
});

describe('a model that is accelerated no more', () => {
  const isHooked = (model: tf.LayersModel): boolean[] => [
    Object.hasOwn(model, 'compile'),
    ...['makeTrainFunction', 'makeTestFunction', 'predictLoop'].map((name) => Object.hasOwn(innermost(model), name)),
  ];

  it('has its own functions again', async () => {
    const model = chain(1);
    const own = isHooked(model);
    expect(own).toEqual([false, false, false, false]);
    const graphs = accelerate(model);
    expect(isHooked(model)).toEqual([true, true, true, true]);
    // Of (w + b − 3)² the slopes are −4 at 1 and 0: the next prediction is 1.5 + 0.5.
    expect(await train(model, 2)).toEqual([4, 1]);
    evaluate(model, 2);
    predict(model, 1, 1);
    graphs.dispose();
    expect(isHooked(model)).toEqual(own);
    expect([graphs.traces, graphs.history.length]).toEqual([0, 3]);
    expect(Reflect.get(innermost(model), 'testFunction')).toBeNull();
    expect(await train(model, 1)).toEqual([0.25]);
    expect(evaluate(model, 1)[0][0]).toBeGreaterThan(0);
    expect([graphs.traces, graphs.history.length]).toEqual([0, 3]);
    end(model);
  });

  it('may be accelerated again, which an earlier one doesn’t end', () => {
    const model = chain(1);
    const first = accelerate(model);
    predict(model, 1, 1);
    const second = accelerate(model);
    expect([first.traces, first.history]).toEqual([0, ['predict: the first call']]);
    first.dispose();
    expect(isHooked(model)).toEqual([true, true, true, true]);
    predict(model, 1, 1);
    expect([second.traces, second.history]).toEqual([1, ['predict: the first call']]);
    second.dispose();
    expect(isHooked(model)).toEqual([false, false, false, false]);
    end(model);
  });

  it('runs eagerly where it has got another layer', () => {
    const model = chain(1);
    const graphs = accelerate(model);
    expect(graphs.isEager).toBe(false);
    model.add(tf.layers.dense({ units: 1 }));
    model.build();
    expect(graphs.isEager).toBe(true);
    model.compile(settings());
    expect(graphs.isEager).toBe(false);
    end(model, graphs);
  });
});
