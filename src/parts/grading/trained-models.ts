import type { LayersModel } from '@tensorflow/tfjs-node';
import type { RandomGenerator } from '../random';
import { property, satisfies, type Comparer } from './compare';
import type { Test, TestMaker, Words } from './exercise';
import { accuracy, logLoss } from './two-layers';

/** A function that trains models, and hands back the models themselves. */
export type Trains<A extends unknown[]> = (...args: A) => Promise<LayersModel[]>;

/**
 * A test of a function that trains models. It is called with each list of arguments, and the judge gets the weights of
 * all models and the steps that they were trained for, read here: an accuracy that the function claims is never looked
 * at.
 *
 * @param studies lists of calls, with the judge of all their models, made by {@link trained}.
 */
export const trainsModels = <A extends unknown[]>(
  make: TestMaker<Trains<A>>,
  name: string,
  points: number,
  studies: (draw: RandomGenerator) => readonly (readonly [calls: readonly A[], expect: Comparer])[],
  words?: Words<readonly A[]>,
): Test => make.probe(name, points, studies, readModels, words);

/** Run beside the answer: it may use nothing but its arguments. */
async function readModels<A extends unknown[]>(
  answer: Trains<A>,
  calls: readonly A[],
): Promise<{ isNew: boolean; steps: number; weights: number[][] }[]> {
  const models: LayersModel[] = [];
  for (const args of calls) models.push(...(await answer(...args)));
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

/** What one model was to be trained with: so many rows, for so many epochs, in batches of any size. */
export interface Training {
  readonly rows: number;
  readonly epochs: number;
}

/** A row of probabilities for each row of inputs. */
export type Predict = (x: readonly (readonly number[])[]) => number[][];

/** A model as the judge computes it from its weights. */
export interface JudgedModel {
  readonly predict: Predict;
  readonly accuracy: (x: readonly (readonly number[])[], labels: readonly number[]) => number;
  readonly loss: (x: readonly (readonly number[])[], labels: readonly number[]) => number;
}

export interface Judgment {
  /** What is expected, in words. */
  readonly expected: string;
  /** Computes what a model with these weights predicts; undefined where they are no weights of the model asked for. */
  readonly network: (weights: unknown) => Predict | undefined;
  /** What is wrong with the models, in words that follow "returned"; undefined where nothing is. */
  readonly fault: (models: readonly JudgedModel[]) => string | undefined;
}

/** Judges models, in the order of their trainings: each a new one, of the right shape, trained for possible steps. */
export function trained(trainings: readonly Training[], { expected, network, fault }: Judgment): Comparer {
  const problem = (value: unknown): string | undefined => {
    if (!Array.isArray(value) || value.length !== trainings.length)
      return Array.isArray(value) ? `${value.length} models in all` : 'no list';
    const models: JudgedModel[] = [];
    for (const [i, training] of trainings.entries()) {
      const found = judgedModel(value[i], training, network);
      if (typeof found === 'string') return found;
      models.push(found);
    }
    return fault(models);
  };
  return satisfies(
    expected,
    (value) => problem(value) === undefined,
    (value) => problem(value) ?? 'what is right',
  );
}

/** The model, or what is wrong with it. */
function judgedModel(value: unknown, { rows, epochs }: Training, network: Judgment['network']): JudgedModel | string {
  const [lists, steps, isNew] = ['weights', 'steps', 'isNew'].map((name) => property(value, name));
  if (isNew !== true) return `for ${rows} rows a model that stands in the list already`;
  const predict = network(lists);
  if (!predict) return `for ${rows} rows a model whose weights and biases have ${lengthsOf(lists)} numbers`;
  if (!canTake(steps, epochs, rows))
    return `for ${rows} rows and ${epochs} epochs a model that was trained for ${String(steps)} steps`;
  return {
    predict,
    accuracy: (x, labels) => accuracy(predict(x), labels),
    loss: (x, labels) => logLoss(predict(x), labels),
  };
}

const lengthsOf = (lists: unknown): string =>
  Array.isArray(lists) ? lists.map((list) => (Array.isArray(list) ? list.length : 'no')).join(', ') : 'no';

/** Whether so many epochs of so many rows can take these steps, with batches of some size. */
const canTake = (steps: unknown, epochs: number, rows: number): boolean =>
  Array.from({ length: rows }, (_, i) => epochs * Math.ceil(rows / (i + 1))).some((possible) => possible === steps);
