import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as autodiff from '../../../src/parts/autodiff';
import { exercise, type Tools } from '../../../src/parts/grading/exercise';
import { trained, trainsModels } from '../../../src/parts/grading/trained-models';
import { asWeights, probabilities } from '../../../src/parts/grading/two-layers';
import * as graph from '../../../src/parts/graph';
import { generator } from '../../../src/parts/random';

type Study = (x: number[][], labels: number[], epochs: number) => Promise<tf.LayersModel[]>;

const tools: Tools = { tf, autodiff, graph };
const SIZES = [1, 4, 2] as const;
const x = [[-2], [-1], [1], [2]];
const labels = [0, 0, 1, 1];
const calls: Parameters<Study>[] = [[x, labels, 10]];
const judge = trained([{ rows: 4, epochs: 10 }], {
  expected: 'a model that knows the sign',
  network: (lists) => {
    const weights = asWeights(lists, SIZES);
    return weights && ((rows) => probabilities(weights, SIZES, rows));
  },
  fault: ([{ accuracy, loss, predict }]) => {
    expect(predict([[3]])[0]).toHaveLength(2);
    return accuracy([[-3], [3]], [0, 1]) === 1 && loss(x, labels) < 0.6 ? undefined : 'a model that knows too little';
  },
});
const { tests } = exercise<Study>('study', (make) => ({
  title: 'study',
  hints: ['Train a model.'],
  tests: [trainsModels(make, 'trains', 1, () => [[calls, judge]])],
}));
const [test] = tests;
const [{ input }] = test.cases(generator(1));

function model(units = 4): tf.Sequential {
  const made = tf.sequential({
    layers: [
      tf.layers.dense({
        units,
        activation: 'relu',
        inputShape: [1],
        kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }),
      }),
      tf.layers.dense({
        units: 2,
        activation: 'softmax',
        kernelInitializer: tf.initializers.glorotNormal({ seed: 4 }),
      }),
    ],
  });
  made.compile({ optimizer: tf.train.adam(0.3), loss: 'sparseCategoricalCrossentropy' });
  return made;
}

async function fitted(rows: number[][], classes: number[], epochs: number, units = 4): Promise<tf.LayersModel> {
  const made = model(units);
  await made.fit(tf.tensor2d(rows), tf.tensor1d(classes), { epochs, batchSize: 2, verbose: 0, yieldEvery: 'never' });
  return made;
}

/** What the judge says of an answer: undefined where it is right. */
async function faultOf(answer: unknown): Promise<string | undefined> {
  const returned: unknown = await test.run(answer, input, tools);
  const outcome = { returned: returned };
  return judge.accepts(outcome) ? undefined : judge.tell?.(outcome.returned);
}

// The layers' variables outlive a tidy; what an optimizer holds is freed with them.
let scope: number;
beforeEach(() => {
  scope = tf.engine().state.numTensors;
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
  expect(tf.engine().state.numTensors).toBeLessThanOrEqual(scope);
});

describe('trainsModels', () => {
  it('accepts a new model that was trained on the rows for the epochs', async () => {
    expect(
      await faultOf(async (...[rows, classes, epochs]: Parameters<Study>) => [await fitted(rows, classes, epochs)]),
    ).toBeUndefined();
  });

  it('looks at weights, not at what a model says of itself', async () => {
    const claims = Object.assign(await fitted(x, [1, 1, 0, 0], 10), {
      accuracy: 1,
      evaluate: () => [tf.scalar(0), tf.scalar(1)],
    });
    expect(await faultOf(async () => [claims])).toBe('a model that knows too little');
  });

  it('names models that were trained too short or too long, of another shape, or too few', async () => {
    expect(await faultOf(async () => [await fitted(x, labels, 9)])).toBe(
      'for 4 rows and 10 epochs a model that was trained for 18 steps',
    );
    expect(await faultOf(async () => [await fitted(x, labels, 11)])).toMatch(/trained for 22 steps$/);
    expect(await faultOf(async () => [await fitted(x, labels, 10, 3)])).toBe(
      'for 4 rows a model whose weights and biases have 3, 3, 6, 2 numbers',
    );
    expect(await faultOf(async () => [])).toBe('0 models in all');
  });

  it('tells a model that is handed back twice', async () => {
    const twice = trained(
      [
        { rows: 4, epochs: 10 },
        { rows: 4, epochs: 10 },
      ],
      {
        expected: 'two',
        network: () => (rows) => rows.map(() => [1, 0]),
        fault: () => undefined,
      },
    );
    const one = await fitted(x, labels, 10);
    const returned: unknown = await test.run(async () => [one, one], input, tools);
    expect(twice.tell?.(returned)).toBe('for 4 rows a model that stands in the list already');
  });

  it.each([[undefined], [0.99], [{ accuracy: 1 }], ['right']])('takes %j for no list of models', (returned) => {
    expect(judge.accepts({ returned })).toBe(false);
    expect(judge.tell?.(returned)).toBe('no list');
  });
});
