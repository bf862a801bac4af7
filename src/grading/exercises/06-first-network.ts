import type { LayersModel, Sequential } from '@tensorflow/tfjs-node';
import type { RandomGenerator } from '../../random';
import type { ExerciseSet } from '../chapter';
import { exactly, near, property, satisfies, type Comparer } from '../compare';
import { exercise } from '../exercise';
import { accuracy, asWeights, logLoss, probabilities } from '../two-layers';

export const countSteps = exercise<(rows: number, batchSize: number, epochs: number) => number>('countSteps', ({ calls }) => ({
  title: 'steps',
  hints: ['An epoch has as many steps as there are batches. The last batch may be smaller, but it is a step.'],
  tests: [
    calls('counts the last, smaller batch too', 1, [
      [[100, 32, 500], exactly(2000)],
      [[1000, 64, 1], exactly(16)],
      [[64, 64, 3], exactly(3)],
    ], { look: 'Each epoch has its own last batch: round up before you multiply.' }),
  ],
}));

export const minMax = exercise<(rows: number[][]) => number[][]>('minMax', ({ calls }) => ({
  title: 'scale by column',
  hints: ['Collect a column with `rows.map((row) => row[j])`.', 'Where the largest is the smallest, dividing would give NaN: return 0 there.'],
  tests: [calls('scales each column to 0 … 1, a constant one to 0', 2, [[[[[0, 5], [5, 5], [10, 5]]], near([[0, 0], [0.5, 0], [1, 0]])], [[[[0, 2e-9], [1e-8, 1e-9]]], near([[0, 1], [1, 0]])]], { look: 'A column varies where its largest number is above its smallest, however little.', notFinite: 'A column that never varies would be divided by 0.' })],
}));

export const build = exercise<(inputs: number, units: number, classes: number) => Sequential>('build', ({ probe }) => ({
  title: 'build a classifier',
  seconds: 90,
  hints: ['The output layer has one unit a class; softmax makes probabilities of them.', 'Labels that are class numbers want the loss `sparseCategoricalCrossentropy`.', '`compile` takes the optimizer, the loss, and the list of metrics.'],
  tests: [
    probe('has a hidden layer of the given size, and a unit for each class', 0, [[[64, 16, 10], exactly([[64, 16], [16], [16, 10], [10]])]], (answer, [inputs, units, classes]: number[]) => answer(inputs, units, classes).getWeights().map(({ shape }) => shape), { result: 'returned a model with weights of the shapes' }),
    probe('gives probabilities that sum to 1', 0, [[[64, 16, 10], near([1, 1], { atol: 1e-5 })]], (answer, [inputs, units, classes]: number[], { tf }) => {
      const outputs = [answer(inputs, units, classes).predictOnBatch(tf.tensor2d([new Array<number>(inputs).fill(1), new Array<number>(inputs).fill(0.5)]))].flat()[0];
      const rows = outputs.arraySync();
      return Array.isArray(rows) ? rows.map((row) => (Array.isArray(row) ? row.map(Number).reduce((sum, value) => sum + value, 0) : row)) : rows;
    }, { result: 'returned a model whose outputs sum to' }),
    probe('is compiled for class numbers, with Adam and accuracy', 1, [[{ sizes: [2, 8, 3], x: [[1, 0], [0, 1], [1, 1]], labels: [0, 1, 2] }, satisfies('the optimizer Adam, and a loss and accuracy as metrics', (value) => {
      const names = property(value, 'metrics');
      return property(value, 'optimizer') === 'Adam' && Array.isArray(names) && names.length === 2 && /acc/i.test(String(names[1]));
    })]], async (answer, { sizes, x, labels }: { sizes: number[]; x: number[][]; labels: number[] }, { tf }) => {
      const model = answer(sizes[0], sizes[1], sizes[2]);
      await model.fit(tf.tensor2d(x), tf.tensor1d(labels), { epochs: 1, verbose: 0 });
      return { optimizer: model.optimizer.getClassName(), metrics: model.metricsNames };
    }, { call: () => 'build(2, 8, 3), trained on three rows with the class numbers 0, 1 and 2,', result: 'has', look: 'Labels that are class numbers have a loss of their own; `metrics` is a list of names.' }),
  ],
}));

