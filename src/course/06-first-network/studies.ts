// What tests of the exercise dataStudy share: made-up pictures, and what must hold of the models that learn from them.
import type { LayersModel } from '@tensorflow/tfjs-node';
import type { Comparer } from '../../parts/grading/compare';
import { trained, type Judgment, type Predict } from '../../parts/grading/trained-models';
import { asWeights, probabilities } from '../../parts/grading/two-layers';
import type { RandomGenerator } from '../../parts/random';

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

/** The learner's function. */
export type DataStudy = (
  images: number[][],
  labels: number[],
  counts: number[],
  epochs: number,
) => Promise<LayersModel[]>;

/** One call of the answer. */
export type Study = Parameters<DataStudy>;

function network(lists: unknown): Predict | undefined {
  const weights = asWeights(lists, STUDY_SIZES);
  return (
    weights &&
    ((images) =>
      probabilities(
        weights,
        STUDY_SIZES,
        images.map((row) => row.map((item) => item / 16)),
      ))
  );
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The models of several studies: sizes, steps, and what else must hold of them. */
export const studied = (studies: readonly Study[], expected: string, fault: Judgment['fault']): Comparer =>
  trained(
    studies.flatMap(([, , counts, epochs]) => counts.map((rows) => ({ rows, epochs }))),
    { expected, network, fault },
  );

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
      if (many.accuracy(unseen, truth) < ENOUGH.rightOfMany)
        return `for 300 rows a model that is right about ${percent(many.accuracy(unseen, truth))} of other pictures`;
      if (many.loss(images.slice(0, 300), labels) > ENOUGH.loss)
        return `for 300 rows a model with a loss of ${many.loss(images.slice(0, 300), labels).toFixed(2)} on them`;
      if (few.accuracy(unseen, truth) > ENOUGH.rightOfFew)
        return `for 10 rows a model that is right about ${percent(few.accuracy(unseen, truth))} of other pictures`;
      const right = shaded.accuracy(bright.unseen, bright.truth);
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

/** Two studies: of 300 and 10 of these pictures, 30 epochs, and of 300 shades, so many epochs (default 30). */
export const bothOf = (drawn: Pictures, bright: Pictures, epochs = 30): Study[] => [
  [drawn.images, drawn.labels, [300, 10], 30],
  [bright.images, bright.labels, [300], epochs],
];
