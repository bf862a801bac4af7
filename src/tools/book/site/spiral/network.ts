// The small network on the front page: plain arrays, no library, so that a page needs a few kilobytes for it. It imports
// nothing: the page has this file alone.

export type Activation = 'tanh' | 'relu' | 'sigmoid';

export interface NetworkOptions {
  /** Units of each hidden layer (default 8). */
  readonly width?: number;
  /** Hidden layers (default 2). */
  readonly depth?: number;
  /** Default `tanh`. */
  readonly activation?: Activation;
  /** Decides the first weights (default 1). */
  readonly seed?: number;
}

/** Points of two classes: each is x, y and its class, 0 or 1. */
export type Points = readonly (readonly [x: number, y: number, label: 0 | 1])[];

/** A layer: `weights[j * inputs + i]` leads from the input i to the unit j. */
interface Layer {
  readonly inputs: number;
  readonly units: number;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** A network of dense layers from the two coordinates of a point to the log odds of class 1. */
export interface Network {
  readonly layers: readonly Layer[];
  readonly activation: Activation;
  /** Moments of Adam, one pair for each list of numbers, and its count of steps. */
  readonly moments: readonly (readonly [first: Float64Array, second: Float64Array])[];
  steps: number;
}

/** Numbers between 0 and 1 that follow from a seed (mulberry32, T. Ettinger 2017). */
export function numbersFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Two arms that wind around each other, within -1 and 1. */
export function spiral(perArm = 90, noise = 0.02, seed = 7): Points {
  const next = numbersFrom(seed);
  const points: [number, number, 0 | 1][] = [];
  for (let i = 0; i < perArm; i++)
    for (const label of [0, 1] as const) {
      const radius = 0.05 + (0.9 * i) / perArm;
      const angle = 2.2 * Math.PI * (i / perArm) + label * Math.PI;
      const shift = (): number => noise * (2 * next() - 1);
      points.push([radius * Math.cos(angle) + shift(), radius * Math.sin(angle) + shift(), label]);
    }
  return points;
}

/** A network with weights drawn uniformly, as wide as Glorot and Bengio (2010) found, and biases of 0. */
export function makeNetwork({ width = 8, depth = 2, activation = 'tanh', seed = 1 }: NetworkOptions = {}): Network {
  const next = numbersFrom(seed);
  const sizes = [2, ...Array.from({ length: depth }, () => width), 1];
  const layers = sizes.slice(1).map((units, k) => {
    const inputs = sizes[k];
    const limit = Math.sqrt(6 / (inputs + units)) * (activation === 'sigmoid' && k < depth ? 4 : 1);
    return {
      inputs,
      units,
      weights: Float64Array.from({ length: inputs * units }, () => limit * (2 * next() - 1)),
      biases: new Float64Array(units),
    };
  });
  const moments = listsOf(layers).map(({ length }) => [new Float64Array(length), new Float64Array(length)] as const);
  return { layers, activation, moments, steps: 0 };
}

const listsOf = (layers: readonly Pick<Layer, 'weights' | 'biases'>[]): Float64Array[] =>
  layers.flatMap(({ weights, biases }) => [weights, biases]);

/** Coordinates are stretched, so that the first units see values of about 1. */
const SCALE = 2;
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

function activate(z: number, activation: Activation): number {
  if (activation === 'tanh') return Math.tanh(z);
  return activation === 'relu' ? Math.max(0, z) : sigmoid(z);
}

/** The slope of an activation where its value is `a`. */
function slopeAt(a: number, activation: Activation): number {
  if (activation === 'tanh') return 1 - a * a;
  return activation === 'relu' ? Number(a > 0) : a * (1 - a);
}

/** The values of all layers for one point, the coordinates first, the log odds last. */
function forward({ layers, activation }: Network, x: number, y: number): number[][] {
  const values = [[SCALE * x, SCALE * y]];
  for (const [k, { inputs, units, weights, biases }] of layers.entries()) {
    const made: number[] = [];
    for (let j = 0; j < units; j++) {
      let z = biases[j];
      for (let i = 0; i < inputs; i++) z += weights[j * inputs + i] * values[k][i];
      made.push(k === layers.length - 1 ? z : activate(z, activation));
    }
    values.push(made);
  }
  return values;
}

/** The probability of class 1 at a point. */
export const predict = (network: Network, x: number, y: number): number =>
  sigmoid(forward(network, x, y)[network.layers.length][0]);

/** The mean log loss of points, and its gradient by each weight and bias, in the order of the layers. */
export function lossAndGradients(network: Network, points: Points): { loss: number; gradients: Float64Array[] } {
  const { layers, activation } = network;
  const slopes = layers.map(({ weights, biases }) => ({
    weights: new Float64Array(weights.length),
    biases: new Float64Array(biases.length),
  }));
  let loss = 0;
  for (const [x, y, label] of points) {
    const values = forward(network, x, y);
    const logit = values[layers.length][0];
    loss += (Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit)))) / points.length;
    let deltas = [(sigmoid(logit) - label) / points.length];
    for (let k = layers.length - 1; k >= 0; k--) {
      const { inputs, units, weights } = layers[k];
      const before = new Array<number>(inputs).fill(0);
      for (let j = 0; j < units; j++) {
        slopes[k].biases[j] += deltas[j];
        for (let i = 0; i < inputs; i++) {
          slopes[k].weights[j * inputs + i] += deltas[j] * values[k][i];
          before[i] += deltas[j] * weights[j * inputs + i];
        }
      }
      deltas = before.map((delta, i) => delta * slopeAt(values[k][i], activation));
    }
  }
  return { loss, gradients: listsOf(slopes) };
}

