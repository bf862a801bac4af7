import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { inRoot } from '../paths';

const DIST = inRoot('src', 'dist');
const GRADER = path.join('grader', path.sep);
const INSIDE = path.join(DIST, 'grader', 'inside');
const manifest = z.object({ exports: z.record(z.string(), z.object({ default: z.string() })) });

let known: readonly string[] | undefined;

/**
 * What of the compiled package a sandbox shows: the parts that notebooks may import, what runs inside, and whatever these load, found by following `require`.
 * Of the grader's own files only those that are loaded inside are among it; other parts are shown whole, for their types.
 */
export const visibleFiles = (): readonly string[] => (known ??= find());

function find(): string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, loaded] of readFileSync(file, 'utf8').matchAll(/\b(?:require|import)\(["'](\.[\w./-]+)["']\)/g)) visit(require.resolve(path.resolve(path.dirname(file), loaded)));
  };
  [...publicFiles(), ...readdirSync(INSIDE).filter((name) => name.endsWith('.js')).map((name) => path.join(INSIDE, name))].forEach(visit);
  const names = [...seen].map((file) => path.relative(DIST, file)).map((name) => (name.startsWith(GRADER) ? name : name.split(path.sep)[0]));
  return [...new Set(names)].sort().map((name) => path.join(DIST, name));
}

/** What `layerwise/<part>` stands for. */
const publicFiles = (): string[] => Object.values(manifest.parse(JSON.parse(readFileSync(inRoot('src', 'package.json'), 'utf8'))).exports).map((target) => inRoot('src', target.default));
