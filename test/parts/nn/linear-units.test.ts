import { describe, expect, it } from 'vitest';
import { decide, fitAdaline, fitPerceptron } from '../../../src/parts/nn';

const square = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const and = [0, 0, 0, 1];
const xor = [0, 1, 1, 0];

describe('fitPerceptron', () => {
  it('ends without a mistake where a line separates the classes', () => {
    const unit = fitPerceptron(square, and);
    expect(unit.mistakes.at(-1)).toBe(0);
    expect(decide(unit, square)).toEqual(and);
    expect(unit.mistakes.filter((mistakes) => mistakes === 0)).toHaveLength(1);
    expect(unit.history).toHaveLength(unit.mistakes.length);
    expect(unit.history.at(-1)).toEqual({ weights: unit.weights, bias: unit.bias });
  });

  it('goes round in a cycle on XOR', () => {
    const { mistakes, history } = fitPerceptron(square, xor, { epochs: 60 });
    expect(mistakes).toHaveLength(60);
    expect(Math.min(...mistakes)).toBeGreaterThan(0);
    expect(history.slice(0, -1)).toContainEqual(history.at(-1));
  });

  it('takes the steps that one takes by hand', () => {
    // (1, 1) is on the wrong side of the first line, w = 0 and b = 0: both weights and the bias grow by 1.
    expect(fitPerceptron(square, and, { epochs: 1 }).history[0]).toEqual({ weights: [1, 1], bias: 1 });
    // One row only is wrong in that round, the last.
    expect(fitPerceptron(square, and, { epochs: 1 }).mistakes).toEqual([1]);
    expect(fitPerceptron(square, and, { epochs: 1, learningRate: 0.5 }).weights).toEqual([0.5, 0.5]);
  });
});

describe('fitAdaline', () => {
  it('comes near the least-squares line', () => {
    // By hand: with targets ∓1 on AND, the normal equations give w = (1, 1) and b = −1.5.
    const unit = fitAdaline(square, and, { epochs: 3000, learningRate: 0.01 });
    const last = unit.history.at(-1) ?? unit;
    expect(decide(last, square)).toEqual(and);
  });

  it('corrects by the error of the sum against −1 and 1, row by row', () => {
    // x = 2 of class 0: the sum 0 is 1 too large, w = −0.2, b = −0.1. x = 1 of class 1: the sum −0.3 lacks 1.3.
    const { history, mistakes } = fitAdaline([[2], [1]], [0, 1], { epochs: 1, learningRate: 0.1 });
    expect(history[0].weights[0]).toBeCloseTo(-0.07, 12);
    expect(history[0].bias).toBeCloseTo(0.03, 12);
    expect(mistakes).toEqual([1]);
    const byDefault = fitAdaline([[2], [1]], [0, 1], { epochs: 1 });
    expect(byDefault.history[0].bias).toBeCloseTo(-0.01 + 0.01 * 1.03, 12);
  });

  it('does not separate XOR either', () =>
    expect(decide(fitAdaline(square, xor, { epochs: 500 }), square)).not.toEqual(xor));
});

it('both take 100 rounds unless they are told', () => {
  expect(fitPerceptron(square, xor).mistakes).toHaveLength(100);
  expect(fitAdaline(square, xor).mistakes).toHaveLength(100);
});

it('both refuse a rate and a number of rounds that are not above 0', () => {
  for (const fit of [fitPerceptron, fitAdaline]) {
    expect(() => fit(square, and, { learningRate: 0 })).toThrow('expected learningRate above 0, got 0');
    expect(() => fit(square, and, { learningRate: Infinity })).toThrow('expected learningRate above 0, got Infinity');
    expect(() => fit(square, and, { epochs: 0 })).toThrow('expected epochs above 0, got 0');
  }
});

it.each([
  ['a row without numbers', [[]], [0], 'expected x to have at least one row and one column, got shape [1, 0]'],
  ['no rows', [], [], 'expected x to have at least one row'],
  ['a row that is too short', [[1, 2], [3]], [0, 1], 'expected 2 numbers in each row of x, got 1 in row 1'],
  ['NaN', [[1], [NaN]], [0, 1], 'expected finite numbers in x, got NaN in row 1, column 0'],
  ['a label too few', [[1], [2]], [0], 'expected as many labels as rows, got 1 labels and 2 rows'],
  ['a label that is neither 0 nor 1', [[1], [2]], [0, -1], 'expected labels 0 or 1, got -1 at index 1'],
  ['one class only', [[1], [2]], [1, 1], 'expected labels of both classes, got 2 times 1'],
])('a fit refuses %s', (_, x, y, message) => {
  expect(() => fitPerceptron(x, y)).toThrow(`fitPerceptron: ${message}`);
  expect(() => fitAdaline(x, y)).toThrow(`fitAdaline: ${message}`);
});
