import type { RandomGenerator } from '../random';

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Numbers of inputs, units and classes. */
export type Sizes = readonly [inputs: number, units: number, classes: number];

/** Kernel and bias of a dense layer with ReLU, then of one with softmax, in row-major order. */
export type Weights = readonly (readonly number[])[];

export const shapesOf = ([inputs, units, classes]: Sizes): number[][] => [
  [inputs, units],
  [units],
  [units, classes],
  [classes],
];

/** Kernels as Glorot and Bengio draw them, biases that are not 0: no two units are alike. */
export const drawWeights = (draw: RandomGenerator, sizes: Sizes): number[][] =>
  shapesOf(sizes).map(([rows, columns]) =>
    columns === undefined
      ? times(rows, () => draw.normal(0, 0.1))
      : times(rows * columns, () => draw.normal(0, Math.sqrt(2 / (rows + columns)))),
  );

/** A model's weights, each read out as a list; undefined where they have other sizes. */
export function asWeights(lists: unknown, sizes: Sizes): Weights | undefined {
  const lengths = shapesOf(sizes).map(([rows, columns = 1]) => rows * columns);
  const isRight =
    Array.isArray(lists) &&
    lists.length === lengths.length &&
    lists.every((list: unknown, i) => isNumbers(list) && list.length === lengths[i]);
  return isRight ? lists : undefined;
}

export const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isFinite(item));

/** Activations of the hidden layer, and probabilities. */
function forward(
  [w1, b1, w2, b2]: Weights,
  [, units, classes]: Sizes,
  row: readonly number[],
): { a: number[]; p: number[] } {
  const a = times(units, (j) =>
    Math.max(
      0,
      row.reduce((sum, value, k) => sum + value * w1[k * units + j], b1[j]),
    ),
  );
  const z = times(classes, (j) => a.reduce((sum, value, k) => sum + value * w2[k * classes + j], b2[j]));
  const exponentials = z.map((value) => Math.exp(value - Math.max(...z)));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return { a, p: exponentials.map((value) => value / total) };
}

/** A row of probabilities for each row of x. */
export const probabilities = (weights: Weights, sizes: Sizes, x: readonly (readonly number[])[]): number[][] =>
  x.map((row) => forward(weights, sizes, row).p);

/** The share of rows whose likeliest class is their label. */
export function accuracy(p: readonly (readonly number[])[], labels: readonly number[]): number {
  return p.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length / labels.length;
}

/** The mean log loss. */
export const logLoss = (p: readonly (readonly number[])[], labels: readonly number[]): number =>
  p.reduce((sum, row, i) => sum - Math.log(Math.max(row[labels[i]], 1e-7)), 0) / labels.length;

/** Derivatives of the mean log loss by each weight. */
export function gradients(
  weights: Weights,
  sizes: Sizes,
  x: readonly (readonly number[])[],
  labels: readonly number[],
): number[][] {
  const [inputs, units, classes] = sizes;
  const [dw1, db1, dw2, db2] = weights.map(({ length }) => times(length, () => 0));
  for (const [i, row] of x.entries()) {
    const { a, p } = forward(weights, sizes, row);
    const error = p.map((value, j) => (value - (labels[i] === j ? 1 : 0)) / x.length);
    const below = times(units, (k) =>
      a[k] > 0 ? error.reduce((sum, value, j) => sum + value * weights[2][k * classes + j], 0) : 0,
    );
    for (let j = 0; j < classes; j++) db2[j] += error[j];
    for (let k = 0; k < units; k++) {
      db1[k] += below[k];
      for (let j = 0; j < classes; j++) dw2[k * classes + j] += a[k] * error[j];
      for (let n = 0; n < inputs; n++) dw1[n * units + k] += row[n] * below[k];
    }
  }
  return [dw1, db1, dw2, db2];
}

/** Weights after each of some steps of Adam (Kingma and Ba, 2015) with all rows at once. */
export function adam(
  weights: Weights,
  sizes: Sizes,
  x: readonly (readonly number[])[],
  labels: readonly number[],
  { rate, steps }: { readonly rate: number; readonly steps: number },
): Weights[] {
  const [m, v] = [weights, weights].map((lists) => lists.map(({ length }) => times(length, () => 0)));
  let now = weights;
  return times(steps, (t) => {
    const g = gradients(now, sizes, x, labels);
    now = now.map((list, l) =>
      list.map((value, i) => {
        m[l][i] = 0.9 * m[l][i] + 0.1 * g[l][i];
        v[l][i] = 0.999 * v[l][i] + 0.001 * g[l][i] ** 2;
        return value - (rate * (m[l][i] / (1 - 0.9 ** (t + 1)))) / (Math.sqrt(v[l][i] / (1 - 0.999 ** (t + 1))) + 1e-7);
      }),
    );
    return now;
  });
}
