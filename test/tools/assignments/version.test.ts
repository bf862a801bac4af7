// What voids a grade: the version of an assignment by copies of the compiled package in which one file has changed.
import { cpSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignmentVersion, judgingFiles, versionOf } from '../../../src/tools/assignments/version';
import { inRoot } from '../../support/root';

const dist = inRoot('src', 'dist');
const ASSIGNMENT = '03-gradient-descent';
let work = '';
let original = '';
let copies = 0;

beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'version-'));
  original = versionOf(ASSIGNMENT, dist);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A copy of the compiled package in which a file's text is another. */
function changed(name: string, change: (text: string) => string): string {
  const copy = path.join(work, String(copies++), 'dist');
  const link = (from: string, to: string): void => {
    mkdirSync(to, { recursive: true });
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
      if (entry.isDirectory()) link(source, target);
      else if (entry.name.endsWith('.js') && path.relative(dist, source) !== name) linkOrCopy(source, target);
    }
  };
  link(dist, copy);
  const text = readFileSync(path.join(dist, name), 'utf8');
  expect(change(text)).not.toBe(text);
  writeFileSync(path.join(copy, name), change(text));
  return versionOf(ASSIGNMENT, copy);
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    cpSync(from, to);
  }
}

const comment = (text: string): string => `// A comment.\n${text.replaceAll('\n', '\n\n')}`;
const code = (text: string): string => `${text}\nexports.another = 1;\n`;

describe("an assignment's version", () => {
  it.each([
    ["a comment in the grader's code", 'tools/assignments/judge.js', comment],
    ['a comment in a hidden test', `course/${ASSIGNMENT}/hidden/fate.js`, comment],
    ['a comment in a part', 'parts/metrics/index.js', comment],
    ["another chapter's hidden tests", 'course/05-neural-networks-from-scratch/hidden.js', code],
    ["another chapter's visible tests", 'course/02-tensors/exercises.js', code],
    ['how feedback is written', 'tools/assignments/grade-folder.js', code],
    ['how handouts are made', 'tools/book/site/build.js', code],
  ])('stays with %s', (_, file, change) => expect(changed(file, change)).toBe(original));

  it.each([
    ['its hidden tests', `course/${ASSIGNMENT}/hidden.js`],
    ['a file of its hidden tests', `course/${ASSIGNMENT}/hidden/fate.js`],
    ['its visible tests', `course/${ASSIGNMENT}/exercises.js`],
    ["the grader's code", 'tools/assignments/judge.js'],
    ['the sandbox', 'tools/assignments/sandbox/seccomp.js'],
    ['what runs inside it', 'tools/assignments/inside/runner.js'],
    ['how cells are compiled', 'tools/kernel/cell-script.js'],
    ['how answers are compared', 'parts/grading/compare.js'],
    ['a part that answers may import', 'parts/metrics/roc.js'],
  ])('changes with %s', (_, file) => expect(changed(file, code)).not.toBe(original));

  it('is its own, and the same wherever the package lies', () => {
    expect(assignmentVersion(ASSIGNMENT)).toBe(original);
    expect(assignmentVersion('02-tensors')).not.toBe(original);
    expect(changed('tools/book/site/build.js', comment)).toBe(original);
  });

  it('holds all of the sandbox, and no other chapter', () => {
    const files = judgingFiles(ASSIGNMENT, dist).map((file) => path.relative(dist, file));
    for (const folder of ['tools/assignments/sandbox', 'tools/assignments/inside'])
      for (const name of readdirSync(path.join(dist, folder)).filter((entry) => entry.endsWith('.js')))
        expect(files).toContain(path.join(folder, name));
    expect([...new Set(files.filter((file) => file.startsWith('course')).map((file) => file.split(path.sep)[1]))]).toEqual([ASSIGNMENT]); // prettier-ignore
  });
});
