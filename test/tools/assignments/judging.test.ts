// Submissions in real sandboxes against exercises made for it: what a submission does to its process changes no
// verdict, and shows nothing.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Tensor1D } from '@tensorflow/tfjs-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assignment, GradedExercise } from '../../../src/tools/assignments/assignment';
import type * as compilers from '../../../src/tools/assignments/compiler';
import type * as grading from '../../../src/tools/assignments/grade';
import type * as gradeOne from '../../../src/tools/assignments/grade-one';
import type * as runners from '../../../src/tools/assignments/runner';
import { exactly, near } from '../../../src/parts/grading/compare';
import { exercise, type Exercise, type Test } from '../../../src/parts/grading/exercise';

// As compiled: what they start lies beside them.
const require = createRequire(import.meta.url);
const { Compiler } = require('../../../src/dist/tools/assignments/compiler.js') as typeof compilers;
const { grade } = require('../../../src/dist/tools/assignments/grade.js') as typeof grading;
const { secretFor } = require('../../../src/dist/tools/assignments/grade-one.js') as typeof gradeOne;
const { RunnerPool } = require('../../../src/dist/tools/assignments/runner.js') as typeof runners;

const hasSandbox = spawnSync('bwrap', ['--version']).status === 0;
const TF = "import * as tf from '@tensorflow/tfjs-node';\n";
let compiler: compilers.Compiler;
let pool: runners.RunnerPool;

beforeAll(() => {
  compiler = new Compiler('bubblewrap');
  pool = new RunnerPool('bubblewrap', 0);
});
afterAll(async () => {
  await pool.close();
  await compiler.close();
});

const graded = (
  { make, ...content }: Exercise<never> | Exercise<(x: Tensor1D) => Tensor1D> | Exercise<(xs: number[]) => number>,
  hidden: readonly Test[],
): GradedExercise => ({
  exercise: content,
  tests: [...content.tests.map((test) => ({ test, hidden: false })), ...hidden.map((test) => ({ test, hidden: true }))],
  max: [...content.tests, ...hidden].reduce((sum, { points }) => sum + points, 0) + (typeof make === 'object' ? 0 : 1),
});

async function run(
  exercises: readonly GradedExercise[],
  cells: readonly string[],
  preload: readonly string[] = [],
  secret = 's',
): Promise<grading.Grades & { statuses: string[]; messages: string }> {
  const assignment: Assignment = { name: 'made-here', exercises, max: 0, checks: new Set(), preload };
  const grades = await grade(
    assignment,
    cells.map((source, i) => ({ id: `c${i}`, source })),
    { compiler, freshRunner: () => pool.take(preload), secret },
  );
  const tests = grades.exercises.flatMap((one) => one.tests);
  return {
    ...grades,
    statuses: tests.map(({ status }) => status),
    messages: JSON.stringify([grades.cells, tests.map(({ message }) => message ?? '')]),
  };
}

const largest = exercise<(xs: number[]) => number>('largest', ({ calls }) => ({
  title: 't',
  hints: ['h'],
  tests: [calls('finds it', 1, [[[[3, 1, 2]], exactly(3)]])],
}));
const hiddenLargest = largest.make.calls('is right for any list', 1, (draw) => {
  const xs = Array.from({ length: 4 }, () => Math.round(draw.between(1e5, 9e5)));
  return [[[xs], exactly(Math.max(...xs))]];
});
const count = exercise<(xs: number[]) => number>('count', ({ calls }) => ({
  title: 't',
  hints: ['h'],
  tests: [calls('counts', 1, [[[[5, 5]], exactly(2)]])],
}));

const double = exercise<(x: Tensor1D) => Tensor1D>('double', ({ probe }) => ({
  title: 't',
  hints: ['h'],
  tests: [
    {
      ...probe('doubles, and frees the rest', 1, [[[1, 2], near([2, 4])]], (answer, xs: number[], { tf }) =>
        answer(tf.tensor1d(xs)).arraySync(),
      ),
      frees: true,
    },
  ],
}));
const HONEST = 'function double(x: tf.Tensor1D): tf.Tensor1D {\n  return x.mul(2);\n}';
const LEAKY = 'function double(x: tf.Tensor1D): tf.Tensor1D {\n  return x.mul<tf.Tensor1D>(4).div(2);\n}';

