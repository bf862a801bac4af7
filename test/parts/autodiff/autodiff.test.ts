import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  Value,
  checkGradient,
  computationGraph,
  numericDerivative,
  numericGradient,
} from '../../../src/parts/autodiff';
import { displaySymbol } from '../../../src/parts/display';
import { golden } from '../../support/golden';

const expressions: Readonly<Record<string, (x: Value, y: Value) => Value>> = {
  polynomial: (x, y) => x.pow(3).add(y.pow(2)).add(x.mul(y)),
  reuse: (x, y) => x.mul(y).add(x).mul(x.mul(y).sub(y)).add(x.mul(y).pow(2)),
  quotient: (x, y) => x.sub(y).div(x.mul(x).add(y.mul(y)).add(1)),
  activations: (x, y) => x.mul(y).tanh().mul(x.sub(y).sigmoid()).add(y.sub(x).relu().mul(x)),
  logarithm: (x, y) => x.exp().add(y.exp()).log().add(x.mul(3).neg()),
};
const cases = golden(
  'autodiff',
  z.array(
    z.object({
      name: z.string(),
      x: z.number(),
      y: z.number(),
      value: z.number(),
      gradient: z.tuple([z.number(), z.number()]),
    }),
  ),
);

describe('Value', () => {
  it.each(cases)('agrees with PyTorch on $name at ($x, $y)', (row) => {
    const [x, y] = [new Value(row.x), new Value(row.y)];
    const result = expressions[row.name](x, y);
    result.backward();
    expect(result.data).toBeCloseTo(row.value, 12);
    expect(x.gradient).toBeCloseTo(row.gradient[0], 12);
    expect(y.gradient).toBeCloseTo(row.gradient[1], 12);
  });

  it('computes the graph of the course: L = (a·b + c)·f', () => {
    const [a, b, c, f] = [2, -3, 10, -2].map((data) => new Value(data));
    const e = a.mul(b);
    const d = e.add(c);
    const loss = d.mul(f);
    loss.backward();
    expect([e, d, loss].map(({ data }) => data)).toEqual([-6, 4, -8]);
    expect([a, b, c, e, d, f].map(({ gradient }) => gradient)).toEqual([6, -4, -2, -2, -2, 4]);
  });

  it('agrees with differences on random sums of products', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.tuple(number, number, number),
        (terms, point) => {
          const build = (values: readonly Value[]): Value =>
            terms.reduce((sum, [factor, i, j]) => sum.add(values[i].mul(values[j]).mul(factor).tanh()), new Value(0));
          const values = point.map((data) => new Value(data));
          build(values).backward();
          const found = checkGradient(
            (moved) => build(moved.map((data) => new Value(data))).data,
            point,
            values.map(({ gradient }) => gradient),
          );
          expect(found.isClose).toBe(true);
        },
      ),
    );
  });

  it('adds up what reaches a value over several ways, and lists it once', () => {
    const x = new Value(3);
    const square = x.mul(x);
    const twice = square.add(square);
    twice.backward();
    expect(x.gradient).toBe(12);
    expect(twice.ancestors()).toEqual([x, square, twice]);
  });

  it('names the operation that made it, and has no label of its own', () => {
    const x = new Value(2);
    const made = {
      '': x,
      '+': x.add(1),
      '−': x.sub(1),
      '×': x.mul(3),
      '÷': x.div(4),
      '^3': x.pow(3),
      neg: x.neg(),
      exp: x.exp(),
      log: x.log(),
      tanh: x.tanh(),
      sigmoid: x.sigmoid(),
      ReLU: x.relu(),
    };
    for (const [operation, value] of Object.entries(made))
      expect([value.operation, value.label], operation).toEqual([operation, '']);
    expect(x.add(5).inputs[1].label).toBe('5');
  });

  it('forgets the gradients of an earlier pass', () => {
    const x = new Value(3);
    const y = x.mul(x);
    y.backward();
    y.backward();
    expect(x.gradient).toBe(6);
  });

  it('takes 0 as the derivative of ReLU at 0, and of x⁰', () => {
    const x = new Value(0);
    x.relu().add(x.pow(0)).backward();
    expect(x.gradient).toBe(0);
  });

  it('goes back through 100,000 operations', () => {
    const x = new Value(1);
    let sum = x;
    for (let i = 0; i < 100_000; i++) sum = sum.add(x);
    sum.backward();
    expect(x.gradient).toBe(100_001);
  });

  it('refuses what is no number', () => {
    const wrong: unknown = '3';
    expect(() => Reflect.construct(Value, [wrong])).toThrow('Value: expected a number, got string');
  });
});

