// What the runner of all tests reads from the output of a stage, made here by the real programs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { venvPython } from '../../src/setup/paths.mjs';
import { linesOf, ofBook, ofLines, ofStatus, ofUnittest, ofVitest } from './results.mjs';
import { inRoot } from './root';

const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-results-'));
const write = (name: string, content: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};
function ran(program: string, ...args: string[]): [number, string] {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, FORCE_COLOR: '0', TF_CPP_MIN_LOG_LEVEL: '0' },
  });
  return [status ?? 1, stdout + stderr];
}

it('leaves out what TensorFlow says when it is loaded, and nothing else', () => {
  const [, output] = ran(
    process.execPath,
    '--require',
    inRoot('src', 'setup', 'node-shim.cjs'),
    '-e',
    `require(${JSON.stringify(inRoot('node_modules', '@tensorflow', 'tfjs-node'))}).zeros([1]).dataSync(); console.error('\\u001b[31mreal\\u001b[0m')`,
  );
  expect(output).toContain('before absl::InitializeLog');
  expect(linesOf(output).filter((line) => line !== '')).toEqual(['real']);
});

describe('a stage of lines', () => {
  it.each<[string, number, string, [number, number], string]>([
    ['all well', 0, 'said before\n[ok] a\nmore\n[ok] b\n', [2, 0], ''],
    [
      'one failed',
      1,
      '[ok] a\n[fail] b: 2\n  expected 3\n[ok] c\n[fail] d',
      [2, 2],
      '[fail] b: 2\n  expected 3\n\n[fail] d',
    ],
    ['a failure with status 0', 0, '[fail] a', [0, 1], '[fail] a'],
    ['died after some', 1, '[ok] a\nSegmentation fault', [1, 1], '[ok] a\nSegmentation fault'],
    ['nothing at all', 0, '', [0, 1], ''],
  ])('%s', (_, status, output, [passed, failed], details) =>
    expect(ofLines(status, output)).toEqual({ passed, failed, skipped: 0, details }),
  );
  it('warnings, which count as nothing', () => {
    expect(ofLines(0, '[ok] a\n[warn] b: old\nmore\n[fail] c\n[warn] d')).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      details: '[fail] c',
      warnings: ['[warn] b: old', '[warn] d'],
    });
    expect(ofLines(0, '[warn] b: old').failed).toBe(1);
  });
  it('one skipped', () =>
    expect(ofLines(0, '[ok] a\n[skip] b: no compiler')).toEqual({ passed: 1, failed: 0, skipped: 1, details: '' }));
});

it('a command counts as one, with its last lines', () => {
  expect(ofStatus(0, 'fine')).toEqual({ passed: 1, failed: 0, skipped: 0, details: '' });
  expect(ofStatus(2, 'a.ts(1,2): error TS1\n')).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
    details: 'a.ts(1,2): error TS1',
  });
});

it('unittest: counts over several suites, and the failures and errors themselves', () => {
  const suite = write(
    'suite.py',
    'import unittest\nclass T(unittest.TestCase):\n  def test_good(self): pass\n  def test_bad(self): self.assertEqual(1, 2)\n  def test_worse(self): {}["gone"]\nunittest.main()\n',
  );
  const good = write(
    'good.py',
    'import unittest\nclass G(unittest.TestCase):\n  def test_good(self): pass\nunittest.main()\n',
  );
  const dies = write('dies.py', 'import nowhere\n');
  const [[status, bad], [, fine], [died, trace]] = [
    ran(venvPython, suite),
    ran(venvPython, good),
    ran(venvPython, dies),
  ];
  const result = ofUnittest(status, bad + fine);
  expect(result).toMatchObject({ passed: 2, failed: 2, skipped: 0 });
  expect(result.details).toMatch(
    /FAIL: test_bad[\s\S]*AssertionError: 1 != 2[\s\S]*ERROR: test_worse[\s\S]*KeyError: 'gone'|ERROR: test_worse[\s\S]*KeyError: 'gone'[\s\S]*FAIL: test_bad[\s\S]*AssertionError: 1 != 2/,
  );
  expect(ofUnittest(0, fine)).toEqual({ passed: 1, failed: 0, skipped: 0, details: '' });
  expect(ofUnittest(died, fine + trace)).toMatchObject({
    passed: 1,
    failed: 1,
    details: expect.stringContaining("No module named 'nowhere'"),
  });
});

it('vitest: what failed in a test, outside of tests, and not at all', () => {
  const test = `import { it, expect } from '${inRoot('node_modules', 'vitest', 'dist', 'index.js')}';\n`;
  write(
    'bad.test.mjs',
    `${test}it('is two', () => expect(1).toBe(2)); it('is one', () => expect(1).toBe(1)); it.skip('later', () => {});`,
  );
  write('broken.test.mjs', `${test}throw new Error('no such luck');`);
  write('good.test.mjs', `${test}it('is one', () => expect(1).toBe(1));`);
  const report = path.join(folder, 'report.json');
  const vitest = (...files: string[]): [number, string] =>
    ran(
      process.execPath,
      inRoot('node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--root',
      folder,
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...files,
    );
  const result = ofVitest(report)(...vitest());
  expect(result).toMatchObject({ passed: 2, failed: 2, skipped: 1 });
  expect(result.details).toMatch(/bad\.test\.mjs\nis two\nAssertionError: expected 1 to be 2/);
  expect(result.details).toMatch(/broken\.test\.mjs\n.*no such luck/);
  write(
    'lists.test.mjs',
    `${test}it('is empty', () => expect({ found: ['a', 'b'], lost: [] }).toEqual({ found: [], lost: [] }));`,
  );
  const printed = ofVitest(report)(...vitest('--reporter=default', 'lists', 'broken'));
  expect(printed).toMatchObject({ passed: 0, failed: 2 });
  expect(printed.details).toMatch(/no such luck[\s\S]*lists\.test\.mjs > is empty[\s\S]*\+ +"a",\n\+ +"b",/);
  expect(printed.details).not.toMatch(/Test Files/);
  expect(ofVitest(report)(...vitest('good'))).toEqual({ passed: 1, failed: 0, skipped: 0, details: '' });
  expect(ofVitest(path.join(folder, 'none.json'))(1, 'could not start')).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
    details: 'could not start',
  });
});

it('chapters: those that ran, and the output where one did not', () => {
  const report = write('book.json', JSON.stringify({ results: [{ status: 'ok' }, { status: 'failed' }] }));
  expect(ofBook(report)(1, 'cell 3 failed')).toEqual({ passed: 1, failed: 1, skipped: 0, details: 'cell 3 failed' });
});
