import { argMax, loadDigits, oneHot, pick, shuffledSplit } from '../data';
import { accuracy } from '../metrics';
import { NeuralNetwork, activations, type Activation } from '../nn';
import { generator } from '../random';
import type { Measures } from './experiment';

/** Digits as rows of 64 numbers from 0 to 1, split anew for each seed. */
export function digitRows(seed: number): {
  train: { x: number[][]; y: number[][]; labels: number[] };
  test: { x: number[][]; labels: number[] };
} {
  const digits = loadDigits();
  const x = Array.from({ length: digits.count }, (_, i) =>
    Array.from(digits.images.subarray(i * 64, (i + 1) * 64), (value) => value / 16),
  );
  const labels = Array.from(digits.labels);
  const { train, test } = shuffledSplit(digits.count, { random: generator(seed) });
  return {
    train: { x: pick(x, train), y: pick(oneHot(labels, 10), train), labels: pick(labels, train) },
    test: { x: pick(x, test), labels: pick(labels, test) },
  };
}

export interface DigitNetworkOptions {
  /** Units of the hidden layers (default one layer of 32; an empty list is a linear model). */
  readonly hiddenUnits?: readonly number[];
  /** Activation of the hidden layers, or its name (default ReLU). */
  readonly hidden?: Activation | keyof typeof activations;
  readonly epochs?: number;
  readonly learningRate?: number;
}

/** Trains a network from scratch on the digits; batch size 32. */
export function trainDigitNetwork(
  seed: number,
  { hiddenUnits = [32], hidden = 'relu', epochs = 60, learningRate = 0.5 }: DigitNetworkOptions = {},
): Measures {
  const { train, test } = digitRows(seed);
  const random = generator(seed + 1000);
  const activation = typeof hidden === 'string' ? activations[hidden] : hidden;
  const network = new NeuralNetwork({
    sizes: [64, ...hiddenUnits, 10],
    output: 'softmax',
    hidden: activation,
    initializer: activation === activations.relu ? 'he' : 'xavier',
    random,
  });
  const losses = network.train(train.x, train.y, { epochs, batchSize: 32, learningRate, random });
  return { testAccuracy: accuracy(test.labels, argMax(network.predict(test.x))), loss: losses[losses.length - 1] };
}

/**
 * Two hidden layers learned one after the other instead of together: the first with an output of its own, which is then
 * thrown away; the second on top of the first, which stays as it is.
 */
export function trainGreedily(seed: number, { jointly = false }: { readonly jointly?: boolean } = {}): Measures {
  const { train, test } = digitRows(seed);
  const random = generator(seed + 1000);
  const sizes = [64, 8, 8, 10];
  const half = { epochs: 30, batchSize: 32, learningRate: 0.2, random };
  const whole = new NeuralNetwork({ sizes, output: 'softmax', random });
  if (jointly) {
    whole.train(train.x, train.y, { ...half, epochs: 60 });
    return { testAccuracy: accuracy(test.labels, argMax(whole.predict(test.x))) };
  }
  const first = new NeuralNetwork({ sizes: [64, 8, 10], output: 'softmax', random });
  first.train(train.x, train.y, half);
  const features = (x: number[][]): number[][] => first.forward(x).a[1];
  const second = new NeuralNetwork({ sizes: [8, 8, 10], output: 'softmax', random });
  second.train(features(train.x), train.y, half);
  return { testAccuracy: accuracy(test.labels, argMax(second.predict(features(test.x)))) };
}