describe('differences', () => {
  it('give 4 and 10 for x² at 2 and 5', () => {
    for (const [x, slope] of [
      [2, 4],
      [5, 10],
    ])
      expect(numericDerivative((value) => value ** 2, x)).toBeCloseTo(slope, 8);
  });

  it('have an error of order h forward, of order h² when central', () => {
    const error = (method: 'central' | 'forward', h: number): number =>
      Math.abs(numericDerivative(Math.exp, 1, { method, h }) - Math.E);
    expect(error('forward', 1e-2) / error('forward', 1e-3)).toBeCloseTo(10, 0);
    expect(error('central', 1e-1) / error('central', 1e-2)).toBeGreaterThan(95);
  });

  it('give the gradient 3x², 2y of x³ + y²', () => {
    const [dx, dy] = numericGradient(([x, y]) => x ** 3 + y ** 2, [2, 5]);
    expect(dx).toBeCloseTo(12, 6);
    expect(dy).toBeCloseTo(10, 6);
  });

  it('find a wrong entry of a gradient, also where it is NaN', () => {
    const f = ([x, y]: number[]): number => x * y;
    expect(checkGradient(f, [2, 3], [3, 2])).toMatchObject({ isClose: true });
    expect(checkGradient(f, [2, 3], [3, -2])).toMatchObject({ isClose: false, index: 1 });
    expect(checkGradient(f, [2, 3], [NaN, 2])).toMatchObject({ isClose: false, index: 0 });
  });

  it('compare relative to what is large, and take an error of the tolerance itself as equal', () => {
    const found = checkGradient(([x]) => 1000 * x, [1], [1000.0005]);
    expect(found.largestError).toBeCloseTo(5e-7, 8);
    expect(found.isClose).toBe(true);
    expect(checkGradient(() => 0, [0], [1], { tolerance: 1 }).isClose).toBe(true);
    expect(checkGradient(() => 0, [0, 0], [1, 1])).toMatchObject({ index: 0, largestError: 1, isClose: false });
  });

  it('refuse a step of 0, an empty point, a gradient of another length', () => {
    expect(() => numericDerivative(Math.sin, 0, { h: 0 })).toThrow('expected h above 0, got 0');
    expect(() => numericGradient(() => 0, [])).toThrow('expected at least one number, got none');
    expect(() => checkGradient(() => 0, [1, 2], [1])).toThrow(
      'expected a gradient of 2 numbers, one for each of the point, got 1',
    );
  });
});

describe('computationGraph', () => {
  const text = { title: 'A product', alt: 'Two boxes, x and y, with arrows to a third box, their product.' };

  it('names values, operations and gradients', () => {
    const product = new Value(2, 'x').mul(new Value(-3, 'y')).named('p');
    product.backward();
    const figure = JSON.stringify(computationGraph(product, text)[displaySymbol]());
    for (const part of ['p (×)', 'gradient -3', 'gradient 2', '"x<br>2']) expect(figure).toContain(part);
  });

  it('draws an arrow from each input, one where a value is used twice', () => {
    const x = new Value(3, 'x');
    const arrows = z.array(z.object({ ax: z.number(), x: z.number() }));
    const pointsOf = (value: Value): number[][] =>
      arrows
        .parse(computationGraph(value, text).layout.annotations)
        .map((arrow) => [Math.round(arrow.ax), Math.round(arrow.x)]);
    // Arrows go from the column of the inputs to that of the product.
    expect(pointsOf(x.mul(new Value(2)))).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(pointsOf(x.mul(x))).toEqual([[0, 1]]);
  });

  it('calls what is given by its label, else given or constant, and shows no gradient before backward', () => {
    const [boxes] = computationGraph(new Value(7).add(5).named('sum').add(new Value(1, 'one')), text).data;
    expect(boxes.text).toEqual(['one<br>1', 'constant<br>5', 'given<br>7', 'sum (+)<br>12', '+<br>13']);
  });

  it('draws 60 boxes', () => {
    let value = new Value(1);
    for (let i = 0; i < 59; i++) value = value.neg();
    expect(computationGraph(value, text).data[0].text).toHaveLength(60);
    expect(() => computationGraph(value.neg(), text)).toThrow('got 61');
  });

  it('refuses more boxes than can be read', () => {
    let sum = new Value(1);
    for (let i = 0; i < 60; i++) sum = sum.add(1);
    expect(() => computationGraph(sum, text)).toThrow('expected at most 60 values to draw, got 121');
  });
});