/** One step of Adam (Kingma and Ba 2015) on all points. Returns the loss before it. */
export function train(network: Network, points: Points, rate: number): number {
  const { loss, gradients } = lossAndGradients(network, points);
  const [keep, keepSquares] = [0.9, 0.999];
  network.steps++;
  const [first, second] = [1 - keep ** network.steps, 1 - keepSquares ** network.steps];
  for (const [k, list] of listsOf(network.layers).entries()) {
    const [mean, square] = network.moments[k];
    for (const [i, slope] of gradients[k].entries()) {
      mean[i] = keep * mean[i] + (1 - keep) * slope;
      square[i] = keepSquares * square[i] + (1 - keepSquares) * slope * slope;
      list[i] -= (rate * (mean[i] / first)) / (Math.sqrt(square[i] / second) + 1e-8);
    }
  }
  return loss;
}

/** The share of points that get the right class. */
export const accuracy = (network: Network, points: Points): number =>
  points.filter(([x, y, label]) => predict(network, x, y) > 0.5 === (label === 1)).length / points.length;

const BLUE = [31, 119, 180];
const ORANGE = [255, 127, 14];
/** Pixels from one prediction to the next. */
const GRID = 5;
/** The picture shows this much of the plane to each side. */
const REACH = 1.1;

/**
 * Paints what a network makes of the plane, and the points on it: blue for class 0, orange for class 1, pale where it
 * isn't sure.
 *
 * @param size width and height in pixels, a multiple of 5.
 * @returns four bytes a pixel, row by row.
 */
export function paint(network: Network, points: Points, size: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * size * size);
  const nodes = size / GRID + 1;
  const place = (pixel: number): number => REACH * ((2 * pixel) / size - 1);
  const grid = Float64Array.from({ length: nodes * nodes }, (_, at) =>
    predict(network, place((at % nodes) * GRID), -place(Math.floor(at / nodes) * GRID)),
  );
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const corner = Math.floor(row / GRID) * nodes + Math.floor(column / GRID);
      const [right, down] = [(column % GRID) / GRID, (row % GRID) / GRID];
      const top = grid[corner] * (1 - right) + grid[corner + 1] * right;
      const bottom = grid[corner + nodes] * (1 - right) + grid[corner + nodes + 1] * right;
      const sureness = 2 * (top * (1 - down) + bottom * down) - 1;
      set(pixels, 4 * (row * size + column), sureness > 0 ? ORANGE : BLUE, 0.55 * Math.abs(sureness));
    }
  const radius = size / 80;
  for (const [x, y, label] of points) {
    const [middle, center] = [(size * (1 - y / REACH)) / 2, (size * (1 + x / REACH)) / 2];
    for (let row = Math.floor(middle - radius - 1); row <= middle + radius + 1; row++)
      for (let column = Math.floor(center - radius - 1); column <= center + radius + 1; column++) {
        const distance = Math.hypot(row - middle, column - center);
        if (row < 0 || column < 0 || row >= size || column >= size || distance > radius) continue;
        set(
          pixels,
          4 * (row * size + column),
          distance > radius - 1 ? [255, 255, 255] : label === 1 ? ORANGE : BLUE,
          1,
        );
      }
  }
  return pixels;
}

/** A pixel of a color on white. */
function set(pixels: Uint8ClampedArray, at: number, color: readonly number[], share: number): void {
  for (let channel = 0; channel < 3; channel++) pixels[at + channel] = 255 + share * (color[channel] - 255);
  pixels[at + 3] = 255;
}
