import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { accelerate, type Accelerated } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { generator, seed } from '../../../src/parts/random';

interface Case {
  readonly build: () => tf.LayersModel;
  readonly inputs: readonly number[][];
  readonly outputs: number;
  readonly optimizer?: () => tf.Optimizer;
  readonly loss?: string;
  readonly tokens?: number;
}

const {
  dense,
  conv2d,
  maxPooling2d,
  flatten,
  batchNormalization,
  activation,
  embedding,
  globalAveragePooling1d,
  lstm,
  gru,
  simpleRNN,
  layerNormalization,
  depthwiseConv2d,
  averagePooling2d,
  concatenate,
} = tf.layers;
const softmax = (): tf.layers.Layer => dense({ units: 3, activation: 'softmax' });
const oneSymbol = (value: ReturnType<tf.layers.Layer['apply']>): tf.SymbolicTensor => {
  if (!(value instanceof tf.SymbolicTensor)) throw new TypeError('expected one symbolic tensor');
  return value;
};

// Before a batch normalization a bias has no effect: Adam would make steps of its rounding errors, so that case has
// momentum.
const cases: Readonly<Record<string, Case>> = {
  'dense layers with Adam': {
    build: () => tf.sequential({ layers: [dense({ units: 8, activation: 'relu', inputShape: [5] }), softmax()] }),
    inputs: [[5]],
    outputs: 3,
  },
  'dense layers with momentum': {
    build: () => tf.sequential({ layers: [dense({ units: 8, activation: 'tanh', inputShape: [5] }), softmax()] }),
    inputs: [[5]],
    outputs: 3,
    optimizer: () => tf.train.momentum(0.05, 0.9),
  },
  'plain SGD and L2': {
    build: () =>
      tf.sequential({
        layers: [
          dense({
            units: 8,
            activation: 'sigmoid',
            inputShape: [5],
            kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
          }),
          softmax(),
        ],
      }),
    inputs: [[5]],
    outputs: 3,
    optimizer: () => tf.train.sgd(0.1),
  },
  'RMSprop, Adagrad’s cousin': {
    build: () => tf.sequential({ layers: [dense({ units: 8, activation: 'elu', inputShape: [5] }), softmax()] }),
    inputs: [[5]],
    outputs: 3,
    optimizer: () => tf.train.rmsprop(0.01),
  },
  Adagrad: {
    build: () => tf.sequential({ layers: [dense({ units: 8, activation: 'selu', inputShape: [5] }), softmax()] }),
    inputs: [[5]],
    outputs: 3,
    optimizer: () => tf.train.adagrad(0.05),
  },
  Adadelta: {
    build: () => tf.sequential({ layers: [dense({ units: 8, activation: 'softplus', inputShape: [5] }), softmax()] }),
    inputs: [[5]],
    outputs: 3,
    optimizer: () => tf.train.adadelta(0.5),
  },
  Adamax: {
    build: () => tf.sequential({ layers: [dense({ units: 8, activation: 'softsign', inputShape: [5] }), softmax()] }),
    inputs: [[5]],
    outputs: 3,
    optimizer: () => tf.train.adamax(0.01),
  },
  'a convnet': {
    build: () =>
      tf.sequential({
        layers: [
          conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }),
          maxPooling2d({ poolSize: 2 }),
          flatten(),
          softmax(),
        ],
      }),
    inputs: [[8, 8, 1]],
    outputs: 3,
  },
  'a depthwise convnet': {
    build: () =>
      tf.sequential({
        layers: [
          depthwiseConv2d({ kernelSize: 3, inputShape: [8, 8, 2] }),
          averagePooling2d({ poolSize: 2 }),
          flatten(),
          softmax(),
        ],
      }),
    inputs: [[8, 8, 2]],
    outputs: 3,
  },
  'batch normalization': {
    build: () =>
      tf.sequential({
        layers: [
          dense({ units: 6, inputShape: [5] }),
          batchNormalization(),
          activation({ activation: 'relu' }),
          softmax(),
        ],
      }),
    inputs: [[5]],
    outputs: 3,
    optimizer: () => tf.train.momentum(0.05, 0.9),
  },
  'layer normalization': {
    build: () => tf.sequential({ layers: [dense({ units: 6, inputShape: [5] }), layerNormalization(), softmax()] }),
    inputs: [[5]],
    outputs: 3,
  },
  embedding: {
    build: () =>
      tf.sequential({
        layers: [embedding({ inputDim: 20, outputDim: 4, inputLength: 6 }), globalAveragePooling1d({}), softmax()],
      }),
    inputs: [[6]],
    outputs: 3,
    tokens: 20,
  },
  LSTM: {
    build: () => tf.sequential({ layers: [lstm({ units: 5, inputShape: [4, 3] }), softmax()] }),
    inputs: [[4, 3]],
    outputs: 3,
  },
  GRU: {
    build: () => tf.sequential({ layers: [gru({ units: 5, inputShape: [4, 3] }), softmax()] }),
    inputs: [[4, 3]],
    outputs: 3,
  },
  'simple RNN': {
    build: () => tf.sequential({ layers: [simpleRNN({ units: 5, inputShape: [4, 3] }), softmax()] }),
    inputs: [[4, 3]],
    outputs: 3,
  },
  'two inputs, functional': {
    build: () => {
      const [a, b] = [tf.input({ shape: [3] }), tf.input({ shape: [2] })];
      const joined = oneSymbol(
        concatenate().apply([
          oneSymbol(dense({ units: 4, activation: 'relu' }).apply(a)),
          oneSymbol(dense({ units: 4 }).apply(b)),
        ]),
      );
      return tf.model({ inputs: [a, b], outputs: oneSymbol(softmax().apply(joined)) });
    },
    inputs: [[3], [2]],
    outputs: 3,
  },
};

