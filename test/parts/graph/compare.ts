import * as tf from '@tensorflow/tfjs-node';
import { expect } from 'vitest';
import { accelerate } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { seed } from '../../../src/parts/random';

/** What a model did in a few steps. */
export interface Run {
  readonly predicted: number[];
  readonly losses: number[];
  /** What one step of plain gradient descent took away: the gradient of each weight. */
  readonly gradients: number[][];
  readonly notices: string[];
}

const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

/**
 * Runs a model on given data, with or without graphs: a prediction, three steps (eager, traced, run), and a prediction.
 */
export async function run(
  build: () => tf.LayersModel,
  inputs: readonly tf.Tensor[],
  target: tf.Tensor,
  asGraph: boolean,
  optimizer: () => tf.Optimizer = () => tf.train.sgd(0.125),
): Promise<Run> {
  seed(7);
  const model = build();
  const own = optimizer();
  model.compile({ optimizer: own, loss: 'meanSquaredError' });
  const notices: string[] = [];
  const graphs = asGraph ? accelerate(model, { onNotice: (text) => notices.push(text) }) : undefined;
  const x = inputs.length === 1 ? inputs[0] : [...inputs];
  const predict = (): number[] => {
    const made = [model.predictOnBatch(x)].flat();
    const values = made.flatMap(numbers);
    tf.dispose(made);
    return values;
  };
  const predicted = [predict(), predict(), predict()].flat();
  const losses: number[] = [];
  let before: number[][] = [];
  for (let step = 0; step < 4; step++) {
    before = model.trainableWeights.map((weight) => numbers(weight.read()));
    losses.push(...[await model.trainOnBatch(x, target)].flat());
  }
  const gradients = model.trainableWeights.map((weight, i) =>
    numbers(weight.read()).map((value, j) => (before[i][j] - value) / 0.125),
  );
  predicted.push(...predict());
  graphs?.dispose();
  own.dispose();
  disposeAll([model]);
  return { predicted, losses, gradients, notices };
}

/** Fails where numbers differ by more than `tolerance` of the largest of them (of 1, where all are smaller). */
export function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  expect(actual.every(Number.isFinite) && expected.every(Number.isFinite), `${what}: finite`).toBe(true);
  expect(worst / scale, what).toBeLessThanOrEqual(tolerance);
}

/** Trains a model twice, eagerly and as graphs, and compares all that came out. */
export async function expectSame(
  build: () => tf.LayersModel,
  inputs: readonly tf.Tensor[],
  target: tf.Tensor,
  optimizer?: () => tf.Optimizer,
): Promise<void> {
  const eager = await run(build, inputs, target, false, optimizer);
  const graph = await run(build, inputs, target, true, optimizer);
  expect(graph.notices).toEqual([]);
  expectClose(graph.losses, eager.losses, 1e-5, 'losses');
  expectClose(graph.predicted, eager.predicted, 1e-5, 'predictions');
  graph.gradients.forEach((gradient, i) => expectClose(gradient, eager.gradients[i], 2e-5, `gradient ${i}`));
}

/** Sets an optimizer's learning rate, in the way that its class has. */
export function setRate(optimizer: tf.Optimizer, rate: number): void {
  const set: unknown = Reflect.get(optimizer, 'setLearningRate');
  if (typeof set === 'function') Reflect.apply(set, optimizer, [rate]);
  else Reflect.set(optimizer, 'learningRate', rate);
}

/** Each kind of optimizer, made anew. */
export const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.02, 0.9),
  'Nesterov’s momentum': () => tf.train.momentum(0.02, 0.9, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
  adamax: () => tf.train.adamax(0.1),
  adam: () => tf.train.adam(0.1),
  rmsprop: () => tf.train.rmsprop(0.1),
  'rmsprop with momentum': () => tf.train.rmsprop(0.1, 0.8, 0.5),
  'centered rmsprop': () => tf.train.rmsprop(0.1, 0.8, 0.5, undefined, true),
};