export const stopsAfter = exercise<(losses: number[], patience: number) => number>('stopsAfter', ({ calls }) => ({
  title: 'early stopping',
  hints: ['Remember the best loss, and for how many epochs it has not been beaten.', 'An equal loss is no improvement.'],
  tests: [
    calls('stops when the patience is over', 1, [[[[3, 2, 2.5, 2.2, 1.9, 2, 2, 2], 2], exactly(4)], [[[2, 1, NaN, NaN, NaN], 2], exactly(4)]], { look: 'Count the epochs since the lowest loss; NaN is not lower than anything.' }),
    calls('begins to count anew after an improvement', 1, [
      [[[3, 2, 2.5, 2.2, 1.9, 2, 2, 2], 3], exactly(8)],
      [[[3, 2, 1], 5], exactly(3)],
      [[[1, 0.9999, 0.9998, 0.9997], 2], exactly(4)],
    ], { look: 'Lower is lower, however little; the best loss is the lowest of all before.' }),
  ],
}));

interface Pictures {
  readonly images: number[][];
  readonly labels: number[];
  /** What the judge alone knows. */
  readonly unseen: number[][];
  readonly truth: number[];
}

/** Made-up pictures of 64 numbers from 0 to 16: ten kinds, with noise; each is among the first ten. After the first `right` of them, labels are one too high. */
export function pictures(draw: RandomGenerator, { count, right }: { readonly count: number; readonly right: number }): Pictures {
  const kinds = Array.from({ length: 10 }, () => Array.from({ length: 64 }, () => draw.between(0, 16)));
  const picture = (kind: number): number[] => kinds[kind].map((value) => Math.max(0, Math.min(16, Math.round(value + draw.normal(0, 8)))));
  const [labels, truth] = [count, 200].map((length) => Array.from({ length }, (_, i) => (i < 10 ? i : draw.integer(10))));
  return { images: labels.map(picture), labels: labels.map((kind, i) => (i < right ? kind : (kind + 1) % 10)), unseen: truth.map(picture), truth };
}

/**
 * Pictures of five kinds, each bright or dark, with no number above `most`: a model that was trained on other numbers than they divided by 16 takes the bright ones for dark.
 */
export function shades(draw: RandomGenerator, most = 16): Pictures {
  const kinds = Array.from({ length: 5 }, () => Array.from({ length: 64 }, () => (draw.between(0, 1) < 0.4 ? most : 0)));
  const picture = (kind: number): number[] => kinds[kind % 5].map((value) => Math.max(0, Math.min(most, Math.round(value * (kind < 5 ? 1 : 0.3) + draw.normal(0, 0.7)))));
  const [labels, truth] = [300, 200].map((length) => Array.from({ length }, (_, i) => (i < 10 ? i : draw.integer(10))));
  return { images: labels.map(picture), labels, unseen: truth.map(picture), truth };
}

const STUDY_SIZES = [64, 32, 10] as const;
/** Where models of a study must lie: found over rates from 0.001 to 0.01, twenty draws each. */
const ENOUGH = { rightOfMany: 0.8, rightOfFew: 0.7, rightOfShades: 0.8, loss: 0.8 } as const;

const scaled = (rows: readonly (readonly number[])[]): number[][] => rows.map((row) => row.map((item) => item / 16));

/** One call of the answer. */
export interface Study {
  readonly images: number[][];
  readonly labels: number[];
  readonly counts: number[];
  readonly epochs: number;
}

/** What a model says of pictures, and how often it is right about them. */
interface Judged {
  readonly says: (images: readonly number[][]) => number[][];
  readonly right: (images: readonly number[][], labels: readonly number[]) => number;
  readonly loss: (images: readonly number[][], labels: readonly number[]) => number;
}

/** What is wrong with the models of a study, in words that follow "returned"; undefined where nothing is. */
type Fault = (models: readonly Judged[]) => string | undefined;

/** Whether so many epochs of so many rows can take these steps, with batches of some size. */
const canTake = (steps: unknown, epochs: number, rows: number): boolean => Array.from({ length: rows }, (_, i) => epochs * Math.ceil(rows / (i + 1))).some((possible) => possible === steps);

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The models of several studies: sizes, steps, and what else must hold of them. */
export function studied(studies: readonly Study[], expected: string, fault: Fault): Comparer {
  const asked = studies.flatMap(({ counts, epochs }) => counts.map((count) => ({ count, epochs })));
  const problem = (value: unknown): string | undefined => {
    if (!Array.isArray(value) || value.length !== asked.length) return Array.isArray(value) ? `${value.length} models in all` : 'no list';
    const models: Judged[] = [];
    for (const [i, { count, epochs }] of asked.entries()) {
      const [lists, steps] = ['weights', 'steps'].map((name) => property(value[i], name));
      const weights = asWeights(lists, STUDY_SIZES);
      if (!weights) return `for ${count} rows a model whose weights and biases have ${Array.isArray(lists) ? lists.map((list) => (Array.isArray(list) ? list.length : 'no')).join(', ') : 'no'} numbers`;
      if (!canTake(steps, epochs, count)) return `for ${count} rows and ${epochs} epochs a model that was trained for ${String(steps)} steps`;
      const says = (images: readonly number[][]): number[][] => probabilities(weights, STUDY_SIZES, scaled(images));
      models.push({ says, right: (images, labels) => accuracy(says(images), labels), loss: (images, labels) => logLoss(says(images), labels) });
    }
    return fault(models);
  };
  return satisfies(expected, (value) => problem(value) === undefined, (value) => problem(value) ?? 'what is right');
}

