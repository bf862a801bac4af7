import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inRoot } from './paths';

/** Where what belongs to the chapters lies: a folder each. */
export const courseFolder = inRoot('src', 'course');

/** The chapters with a folder of their own, in the course's order: `04-logistic-regression`. */
export const chapterNames = (): string[] =>
  readdirSync(courseFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** Where a file of a chapter lies, compiled. */
export const compiledFile = (chapter: string, name: string): string =>
  inRoot('src', 'dist', 'course', chapter, `${name}.js`);

/** Names of the chapters that have such a file, which isn't loaded. */
export const chaptersWith = (name: 'experiments'): string[] =>
  chapterNames().filter((chapter) => existsSync(compiledFile(chapter, name)));

/**
 * What a file of a chapter exports; undefined where the chapter has no such file, as copies for students have no hidden
 * tests.
 */
export function chapterModule(chapter: string, name: 'hidden'): object | undefined {
  const file = compiledFile(chapter, name);
  if (!existsSync(file)) return undefined;
  const loaded: unknown = createRequire(__filename)(file);
  if (typeof loaded !== 'object' || loaded === null) throw new Error(`${file}: expected a module`);
  return loaded;
}

/** Where a chapter's table of results lies. */
export const resultsFile = (chapter: string): string => path.join(courseFolder, chapter, 'results.json');
