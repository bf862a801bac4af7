// What tests of the exercise dataStudy share: made-up pictures, how models are handed over, and what must hold of them.
import type { LayersModel } from '@tensorflow/tfjs-node';
import type { RandomGenerator } from '../../parts/random';
import { property, satisfies, type Comparer } from '../../parts/grading/compare';
import { accuracy, asWeights, logLoss, probabilities } from '../../parts/grading/two-layers';

interface Pictures {
  readonly images: number[][];
  readonly labels: number[];
  /** What the judge alone knows. */
  readonly unseen: number[][];
  readonly truth: number[];
}

/**
 * Made-up pictures of 64 numbers from 0 to 16: ten kinds, with noise; each is among the first ten. After the first
 * `right` of them, labels are one too high.
 */
export function pictures(
  draw: RandomGenerator,
  { count, right }: { readonly count: number; readonly right: number },
): Pictures {
  const kinds = Array.from({ length: 10 }, () => Array.from({ length: 64 }, () => draw.between(0, 16)));
  const picture = (kind: number): number[] =>
    kinds[kind].map((value) => Math.max(0, Math.min(16, Math.round(value + draw.normal(0, 8)))));
  const [labels, truth] = [count, 200].map((length) =>
    Array.from({ length }, (_, i) => (i < 10 ? i : draw.integer(10))),
  );
  return {
    images: labels.map(picture),
    labels: labels.map((kind, i) => (i < right ? kind : (kind + 1) % 10)),
    unseen: truth.map(picture),
    truth,
  };
}

/**
 * Pictures of five kinds, each bright or dark, of numbers from 0 to `most` (default 16): a model that was trained on
 * other numbers than they divided by 16 takes the bright ones for dark.
 */
export function shades(draw: RandomGenerator, most = 16): Pictures {
  const kinds = Array.from({ length: 5 }, () => Array.from({ length: 64 }, () => (draw.between(0, 1) < 0.4 ? 16 : 0)));
  const picture = (kind: number): number[] =>
    kinds[kind % 5].map((value) =>
      Math.max(0, Math.min(most, Math.round((most / 16) * value * (kind < 5 ? 1 : 0.3) + draw.normal(0, 0.7)))),
    );
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
const canTake = (steps: unknown, epochs: number, rows: number): boolean =>
  Array.from({ length: rows }, (_, i) => epochs * Math.ceil(rows / (i + 1))).some((possible) => possible === steps);

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The models of several studies: sizes, steps, and what else must hold of them. */
export function studied(studies: readonly Study[], expected: string, fault: Fault): Comparer {
  const asked = studies.flatMap(({ counts, epochs }) => counts.map((count) => ({ count, epochs })));
  const problem = (value: unknown): string | undefined => {
    if (!Array.isArray(value) || value.length !== asked.length)
      return Array.isArray(value) ? `${value.length} models in all` : 'no list';
    const models: Judged[] = [];
    for (const [i, { count, epochs }] of asked.entries()) {
      const [lists, steps, isNew] = ['weights', 'steps', 'isNew'].map((name) => property(value[i], name));
      if (isNew !== true) return `for ${count} rows a model that stands in the list already`;
      const weights = asWeights(lists, STUDY_SIZES);
      if (!weights)
        return `for ${count} rows a model whose weights and biases have ${Array.isArray(lists) ? lists.map((list) => (Array.isArray(list) ? list.length : 'no')).join(', ') : 'no'} numbers`;
      if (!canTake(steps, epochs, count))
        return `for ${count} rows and ${epochs} epochs a model that was trained for ${String(steps)} steps`;
      const says = (images: readonly number[][]): number[][] => probabilities(weights, STUDY_SIZES, scaled(images));
      models.push({
        says,
        right: (images, labels) => accuracy(says(images), labels),
        loss: (images, labels) => logLoss(says(images), labels),
      });
    }
    return fault(models);
  };
  return satisfies(
    expected,
    (value) => problem(value) === undefined,
    (value) => problem(value) ?? 'what is right',
  );
}

/** Models trained on the first 300 rows and on the first 10, and one trained on shades. */
export const learned = (
  studies: readonly Study[],
  { images, labels, unseen, truth }: Pictures,
  bright: Pictures,
): Comparer =>
  studied(
    studies,
    `models of ${STUDY_SIZES.join(', ')} units: one that fits the first 300 pictures, one that has seen 10 and can't do as well, and one that tells bright pictures from dark ones`,
    ([many, few, shaded]) => {
      if (many.right(unseen, truth) < ENOUGH.rightOfMany)
        return `for 300 rows a model that is right about ${percent(many.right(unseen, truth))} of other pictures`;
      if (many.loss(images.slice(0, 300), labels) > ENOUGH.loss)
        return `for 300 rows a model with a loss of ${many.loss(images.slice(0, 300), labels).toFixed(2)} on them`;
      if (few.right(unseen, truth) > ENOUGH.rightOfFew)
        return `for 10 rows a model that is right about ${percent(few.right(unseen, truth))} of other pictures`;
      const right = shaded.right(bright.unseen, bright.truth);
      return right < ENOUGH.rightOfShades
        ? `a model that is right about ${percent(right)} of bright and dark pictures, divided by 16`
        : undefined;
    },
  );

/** A model that one epoch has taught little, and one that twenty have taught more. */
export const learnsByAndBy = (studies: readonly Study[], { images, labels }: Pictures): Comparer =>
  studied(
    studies,
    'models that were trained for 1 epoch and for 20: one that knows little, and one that knows more',
    (models) => {
      const [one, twenty] = models.map(({ loss }) => loss(images, labels));
      return one >= ENOUGH.loss && twenty <= one / 2
        ? undefined
        : `models with losses of ${one.toFixed(2)} after 1 epoch and ${twenty.toFixed(2)} after 20`;
    },
  );

/** The learner's function. */
export type DataStudy = (
  images: number[][],
  labels: number[],
  counts: number[],
  epochs: number,
) => Promise<LayersModel[]>;

/**
 * Weights of the models of several studies, one after the other, how many steps their optimizers have taken, and
 * whether each stands there for the first time.
 */
export async function study(
  answer: DataStudy,
  studies: readonly Study[],
): Promise<Array<{ steps: number; weights: number[][]; isNew: boolean }>> {
  const models: LayersModel[] = [];
  for (const { images, labels, counts, epochs } of studies)
    models.push(...(await answer(images, labels, counts, epochs)));
  return Promise.all(
    models.map(async (model, i) => {
      const [{ tensor: steps }] = await model.optimizer.getWeights();
      return {
        isNew: models.indexOf(model) === i,
        steps: steps.dataSync()[0],
        weights: model.getWeights().map((weight) => Array.from(weight.dataSync())),
      };
    }),
  );
}

/** Two studies: of 300 and 10 of these pictures, 30 epochs, and of 300 shades, so many epochs (default 30). */
export const bothOf = (drawn: Pictures, bright: Pictures, epochs = 30): Study[] => [
  { images: drawn.images, labels: drawn.labels, counts: [300, 10], epochs: 30 },
  { images: bright.images, labels: bright.labels, counts: [300], epochs },
];
