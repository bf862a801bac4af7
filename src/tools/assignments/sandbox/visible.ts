import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { loadedFiles } from '../../compiled-code';
import { chapterNames } from '../../course';
import { inRoot } from '../../paths';

const DIST = inRoot('src', 'dist');
const ONE_BY_ONE = [path.join('tools', 'assignments', path.sep), path.join('course', path.sep)];
const INSIDE = path.join(DIST, 'tools', 'assignments', 'inside');
const manifest = z.object({ exports: z.record(z.string(), z.object({ default: z.string() })) });

let known: readonly string[] | undefined;

/**
 * What of the compiled package a sandbox shows: the parts that notebooks may import, visible tests, what runs inside,
 * and whatever these load, found by following `require`.
 * Of the grader's own files and of the chapters' only those that are loaded are among it, never hidden tests; other
 * folders are shown whole, for their types.
 */
export const visibleFiles = (): readonly string[] => (known ??= find());

function find(): string[] {
  const inside = readdirSync(INSIDE).filter((name) => name.endsWith('.js'));
  const seen = loadedFiles([...publicFiles(DIST), ...visibleTests(), ...inside.map((name) => path.join(INSIDE, name))]);
  const names = [...seen]
    .map((file) => path.relative(DIST, file))
    .map((name) =>
      ONE_BY_ONE.some((folder) => name.startsWith(folder)) ? name : path.join(...name.split(path.sep).slice(0, 2)),
    );
  return [...new Set(names)].sort().map((name) => path.join(DIST, name));
}

/** What `layerwise/<part>` stands for, in a compiled package. */
export const publicFiles = (dist: string): string[] =>
  Object.values(manifest.parse(JSON.parse(readFileSync(inRoot('src', 'package.json'), 'utf8'))).exports).map((target) =>
    path.join(path.dirname(dist), target.default),
  );

const visibleTests = (): string[] =>
  chapterNames()
    .map((name) => path.join(DIST, 'course', name, 'exercises.js'))
    .filter((file) => existsSync(file));