/** Trains with and without graphs from the same start; returns all that can be compared. */
async function train(
  { build, inputs, outputs, optimizer = () => tf.train.adam(0.01), tokens }: Case,
  wrap?: (model: tf.LayersModel) => Accelerated,
): Promise<{ numbers: number[]; accelerated?: Accelerated }> {
  seed(1);
  const model = build();
  model.compile({ optimizer: optimizer(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const random = generator(2);
  const count = 50;
  const draw = (): number => (tokens === undefined ? random.normal() : random.integer(tokens));
  const x = inputs.map((shape) =>
    tf.tensor(Array.from({ length: count * shape.reduce((a, b) => a * b, 1) }, draw), [count, ...shape]),
  );
  const y = tf.tidy(() =>
    tf
      .oneHot(
        tf.tensor1d(
          Array.from({ length: count }, () => random.integer(outputs)),
          'int32',
        ),
        outputs,
      )
      .toFloat(),
  );
  const accelerated = wrap?.(model);
  seed(3);
  const { history } = await model.fit(x.length === 1 ? x[0] : x, y, {
    epochs: 4,
    batchSize: 16,
    validationSplit: 0.2,
    verbose: 0,
  });
  const scores = tf.tidy(() =>
    [model.evaluate(x.length === 1 ? x[0] : x, y, { batchSize: 20 })].flat().map((score) => score.dataSync()[0]),
  );
  const given = x.length === 1 ? x[0] : x;
  const predictions = tf.tidy(() =>
    [model.predict(given, { batchSize: 20 }), model.predictOnBatch(given), model.predict(given, { batchSize: 20 })]
      .flat()
      .flatMap((output) => Array.from(output.dataSync())),
  );
  const weights = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
  accelerated?.dispose();
  disposeAll([model, x, y]);
  return {
    numbers: [...Object.values(history).flat().map(Number), ...scores, ...predictions, ...weights],
    accelerated,
  };
}

const farthest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]) / Math.max(1, Math.abs(b[i]))));