describe.skipIf(!hasSandbox)('a submission', () => {
  it('meets the visible tests of all exercises before any hidden one, so that no message shows what a hidden test gave', async () => {
    const answers =
      "const seen: number[] = [];\nfunction largest(xs: number[]): number {\n  seen.push(...xs);\n  return Math.max(...xs);\n}\nfunction count(xs: number[]): number {\n  seen.push(...xs);\n  throw new Error('seen: ' + seen.join());\n}";
    const { statuses, messages } = await run(
      [graded(largest, [hiddenLargest]), graded(count, [{ ...hiddenLargest, name: 'hidden too' }])],
      [answers],
    );
    expect(statuses).toEqual(['pass', 'pass', 'error', 'error']);
    expect(messages).toContain('seen: 3,1,2,3,1,2,5,5');
    expect(messages).not.toMatch(/\d{6}/);
  });

  it('shows no length and no text of what a hidden test made it return', async () => {
    const lengths =
      'function largest(xs: number[]): number {\n  const value: unknown = xs[0] > 1000 ? xs.length === 4 ? new Array(18473).fill(xs[1]) : 0 : 3;\n  return value as number;\n}';
    const { statuses, messages } = await run([graded(largest, [hiddenLargest])], [lengths]);
    expect(statuses).toEqual(['pass', 'fail']);
    expect(messages).toContain('returned a list, but not the right one');
    expect(messages).not.toMatch(/\d{4}/);
  });

  it('reads at each test why its function is missing: a type error in its cell, an error before it, another name', async () => {
    const typo = 'function largest(xs: number[]): number {\n  return xs.lenght;\n}';
    const renamed = 'function biggest(xs: number[]): number {\n  return xs[0];\n}';
    const missing = async (code: string): Promise<string[]> =>
      (await run([graded(largest, [hiddenLargest])], [code])).exercises.flatMap(({ tests }) =>
        tests.map(({ message = '' }) => message),
      );
    for (const message of await missing(typo))
      expect(message).toMatch(
        /^there is no function largest: its cell "c0" did not run: line 2: TS2551 Property 'lenght' does not exist/,
      );
    for (const message of await missing("const largest = JSON.parse('{') as (xs: number[]) => number;"))
      expect(message).toMatch(/^there is no function largest: its cell "c0" did not run: SyntaxError: /);
    expect(await missing(renamed)).toEqual(
      Array(2).fill('there is no function largest: no cell declares it under this name'),
    );
  });

  it('fails where it changes an argument, and reads which', async () => {
    const sorts = 'function largest(xs: number[]): number {\n  return xs.sort((a, b) => b - a)[0];\n}';
    const shown = graded({ ...largest, tests: [largest.make.calls('finds it', 1, [[[[1, 2, 3]], exactly(3)]])] }, [
      hiddenLargest,
    ]);
    const { statuses, messages } = await run([shown], [sorts]);
    expect(statuses).toEqual(['fail', 'fail']);
    expect(messages).toContain('largest([1, 2, 3]) changed its first argument');
    expect(messages).toContain('largest(…) changed its first argument');
  });

  it.each([
    ['nothing', '', 'pass', 'fail'],
    [
      'a module in the cache of modules',
      "for (const [file, module] of Object.entries(require.cache)) if (file.includes('tfjs-node') && module) module.exports = { ...module.exports, memory: () => ({ numTensors: 0 }), tensor1d: () => tf.tensor1d([1, 2]) };",
      'pass',
      'fail',
    ],
    [
      'methods of tensors and of the engine',
      'for (const target of [Object.getPrototypeOf(tf.engine()), tf.Tensor.prototype]) for (const name of ["memory", "trackTensor", "disposeTensor", "makeTensor", "dataSync", "arraySync", "dispose"]) Reflect.set(target, name, () => [2, 4]);',
      'pass',
      'fail',
    ],
    [
      'built-ins',
      'JSON.stringify = () => "1";\nJSON.parse = () => 1;\nReflect.apply = () => 0;\nObject.values = () => [];',
      'pass',
      'fail',
    ],
    [
      'the kernel that its answer needs',
      "tf.unregisterKernel('Multiply', 'tensorflow');\ntf.registerKernel({ kernelName: 'Multiply', backendName: 'tensorflow', kernelFunc: ({ inputs }) => inputs.a as tf.TensorInfo });",
      'fail',
      'fail',
    ],
  ])('that replaces %s is judged as before', async (_, attack, honest, leaky) => {
    for (const [code, status] of [
      [HONEST, honest],
      [LEAKY, leaky],
    ]) {
      const { statuses, cells } = await run([graded(double, [])], [TF + attack, code], ['@tensorflow/tfjs-node']);
      expect([cells, statuses]).toEqual([[], [status]]);
    }
  });

  it('may keep what it makes once, but not a tensor a call', async () => {
    const keeps =
      'let two: tf.Scalar | undefined;\nfunction double(x: tf.Tensor1D): tf.Tensor1D {\n  two ??= tf.scalar(2);\n  return x.mul(two);\n}';
    expect((await run([graded(double, [])], [TF, keeps], ['@tensorflow/tfjs-node'])).statuses).toEqual(['pass']);
  });
});

describe('draws', () => {
  it('come from the notebook and the secret: the same file draws the same, a changed one anew', () => {
    const [one, other] = [Buffer.from('{"cells":[]}'), Buffer.from('{"cells":[] }')];
    expect(secretFor('s', one)).toBe(secretFor('s', Buffer.from(one)));
    expect(new Set([secretFor('s', one), secretFor('s', other), secretFor('t', one)]).size).toBe(3);
  });
});
