// Every exercise, graded with its reference answer, blank, with its wrong answers and a slow one: each must get its
// exact points.
import { createRequire } from 'node:module';
import { chosen } from '../../support/chapters.mjs';
import { gradeAll } from './grade-all.mjs';
import { answersOf } from './known-answers.mjs';

const require = createRequire(import.meta.url);
const { assignment, assignmentNames } = require('../../../src/dist/tools/assignments/assignment.js');
const { STUB } = require('../../../src/dist/tools/assignments/release/solutions.js');

const jobs = chosen(assignmentNames()).flatMap((name) =>
  assignment(name).exercises.flatMap(({ exercise, tests, max }) => {
    if (!tests.some(({ hidden }) => hidden)) throw new Error(`${name}: ${exercise.name} has no hidden tests`);
    const known = answersOf(name, exercise.name);
    const variants = [
      ['the reference', undefined, max],
      ['the blank', STUB, 0],
      ...known
        .filter(({ kind }) => kind === 'wrong')
        .map(({ name: mistake, code, points }) => [`wrong: ${mistake}`, code, points]),
      // What never gets a point is not waited for as long as the exercise allows.
      ...known
        .filter(({ kind }) => kind === 'slow')
        .map(({ code, points }) => ['the slow one', code, points, points === 0 ? 3 : undefined]),
    ];
    return variants.map(([style, code, points, seconds]) => ({
      name,
      exercise: exercise.name,
      style,
      code,
      points,
      seconds,
    }));
  }),
);
// The first of the secrets under which the stage `secrets` looks at the same answers.
await gradeAll(jobs, `${process.env.SEED ?? '1'}-0`);
