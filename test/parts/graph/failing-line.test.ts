// What is said of a graph that fails, and of numbers that are none.
import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { checkNumerics, compile } from '../../../src/parts/graph';
import { withLine } from '../../../src/parts/graph/failing-line';
import { whereCalled } from '../../../src/parts/graph/where-called';

describe('withLine', () => {
  const told = new Error(' it failed\n');
  // The library's own error, whose message has two lines.
  const fail = (): never => tf.ones([2, 3]).matMul(tf.ones([2, 3])) && expect.unreachable();

  it('adds the line of the function that fails eagerly as well, and keeps the error as the cause', () => {
    const error = withLine(told, fail);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^it failed \(at graph\/failing-line\.test\.ts:\d+\)$/),
      cause: told,
    });
  });

  it('leaves an error as it is where nothing fails eagerly, and what is no error', () => {
    expect(withLine(told, () => tf.scalar(1))).toBe(told);
    expect(withLine('words', fail)).toBe('words');
  });

  it('undoes what the function did, and frees what it made', () => {
    const v = tf.tidy(() => tf.variable(tf.scalar(1)));
    const before = tf.memory().numTensors;
    const change = (): void => v.assign(tf.scalar(5));
    withLine(told, change);
    withLine(told, () => {
      change();
      fail();
    });
    expect([v.dataSync()[0], tf.memory().numTensors]).toEqual([1, before]);
    v.dispose();
  });
});

describe('whereCalled', () => {
  it('is the first line outside of the library and of this folder: a file, or a cell of a notebook', () => {
    const library = '    at add (/x/node_modules/@tensorflow/tfjs-core/dist/ops/add.js:1:2)';
    const ours = '    at call (/x/src/dist/parts/graph/compile.js:3:4)';
    const after = (frame: string): string => whereCalled(['Error: two', 'lines', ours, library, frame].join('\n'));
    expect(after('    at step (/home/me/train/model.ts:12:9)')).toBe('at train/model.ts:12');
    expect(after('    at /x/__kernel-cell-12.js:3:4')).toBe('in cell 12');
    expect(after('    at new Promise (<anonymous>)')).toBe('line unknown');
  });
});

describe('checkNumerics', () => {
  const failing = (run: () => unknown): string => {
    checkNumerics();
    try {
      tf.tidy(() => void run());
      return 'nothing';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      checkNumerics(false);
    }
  };
  const of = (x: number[]): tf.Tensor => tf.tensor1d(x);

  it.each<[string, () => unknown, RegExp]>([
    ['a single infinite number', () => of([1, Infinity, 2]).sub(of([1, Infinity, 2])), /^checkNumerics: Sub made NaN of infinite numbers: shape \[3\], at graph\/failing-line\.test\.ts:\d+$/], // prettier-ignore
    ['an infinite number on the right', () => of([0, 1]).mul(of([Infinity, 1])), /Mul made NaN of infinite numbers/],
    ['finite numbers', () => of([1, 0]).div(of([1, 0])), /RealDiv made NaN of finite numbers/],
    ['a single NaN', () => of([1, NaN]).add(1), /Add made NaN of NaN that it was given/],
    ['NaN beside infinite numbers', () => of([NaN, 1]).mul(of([1, Infinity])), /Mul made NaN of NaN that it was given/],
  ])('tells what was given: %s', (_, run, message) => {
    const before = tf.memory().numTensors;
    expect(failing(run)).toMatch(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('lets infinite numbers, whole numbers and truth values pass', () => {
    expect(
      failing(() =>
        of([1])
          .div(of([0]))
          .add(1),
      ),
    ).toBe('nothing');
    expect(failing(() => tf.tensor1d([1, 2], 'int32').add(tf.tensor1d([1, 2], 'int32')))).toBe('nothing');
    expect(
      failing(() =>
        of([NaN])
          .greater(of([1]))
          .logicalNot(),
      ),
    ).toBe('nothing');
  });
});

describe('a function without a name', () => {
  it('is "a function" in what is said of it, and one with a name is called by it', () => {
    const notices = (fn: (x: tf.Tensor) => tf.Tensor): string[] => {
      const said: string[] = [];
      const compiled = compile(fn, { onNotice: (text) => said.push(text) });
      tf.tidy(() => {
        tf.grad((x) => compiled(x).sum())(tf.scalar(3));
        tf.grad((x) => compiled(x).sum())(tf.scalar(3));
      });
      compiled.dispose();
      return said;
    };
    const square = (x: tf.Tensor): tf.Tensor => x.square();
    const rest = 'which runs eagerly there; compile the function that takes the gradient instead';
    expect(notices(square)).toEqual([`compile: a gradient is taken through "square", ${rest}`]);
    expect(notices((x) => x.square())).toEqual([`compile: a gradient is taken through "a function", ${rest}`]);
  });
});