describe('accelerate', () => {
  it.each(Object.keys(cases))('has the history, scores and weights of eager training: %s', async (name) => {
    const before = tf.memory().numTensors;
    const eager = await train(cases[name]);
    const graph = await train(cases[name], (model) => accelerate(model));
    expect(graph.numbers.length).toBe(eager.numbers.length);
    expect(farthest(graph.numbers, eager.numbers)).toBeLessThan(2e-5);
    expect(graph.accelerated?.isEager).toBe(false);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('draws dropout anew at each step, at its rate', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dropout({ rate: 0.4, inputShape: [2000] }),
        dense({ units: 1, kernelInitializer: 'ones', trainable: false }),
        dense({ units: 1, kernelInitializer: 'ones' }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(1e-12), loss: 'meanAbsoluteError' });
    const graphs = accelerate(model);
    const x = tf.tidy(() => tf.range(0, 2, 0.001).as2D(1, 2000));
    const y = tf.zeros([1, 1]);
    const sums: number[] = [];
    for (let step = 0; step < 12; step++) sums.push(Number(await model.trainOnBatch(x, y)));
    expect(graphs.isEager).toBe(false);
    expect(new Set(sums.slice(2)).size).toBe(10);
    for (const sum of sums) expect(Math.abs(sum / 2000 - 1)).toBeLessThan(0.1);
    graphs.dispose();
    disposeAll([model, x, y]);
  });

  it('follows a changed learning rate and a frozen layer', async () => {
    const run = async (wrap: boolean): Promise<number[]> => {
      seed(1);
      const frozen = dense({ units: 4, activation: 'tanh', inputShape: [3] });
      const model = tf.sequential({ layers: [frozen, dense({ units: 1 })] });
      const optimizer = tf.train.adam(0.1);
      model.compile({ optimizer, loss: 'meanSquaredError' });
      const graphs = wrap ? accelerate(model) : undefined;
      const [x, y] = [
        tf.tensor2d([
          [1, 2, 3],
          [0, -1, 1],
        ]),
        tf.tensor2d([[1], [-1]]),
      ];
      const losses: number[] = [];
      for (let step = 0; step < 12; step++) {
        if (step === 5) Reflect.set(optimizer, 'learningRate', 0.001);
        losses.push(Number(await model.trainOnBatch(x, y)));
      }
      frozen.trainable = false;
      // Adam's averages belong to the weights that it saw first.
      model.compile({ optimizer: tf.train.adam(0.1), loss: 'meanSquaredError' });
      for (let step = 0; step < 5; step++) losses.push(Number(await model.trainOnBatch(x, y)));
      graphs?.dispose();
      disposeAll([model, optimizer, x, y]);
      return losses;
    };
    expect(farthest(await run(true), await run(false))).toBeLessThan(1e-5);
  });

  it('weighs classes, and reads a Dataset, as without', async () => {
    const run = async (wrap: boolean): Promise<number[]> => {
      seed(6);
      const model = tf.sequential({ layers: [dense({ units: 4, activation: 'relu', inputShape: [2] }), softmax()] });
      model.compile({ optimizer: tf.train.adam(0.05), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
      const graphs = wrap ? accelerate(model) : undefined;
      const random = generator(7);
      const x = tf.tensor2d(Array.from({ length: 24 }, () => [random.normal(), random.normal()]));
      const y = tf.tidy(() =>
        tf
          .oneHot(
            tf.tensor1d(
              Array.from({ length: 24 }, (_, i) => i % 3),
              'int32',
            ),
            3,
          )
          .toFloat(),
      );
      const weighted = await model.fit(x, y, {
        epochs: 3,
        batchSize: 8,
        shuffle: false,
        verbose: 0,
        classWeight: { 0: 1, 1: 5, 2: 0.1 },
      });
      const rows = Array.from({ length: 12 }, (_, i) => ({
        xs: [i / 12, 1 - i / 12],
        ys: [Number(i % 3 === 0), Number(i % 3 === 1), Number(i % 3 === 2)],
      }));
      const dataset = tf.data
        .array(rows)
        .map((row) => ({ xs: tf.tensor1d(row.xs), ys: tf.tensor1d(row.ys) }))
        .batch(4);
      const streamed = await model.fitDataset(dataset, { epochs: 3, verbose: 0, validationData: dataset });
      graphs?.dispose();
      expect(graphs?.isEager ?? false).toBe(false);
      disposeAll([model, x, y]);
      return [...Object.values(weighted.history), ...Object.values(streamed.history)].flat().map(Number);
    };
    const [graph, eager] = [await run(true), await run(false)];
    expect(graph.length).toBe(eager.length);
    expect(farthest(graph, eager)).toBeLessThan(1e-5);
  });

  it('predicts with several outputs', () => {
    seed(5);
    const input = tf.input({ shape: [3] });
    const trunk = oneSymbol(dense({ units: 4, activation: 'relu' }).apply(input));
    const model = tf.model({
      inputs: input,
      outputs: [oneSymbol(softmax().apply(trunk)), oneSymbol(dense({ units: 1 }).apply(trunk))],
    });
    model.compile({ optimizer: 'sgd', loss: ['categoricalCrossentropy', 'meanSquaredError'] });
    const x = tf.randomNormal([10, 3]);
    const predict = (): number[][] =>
      tf.tidy(() => [model.predict(x, { batchSize: 4 })].flat().map((output) => Array.from(output.dataSync())));
    const eager = predict();
    const graphs = accelerate(model);
    for (let call = 0; call < 4; call++)
      predict().forEach((values, i) => expect(farthest(values, eager[i])).toBeLessThan(1e-6));
    expect(graphs.traces).toBeGreaterThan(0);
    graphs.dispose();
    disposeAll([model, x]);
  });

  it('keeps sixteen graphs at most, however often other layers are frozen', async () => {
    const layers = Array.from({ length: 5 }, () => dense({ units: 1, inputShape: [1] }));
    const model = tf.sequential({ layers });
    model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
    const graphs = accelerate(model);
    const [x, y] = [tf.ones([2, 1]), tf.zeros([2, 1])];
    for (let choice = 0; choice < 20; choice++) {
      layers.forEach((layer, i) => (layer.trainable = i === 4 || Math.floor(choice / 2 ** i) % 2 === 0));
      if (choice >= 16) layers[4].trainable = false;
      for (let step = 0; step < 2; step++) await model.trainOnBatch(x, y);
    }
    expect(graphs.traces).toBe(16);
    graphs.dispose();
    disposeAll([model, x, y]);
  });

  it.each([tf.train.sgd(1), tf.train.momentum(1, 0.5), tf.train.rmsprop(1), tf.train.adam(1), tf.train.adagrad(1)])(
    'reads a scheduled rate at each step from one graph: $constructor.className',
    async (optimizer) => {
      const run = async (wrap: boolean): Promise<{ losses: number[]; traces: number; steps: number }> => {
        seed(3);
        const model = tf.sequential({ layers: [dense({ units: 1, inputShape: [2] })] });
        const own = Reflect.construct(optimizer.constructor, Object.values(optimizer.getConfig()));
        if (!(own instanceof tf.Optimizer)) throw new TypeError('expected an optimizer');
        model.compile({ optimizer: own, loss: 'meanSquaredError' });
        const graphs = wrap ? accelerate(model) : undefined;
        const [x, y] = [tf.ones([2, 2]), tf.zeros([2, 1])];
        const losses: number[] = [];
        for (let step = 1; step <= 8; step++) {
          const setRate: unknown = Reflect.get(own, 'setLearningRate');
          if (typeof setRate === 'function') Reflect.apply(setRate, own, [0.1 / step]);
          else Reflect.set(own, 'learningRate', 0.1 / step);
          losses.push(...[await model.trainOnBatch(x, y)].flat());
        }
        const [iterations, ...rest] = await own.getWeights();
        const result = { losses, traces: graphs?.traces ?? 1, steps: iterations.tensor.dataSync()[0] };
        graphs?.dispose();
        own.dispose();
        disposeAll([model, x, y, iterations.tensor, ...rest.map(({ tensor }) => tensor)]);
        return result;
      };
      const [graph, eager] = [await run(true), await run(false)];
      graph.losses.forEach((loss, i) => expect(loss).toBeCloseTo(eager.losses[i], 5));
      expect(graph.traces).toBe(1);
      expect(graph.steps).toBe(8);
      expect(eager.steps).toBe(8);
    },
  );

  it('stops early, and calls back, as without', async () => {
    const run = async (wrap: boolean): Promise<number[]> => {
      seed(4);
      const model = tf.sequential({ layers: [dense({ units: 1, inputShape: [1] })] });
      model.compile({ optimizer: tf.train.sgd(0.3), loss: 'meanSquaredError' });
      const graphs = wrap ? accelerate(model) : undefined;
      const [x, y] = [tf.tensor2d([[1], [2], [3], [4]]), tf.tensor2d([[2], [4], [6], [8]])];
      const { epoch } = await model.fit(x, y, {
        epochs: 50,
        verbose: 0,
        validationData: [x, y],
        callbacks: tf.callbacks.earlyStopping({ monitor: 'val_loss', patience: 6 }),
      });
      graphs?.dispose();
      disposeAll([model, x, y]);
      return epoch;
    };
    expect(await run(true)).toEqual(await run(false));
  });

  it('runs a model eagerly that no graph can hold, with one notice, and the same result', async () => {
    const notices: string[] = [];
    class Jitter extends tf.layers.Layer {
      static className = 'Jitter';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.tidy(() => [inputs].flat()[0].add(tf.randomNormal([1], 0, 0.1)));
      }
    }
    seed(1);
    const model = tf.sequential({
      layers: [dense({ units: 2, inputShape: [2] }), new Jitter({}), dense({ units: 1 })],
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const graphs = accelerate(model, { onNotice: (text) => notices.push(text) });
    const [x, y] = [tf.ones([4, 2]), tf.ones([4, 1])];
    const { history } = await model.fit(x, y, { epochs: 5, verbose: 0 });
    expect(history.loss).toHaveLength(5);
    expect(graphs.isEager).toBe(true);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(
      /accelerate: "sequential_\d+" runs eagerly: compile: random numbers that JavaScript draws/,
    );
    graphs.dispose();
    disposeAll([model, x, y]);
  });

  it('runs a model eagerly where a layer keeps its state between batches, also inside of another', () => {
    const lstm = tf.layers.lstm({ units: 2, stateful: true, batchInputShape: [2, 3, 1] });
    const model = tf.sequential({ layers: [tf.sequential({ layers: [lstm] }), dense({ units: 1 })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const notices: string[] = [];
    const graphs = accelerate(model, { onNotice: (text) => notices.push(text) });
    expect(graphs.isEager).toBe(true);
    expect(notices).toEqual([expect.stringMatching(/runs eagerly: the layer \w+ keeps its state between batches$/)]);
    graphs.dispose();
    disposeAll([model]);
  });

  it('needs a compiled model', () => {
    const model = tf.sequential({ layers: [dense({ units: 1, inputShape: [1] })] });
    expect(() => accelerate(model)).toThrow('accelerate: expected a compiled model; call model.compile first');
    model.dispose();
  });
});
