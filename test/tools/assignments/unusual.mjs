// Right answers in unusual style: each must get full marks.
import { createRequire } from 'node:module';
import { chosen } from '../../support/chapters.mjs';
import { gradeAll } from './grade-all.mjs';
import { knownAnswers } from './known-answers.mjs';

const require = createRequire(import.meta.url);
const { assignmentNames } = require('../../../src/dist/tools/assignments/assignment.js');

await gradeAll(
  chosen(assignmentNames()).flatMap((name) =>
    knownAnswers(name)
      .filter(({ kind }) => kind === 'unusual')
      .map(({ exercise, name: style, code }) => ({ name, exercise, style, code })),
  ),
  'unusual',
);
