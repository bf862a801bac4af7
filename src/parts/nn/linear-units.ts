import { checkBothClasses, checkPositive, checkRows, checkSameLength, type Rows } from './check';

/** A line (plane, hyperplane) that decides: class 1 where w·x + b > 0. */
export interface LinearUnit {
  readonly weights: number[];
  readonly bias: number;
}

export interface LinearUnitFit extends LinearUnit {
  /** How many rows were on the wrong side in each epoch. */
  readonly mistakes: number[];
  /** The weights and bias after each epoch. */
  readonly history: LinearUnit[];
}

export interface LinearUnitOptions {
  /** Most rounds through the rows; it stops sooner after one without a mistake (default 100). */
  readonly epochs?: number;
  /** Size of a correction (default 1 for the perceptron, 0.01 for Adaline). */
  readonly learningRate?: number;
}

/** w·x + b for one row. */
export const weightedSum = ({ weights, bias }: LinearUnit, row: readonly number[]): number =>
  row.reduce((sum, value, j) => sum + weights[j] * value, bias);

/** The class of each row: 1 where the weighted sum is above 0, else 0. */
export const decide = (unit: LinearUnit, x: Rows): number[] => x.map((row) => (weightedSum(unit, row) > 0 ? 1 : 0));

/**
 * The perceptron rule (Rosenblatt, 1958): a row on the wrong side pushes the line by learningRate·(y − ŷ)·x. It ends
 * where a line separates the classes, and never else.
 */
export const fitPerceptron = (
  x: Rows,
  y: readonly number[],
  { epochs = 100, learningRate = 1 }: LinearUnitOptions = {},
): LinearUnitFit => correct('fitPerceptron', x, y, { epochs, learningRate }, (sum, label) => label - (sum > 0 ? 1 : 0));

/**
 * Adaline (Widrow and Hoff, 1960): each row corrects by the error of the weighted sum itself against targets −1 and 1,
 * before any threshold.
 */
export const fitAdaline = (
  x: Rows,
  y: readonly number[],
  { epochs = 100, learningRate = 0.01 }: LinearUnitOptions = {},
): LinearUnitFit => correct('fitAdaline', x, y, { epochs, learningRate }, (sum, label) => 2 * label - 1 - sum);

function correct(
  caller: string,
  x: Rows,
  y: readonly number[],
  { epochs, learningRate }: Required<LinearUnitOptions>,
  errorOf: (sum: number, label: number) => number,
): LinearUnitFit {
  const features = checkRows(caller, x);
  checkSameLength(caller, y, x.length);
  checkBothClasses(caller, y);
  checkPositive(caller, 'learningRate', learningRate);
  checkPositive(caller, 'epochs', epochs);
  let unit: LinearUnit = { weights: new Array<number>(features).fill(0), bias: 0 };
  const mistakes: number[] = [];
  const history: LinearUnit[] = [];
  for (let epoch = 0; epoch < epochs && mistakes.at(-1) !== 0; epoch++) {
    let wrong = 0;
    x.forEach((row, i) => {
      const sum = weightedSum(unit, row);
      if ((sum > 0 ? 1 : 0) !== y[i]) wrong++;
      const change = learningRate * errorOf(sum, y[i]);
      unit = { weights: unit.weights.map((weight, j) => weight + change * row[j]), bias: unit.bias + change };
    });
    mistakes.push(wrong);
    history.push(unit);
  }
  return { ...unit, mistakes, history };
}
