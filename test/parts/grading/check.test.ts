import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { check, NotYet } from '../../../src/parts/grading/check';
import { exerciseSets } from '../../../src/parts/grading/exercise-sets';
import { exactly } from '../../../src/parts/grading/compare';
import { checkTests, exercise } from '../../../src/parts/grading/exercise';
import { root } from '../../support/root';

const HOOK = Symbol.for('layerwise.output');
let shown: Record<string, string>[] = [];

beforeEach(() => {
  shown = [];
  Reflect.set(globalThis, HOOK, (bundle: Record<string, string>) => void shown.push(bundle));
});
afterEach(() => Reflect.deleteProperty(globalThis, HOOK));

const right = (x: number, w: number, b: number): number => w * x + b;

describe('check', () => {
  it('shows a table for a right answer, and throws nothing', async () => {
    await check('predict', { answer: right });
    expect(shown).toHaveLength(1);
    expect(shown[0]['text/plain']).toBe(
      'predict, what the neuron predicts: 1 of 1 tests passed\n✓ multiplies by the weight and adds the bias',
    );
    expect(shown[0]['text/html']).toContain('<table');
  });

  it('says what was called, what came back and what was expected', async () => {
    await expect(check('predict', { answer: (x: number, w: number) => w * x })).rejects.toThrow(NotYet);
    expect(shown[0]['text/plain']).toContain(
      '✗ multiplies by the weight and adds the bias: predict(2, 3, 1) returned 6; expected 7',
    );
  });

  it('shows hints when asked', async () => {
    await expect(check('meanSquaredError', { answer: () => 0, hints: 2 })).rejects.toThrow(
      'meanSquaredError: 2 of 2 tests did not pass',
    );
    expect(shown[0]['text/plain']).toMatch(/hint 1: .*\nhint 2: .*RangeError/);
    await expect(check('meanSquaredError', { answer: () => 0 })).rejects.toThrow(
      "for a hint: await check('meanSquaredError', { hints: 1 })",
    );
    expect(shown[1]['text/plain']).not.toContain('hint 1');
  });

  it('escapes what comes from an answer', async () => {
    const thrower = (): number => {
      throw new Error('<script>alert(1)</script>');
    };
    await expect(check('predict', { answer: thrower })).rejects.toThrow(NotYet);
    expect(shown[0]['text/html']).toContain('&lt;script&gt;');
    expect(shown[0]['text/html']).not.toContain('<script>');
  });

  it('finds the function by its name where the kernel tells, and says what to do where there is none', async () => {
    const ask = Symbol.for('layerwise.variable');
    Reflect.set(globalThis, ask, (name: string) => (name === 'predict' ? right : undefined));
    await check('predict');
    await expect(check('fate')).rejects.toThrow('there is no function fate yet: run the cell that declares it');
    Reflect.deleteProperty(globalThis, ask);
  });

  it('names the exercises that there are', async () => {
    await expect(check('softmax', { answer: right })).rejects.toThrow(
      /there is no exercise "softmax"; expected one of .*softmaxRows/,
    );
  });

  it('names the argument that an answer changes, and hands the next call inputs of its own', async () => {
    const answer = (
      y: number[],
      p: number[],
      t: number[],
      { alarm, miss }: { alarm: number; miss: number },
    ): number => {
      const cost = (limit: number): number =>
        y.reduce((sum, label, i) => sum + (p[i] > limit ? alarm * (1 - label) : miss * label), 0);
      return [...t.sort((a, b) => b - a)].sort((a, b) => cost(a) - cost(b) || a - b)[0];
    };
    await expect(check('cheapestThreshold', { answer })).rejects.toThrow('2 of 2 tests did not pass');
    expect(shown[0]['text/plain']).not.toContain('returned');
    expect(
      shown[0]['text/plain'].match(/changed its third argument, which belongs to the caller: work on a copy/g),
    ).toHaveLength(2);
  });

  it('keeps a warning of a right answer off stderr', async () => {
    const [out, err] = [process.stdout, process.stderr].map((stream) =>
      Object.getOwnPropertyDescriptor(stream, 'write'),
    );
    const written: string[] = [];
    Object.defineProperty(process.stdout, 'write', {
      value: (text: string) => written.push(`out ${text}`) > 0,
      configurable: true,
      writable: true,
    });
    Object.defineProperty(process.stderr, 'write', {
      value: (text: string) => written.push(`err ${text}`) > 0,
      configurable: true,
      writable: true,
    });
    try {
      await check('predict', {
        answer: (x: number, w: number, b: number) => process.stderr.write('careful\n') && w * x + b,
      });
      process.stderr.write('after\n');
    } finally {
      for (const [stream, descriptor] of [
        [process.stdout, out],
        [process.stderr, err],
      ] as const)
        if (descriptor) Object.defineProperty(stream, 'write', descriptor);
        else Reflect.deleteProperty(stream, 'write');
    }
    expect(written).toEqual(['out careful\n', 'out careful\n', 'out careful\n', 'err after\n']);
  });
});

describe('the exercises', () => {
  const all = exerciseSets().flatMap(({ notebook, exercises }) => exercises.map((one) => ({ notebook, ...one })));

  it('have names of their own, one for each function of a notebook', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { notebook, exercises } of exerciseSets()) {
      const text = readFileSync(path.join(root, 'notebooks', 'exercises', `${notebook}.ipynb`), 'utf8');
      const answered = [...text.matchAll(/"(?:async )?function (\w+)\((?:(?!"source").)*?BEGIN SOLUTION/gs)].map(
        ([, name]) => name,
      );
      expect(answered).toEqual(exercises.map(({ name }) => name));
      expect([...text.matchAll(/await check\('(\w+)'\);/g)].map(([, name]) => name)).toEqual(answered);
    }
  });

  it('are refused where they could not be graded', () => {
    const make = (points: number, hints = ['h']): unknown =>
      exercise<(x: number) => number>('f', ({ calls }) => ({
        title: 't',
        hints,
        tests: [calls('n', points, [[[1], exactly(1)]])],
      }));
    expect(() => make(1.5)).toThrow('expected a whole number of points, got 1.5');
    expect(() => make(1, [])).toThrow('needs a hint');
    expect(() => exercise<() => number>('f', () => ({ title: 't', hints: ['h'], tests: [] }))).toThrow('has no test');
    expect(() =>
      exercise<() => number>('f', ({ calls }) => ({ title: 't', hints: ['h'], tests: [calls('n', 1, [])] })),
    ).toThrow('has no case');
    expect(() =>
      exercise<() => number>('f', ({ calls }) => ({
        title: 't',
        hints: ['h'],
        tests: [calls('n', 1, [[[], exactly(1)]]), calls('n', 1, [[[], exactly(1)]])],
      })),
    ).toThrow('two tests have the same name');
    expect(() =>
      checkTests(
        'f',
        exercise<() => number>('f', ({ calls }) => ({
          title: 't',
          hints: ['h'],
          tests: [calls('n', 0, [[[], exactly(1)]])],
        })).tests,
      ),
    ).toThrow('give no points');
  });
});