/** Models trained on the first 300 rows and on the first 10, and one trained on shades. */
export const learned = (studies: readonly Study[], { images, labels, unseen, truth }: Pictures, bright: Pictures): Comparer =>
  studied(studies, `models of ${STUDY_SIZES.join(', ')} units: one that fits the first 300 pictures, one that has seen 10 and can't do as well, and one that tells bright pictures from dark ones`, ([many, few, shaded]) => {
    if (many.right(unseen, truth) < ENOUGH.rightOfMany) return `for 300 rows a model that is right about ${percent(many.right(unseen, truth))} of other pictures`;
    if (many.loss(images.slice(0, 300), labels) > ENOUGH.loss) return `for 300 rows a model with a loss of ${many.loss(images.slice(0, 300), labels).toFixed(2)} on them`;
    if (few.right(unseen, truth) > ENOUGH.rightOfFew) return `for 10 rows a model that is right about ${percent(few.right(unseen, truth))} of other pictures`;
    const right = shaded.right(bright.unseen, bright.truth);
    return right < ENOUGH.rightOfShades ? `a model that is right about ${percent(right)} of bright and dark pictures, divided by 16` : undefined;
  });

/** A model that one epoch has taught little, and one that twenty have taught more. */
export const learnsByAndBy = (studies: readonly Study[], { images, labels }: Pictures): Comparer =>
  studied(studies, 'models that were trained for 1 epoch and for 20: one that knows little, and one that knows more', (models) => {
    const [one, twenty] = models.map(({ loss }) => loss(images, labels));
    return one >= ENOUGH.loss && twenty <= one / 2 ? undefined : `models with losses of ${one.toFixed(2)} after 1 epoch and ${twenty.toFixed(2)} after 20`;
  });

type DataStudy = (images: number[][], labels: number[], counts: number[], epochs: number) => Promise<LayersModel[]>;

/** Weights of the models of several studies, one after the other, and how many steps their optimizers have taken. */
export async function study(answer: DataStudy, studies: readonly Study[]): Promise<Array<{ steps: number; weights: number[][] }>> {
  const models: LayersModel[] = [];
  for (const { images, labels, counts, epochs } of studies) models.push(...(await answer(images, labels, counts, epochs)));
  return Promise.all(models.map(async (model) => {
    const [{ tensor: steps }] = await model.optimizer.getWeights();
    return { steps: steps.dataSync()[0], weights: model.getWeights().map((weight) => Array.from(weight.dataSync())) };
  }));
}

/** Two studies of 30 epochs: of 300 and 10 of these pictures, and of 300 shades. */
export const bothOf = (drawn: Pictures, bright: Pictures): Study[] => [
  { images: drawn.images, labels: drawn.labels, counts: [300, 10], epochs: 30 },
  { images: bright.images, labels: bright.labels, counts: [300], epochs: 30 },
];

export const dataStudy = exercise<DataStudy>('dataStudy', ({ probe }) => ({
  title: 'how much data?',
  seconds: 180,
  hints: ['Write the loop over the counts first: a new model, the first rows, `fit`.', '`tf.slice(x, 0, count)` takes the first rows.', 'Free the tensors of the data at the end; the models are handed back.'],
  tests: [
    probe('trains a new model on the first rows for each count', 1, (draw) => {
      const [drawn, bright] = [pictures(draw, { count: 600, right: 300 }), shades(draw)];
      const studies = bothOf(drawn, bright);
      return [[studies, learned(studies, drawn, bright)]];
    }, study, { call: () => 'dataStudy(images, labels, [300, 10], 30)', look: 'Each count: a new model of task 3 with 32 units, the first rows and no others, values divided by 16.' }),
    probe('trains for as many epochs as it is told', 1, (draw) => {
      const drawn = shades(draw);
      const studies = [1, 20].map((epochs) => ({ images: drawn.images, labels: drawn.labels, counts: [300], epochs }));
      return [[studies, learnsByAndBy(studies, drawn)]];
    }, study, { call: () => 'dataStudy(images, labels, [300], 1), and the same with 20 epochs,', look: 'Each model has 32 units; the number of epochs is an argument, and none is left out or added.' }),
  ],
}));

export default { notebook: '06-first-network', exercises: [countSteps, minMax, build, stopsAfter, dataStudy] } satisfies ExerciseSet;
