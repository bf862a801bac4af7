import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from '../../support/root';

const launcher = path.join(root, 'src', 'bin', 'layerwise.mjs');
const notebookShape = z.object({
  cells: z.array(
    z.object({
      id: z.string(),
      cell_type: z.string(),
      source: z.union([z.string(), z.array(z.string())]),
      metadata: z.record(z.string(), z.unknown()),
    }),
  ),
});
const cellsOf = (file: string): { id: string; text: string; metadata: Record<string, unknown> }[] =>
  notebookShape
    .parse(JSON.parse(readFileSync(file, 'utf8')))
    .cells.map(({ id, source, metadata }) => ({ id, metadata, text: [source].flat().join('') }));
const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();

let work = '';
let unlisted = '';
let said = '';

/** A copy of the course outside of git, as from an archive, listed by its own set-up. */
function courseWithoutGit(): string {
  const course = mkdtempSync(path.join(work, 'course-'));
  for (const file of readFileSync(path.join(root, '.course-files'), 'utf8').trim().split('\n')) {
    mkdirSync(path.dirname(path.join(course, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(course, file));
  }
  cpSync(path.join(root, 'src', 'dist'), path.join(course, 'src', 'dist'), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(course, 'node_modules'));
  execFileSync(process.execPath, [
    '--input-type=module',
    '-e',
    `const { listFiles } = await import(${JSON.stringify(path.join(course, 'src', 'setup', 'files.mjs'))}); await listFiles();`,
  ]);
  return course;
}

const releaseOf = (course: string, ...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [path.join(course, 'src', 'bin', 'layerwise.mjs'), 'release', ...args], {
    cwd: course,
    encoding: 'utf8',
    env: { ...process.env, TZ: 'Asia/Tokyo' },
  });

beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'release-'));
  execFileSync(process.execPath, [launcher, 'release', '--out', path.join(work, 'first')], {
    env: { ...process.env, TZ: 'UTC' },
  });
  // What a teacher adds after set-up is no part of the course.
  unlisted = courseWithoutGit();
  for (const folder of ['notebooks/scratch', 'docs', 'work'])
    mkdirSync(path.join(unlisted, folder), { recursive: true });
  for (const file of [
    'notebooks/scratch/mine.ipynb',
    'docs/renamed.txt',
    'notebooks/02-tensors copy.ipynb',
    'work/02-tensors.ipynb',
  ])
    cpSync(path.join(unlisted, 'notebooks', 'exercises', '02-tensors.ipynb'), path.join(unlisted, file));
  said = releaseOf(unlisted, '--out', path.join(work, 'second')).stdout;
}, 240_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('layerwise release', () => {
  it('gives the same bytes each time, folder and archive', () => {
    const [first, second] = ['first', 'second'].map((name) => path.join(work, name));
    expect(hashOf(path.join(first, 'layerwise.zip'))).toBe(hashOf(path.join(second, 'layerwise.zip')));
    expect(filesIn(first)).toEqual(filesIn(second));
    expect(filesIn(first).map((file) => hashOf(path.join(first, file)))).toEqual(
      filesIn(second).map((file) => hashOf(path.join(second, file))),
    );
  });

  it('gives nothing that was added after set-up, and names it', () => {
    expect(readFileSync(path.join(unlisted, '.course-files'), 'utf8')).toBe(
      readFileSync(path.join(root, '.course-files'), 'utf8'),
    );
    expect(
      filesIn(path.join(work, 'second')).filter((file) =>
        /^layerwise.(?:notebooks.scratch|docs|work).| copy/.test(file),
      ),
    ).toEqual([]);
    expect(said).toMatch(
      /no part of the course.*:\n {2}docs\/ \(1 file\)\n {2}notebooks\/02-tensors copy\.ipynb\n {2}notebooks\/scratch\/ \(1 file\)\n`release --with/,
    );
    expect(said).toContain(
      "the teacher's: .binder/, .ci/, .devcontainer/, .prettierignore, data/make/, src/course/*/answers/, src/course/*/hidden.ts, src/course/*/hidden/, test/",
    );
  });

  it('has the same files in the archive as in the folder', () => {
    execFileSync('python3', [
      '-c',
      'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])',
      path.join(work, 'first', 'layerwise.zip'),
      path.join(work, 'unpacked'),
    ]);
    const [folder, unpacked] = [path.join(work, 'first', 'layerwise'), path.join(work, 'unpacked', 'layerwise')];
    expect(filesIn(unpacked)).toEqual(filesIn(folder));
    expect(filesIn(unpacked).map((file) => hashOf(path.join(unpacked, file)))).toEqual(
      filesIn(folder).map((file) => hashOf(path.join(folder, file))),
    );
  });

  it('holds no answer and no hidden test', () => {
    const folder = path.join(work, 'first', 'layerwise');
    expect(
      filesIn(folder).filter((file) => /course\/[^/]+\/(?:hidden|answers)|^test|^build|\.native/.test(file)),
    ).toEqual([]);
    for (const name of readdirSync(path.join(folder, 'notebooks', 'exercises'))) {
      const [given, reference] = [
        path.join(folder, 'notebooks', 'exercises', name),
        path.join(root, 'notebooks', 'exercises', name),
      ].map(cellsOf);
      expect(given.map(({ id }) => id)).toEqual(reference.map(({ id }) => id));
      for (const [i, { id, text, metadata }] of given.entries()) {
        expect(text).not.toMatch(/SOLUTION/);
        if (reference[i].text.includes('BEGIN SOLUTION') && id !== 'written')
          expect(text).toContain("throw new Error('not written yet');");
        if (id.endsWith('-check'))
          expect(metadata).toMatchObject({
            editable: false,
            deletable: false,
            nbgrader: { grade: true, locked: true },
          });
        if (id === 'written') expect(text).toBe('*Your answer here.*');
      }
    }
  });

  it('compiles without the hidden tests', () => {
    const copy = path.join(work, 'second', 'layerwise');
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    execFileSync(process.execPath, [
      path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      path.join(copy, 'src', 'tsconfig.json'),
      '--noEmit',
    ]);
    rmSync(path.join(copy, 'node_modules'));
  });

  // One course for all refusals, put right again after each.
  const inExercises = (change: (text: string) => string, attempt: () => SpawnSyncReturns<string>): string => {
    const file = path.join(unlisted, 'notebooks', 'exercises', '00-start-here.ipynb');
    const out = path.join(work, 'first');
    const [right, before] = [readFileSync(file, 'utf8'), hashOf(path.join(out, 'layerwise.zip'))];
    expect(change(right)).not.toBe(right);
    writeFileSync(file, change(right));
    const { status, stderr } = attempt();
    writeFileSync(file, right);
    expect(status).toBe(1);
    expect(hashOf(path.join(out, 'layerwise.zip'))).toBe(before);
    expect(readdirSync(out).sort()).toEqual(['layerwise', 'layerwise.zip']);
    expect(existsSync(path.join(unlisted, 'build'))).toBe(false);
    return stderr;
  };

  it('refuses a folder of the teacher’s that holds an answer, and a stub that does not type-check, naming both', () => {
    const said = inExercises(
      (text) => text.replace('(x: number, w: number, b: number): number', '(x: number, w: number, b: nomber): number'),
      () => releaseOf(unlisted, '--out', path.join(work, 'first'), '--with', 'docs'),
    );
    expect(said).toMatch(/docs\/renamed\.txt: holds the answer of 02-tensors, cell "product-shape"/);
    expect(said).toMatch(/TS2552 Cannot find name .nomber./);
  });

  it.each([
    [
      'a mark without its partner',
      (text: string) => text.replace('// END SOLUTION', '// END SOLUTIONS'),
      /still has the mark "BEGIN SOLUTION"/,
    ],
    [
      'an answer to no exercise',
      (text: string) => text.replace('function predict(', 'function foretell('),
      /belongs to no exercise/,
    ],
  ])('refuses %s, and leaves the release before as it was', (_, change, message) => {
    expect(inExercises(change, () => releaseOf(unlisted, '--out', path.join(work, 'first')))).toMatch(message);
  });
});
