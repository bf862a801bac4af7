import { batches, pick } from '../data';
import type { RandomGenerator } from '../random';
import { activations, softmax, type Activation } from './activations';
import { checkPositive, checkRows, type Rows } from './check';
import { initialWeights, type Initializer } from './initializers';
import { binaryCrossEntropyFromLogits, categoricalCrossEntropyFromLogits, meanSquaredError } from './losses';
import { columnSums, matMul, transpose } from './matrix';

/**
 * The last layer, with the loss that belongs to it: softmax and sigmoid with cross entropy, linear with half the
 * squared error.
 */
export type Output = 'softmax' | 'sigmoid' | 'linear';

/** A dense layer's parameters, or their gradients. */
export interface Layer {
  /** `[inputs][units]`. */
  readonly weights: number[][];
  /** `[units]`. */
  readonly biases: number[];
}

export interface NeuralNetworkOptions {
  /** Inputs, units of each hidden layer, outputs: `[2, 8, 1]` is one hidden layer of 8 units. */
  readonly sizes: readonly number[];
  readonly output: Output;
  readonly random: RandomGenerator;
  /** Activation of the hidden layers (default ReLU). */
  readonly hidden?: Activation;
  /** How weights begin (default `he`). */
  readonly initializer?: Initializer;
  /** What biases begin with (default 0). */
  readonly initialBias?: number;
}

export interface TrainOptions {
  /** Rounds through all rows. */
  readonly epochs: number;
  /** Rows a step (default: all). */
  readonly batchSize?: number;
  readonly learningRate: number;
  /** Shuffles the rows before each epoch. */
  readonly random: RandomGenerator;
  /** Called after each epoch with its number from 1 and the mean loss of its batches. */
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

/**
 * A network of dense layers with back-propagation by hand (Rumelhart, Hinton and Williams, 1986). Numbers have 64 bits.
 *
 * @example
 * import { NeuralNetwork } from 'layerwise/nn';
 * import { generator } from 'layerwise/random';
 * const random = generator(1);
 * const network = new NeuralNetwork({ sizes: [2, 8, 1], output: 'sigmoid', random });
 * network.train([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]], { epochs: 500, learningRate: 0.5, random });
 */
export class NeuralNetwork {
  readonly layers: Layer[];
  private readonly hidden: Activation;
  private readonly output: Output;

  constructor({
    sizes,
    output,
    random,
    hidden = activations.relu,
    initializer = 'he',
    initialBias = 0,
  }: NeuralNetworkOptions) {
    if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 1))
      throw new RangeError(
        `NeuralNetwork: expected sizes to be at least two whole numbers from 1, got [${sizes.join(', ')}]`,
      );
    if (output === 'softmax' && sizes[sizes.length - 1] < 2)
      throw new RangeError(
        'NeuralNetwork: expected at least 2 outputs with softmax, got 1; use sigmoid for two classes',
      );
    this.hidden = hidden;
    this.output = output;
    this.layers = sizes.slice(1).map((units, i) => ({
      weights: initialWeights(initializer, sizes[i], units, random),
      biases: new Array<number>(units).fill(initialBias),
    }));
  }

  /**
   * Weighted sums `z` and activations `a` of each layer; `a[0]` is the input, so that layer `l` leads from `a[l]` to
   * `a[l + 1]`.
   */
  forward(x: Rows): { z: number[][][]; a: number[][][] } {
    const inputs = this.layers[0].weights.length;
    const features = checkRows('NeuralNetwork', x);
    if (features !== inputs) throw new RangeError(`NeuralNetwork: expected ${inputs} features a row, got ${features}`);
    const a = [x.map((row) => [...row])];
    const z = this.layers.map(({ weights, biases }, l) => {
      const sums = matMul(a[l], weights).map((row) => row.map((sum, j) => sum + biases[j])); // [count][units]
      a.push(l < this.layers.length - 1 ? sums.map((row) => row.map(this.hidden.value)) : this.finish(sums));
      return sums;
    });
    return { z, a };
  }

  private finish(z: number[][]): number[][] {
    if (this.output === 'softmax') return z.map(softmax);
    return this.output === 'sigmoid' ? z.map((row) => row.map(activations.sigmoid.value)) : z;
  }

  /** What the last layer says, `[count][outputs]`: probabilities, or numbers where it is linear. */
  predict(x: Rows): number[][] {
    const { a } = this.forward(x);
    return a[a.length - 1];
  }

  /** Mean loss over the rows. */
  loss(x: Rows, y: Rows): number {
    const { z } = this.forward(x);
    return this.lossOf(y, z[z.length - 1]);
  }

  private lossOf(y: Rows, z: Rows): number {
    const outputs = this.layers[this.layers.length - 1].biases.length;
    if (y.length !== z.length || y.some((row) => row.length !== outputs))
      throw new RangeError(
        `NeuralNetwork: expected targets of shape [${z.length}, ${outputs}], got [${y.length}, ${y[0]?.length ?? 0}]`,
      );
    if (this.output === 'softmax') return categoricalCrossEntropyFromLogits(y, z);
    if (this.output === 'sigmoid') return binaryCrossEntropyFromLogits(y.flat(), z.flat()) * outputs;
    return (meanSquaredError(y.flat(), z.flat()) * outputs) / 2;
  }

  /** The loss and its gradient by every parameter, by back-propagation. */
  gradients(x: Rows, y: Rows): { loss: number; layers: Layer[] } {
    const { z, a } = this.forward(x);
    const last = this.layers.length - 1;
    const loss = this.lossOf(y, z[last]);
    const layers: Layer[] = [];
    // With each of the three pairs of output and loss, the gradient by the last z is ŷ − y.
    let delta = a[last + 1].map((row, i) => row.map((yHat, k) => (yHat - y[i][k]) / x.length)); // [count][outputs]
    for (let l = last; l >= 0; l--) {
      layers.unshift({ weights: matMul(transpose(a[l]), delta), biases: columnSums(delta) });
      if (l === 0) break;
      const passed = matMul(delta, transpose(this.layers[l].weights)); // [count][units below]
      delta = passed.map((row, i) => row.map((value, j) => value * this.hidden.derivative(z[l - 1][i][j])));
    }
    return { loss, layers };
  }

  /** One step of gradient descent. Returns the loss before it. */
  step(x: Rows, y: Rows, learningRate: number): number {
    checkPositive('NeuralNetwork', 'learningRate', learningRate);
    const { loss, layers } = this.gradients(x, y);
    layers.forEach((gradient, l) => {
      const { weights, biases } = this.layers[l];
      gradient.weights.forEach((row, i) => row.forEach((g, j) => (weights[i][j] -= learningRate * g)));
      gradient.biases.forEach((g, j) => (biases[j] -= learningRate * g));
    });
    return loss;
  }

  /** Mini-batch gradient descent. Returns the mean loss of each epoch. */
  train(x: Rows, y: Rows, { epochs, batchSize = x.length, learningRate, random, onEpoch }: TrainOptions): number[] {
    return Array.from({ length: epochs }, (_, epoch) => {
      let total = 0;
      for (const rows of batches(x.length, { batchSize, random }))
        total += this.step(pick(x, rows), pick(y, rows), learningRate) * rows.length;
      onEpoch?.(epoch + 1, total / x.length);
      return total / x.length;
    });
  }
}
