import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'rolldown';
import { chapterNames, courseFolder } from '../course';
import { inRoot } from '../paths';
import { isInRuntime, PART } from './modules';

const EXERCISES = 'layerwise:exercises';
const VIRTUAL = '\0';
/** What only graders see of a chapter. */
const HIDDEN = /[\\/]course[\\/][^\\/]+[\\/](?:hidden|answers)\b/;

/** The files of visible exercises, by chapter. */
const exerciseFiles = (): [chapter: string, file: string][] =>
  chapterNames()
    .map((chapter): [string, string] => [chapter, path.join(courseFolder, chapter, 'exercises.ts')])
    .filter(([, file]) => existsSync(file));

/** Another name for each list of chapters: what was made of a shorter one is made anew. */
export const exercisePackName = (): string =>
  `exercises-${createHash('sha256').update(exerciseFiles().join()).digest('hex').slice(0, 8)}.js`;

/** The exercises come from the chapters' folders; parts that lie in the runtime are taken from there. */
export const forExercises: Plugin = {
  name: 'for-exercises',
  resolveId(id, importer) {
    if (id === EXERCISES) return VIRTUAL + id;
    const part = importer && id.startsWith('.') ? partAt(path.resolve(path.dirname(importer), id)) : undefined;
    return part === undefined ? undefined : `${VIRTUAL}part:${part}`;
  },
  load(id) {
    if (id === VIRTUAL + EXERCISES) {
      const sets = exerciseFiles().map(
        ([chapter, file]) => `${JSON.stringify(chapter)}: () => require(${JSON.stringify(file)}),\n`,
      );
      return `export default {\n${sets.join('')}};`;
    }
    const [, part] = /^\0part:(.*)$/.exec(id) ?? [];
    return part === undefined ? undefined : `module.exports = globalThis[${JSON.stringify(PART)}]("${part}");`;
  },
};

function partAt(file: string): string | undefined {
  const [, part] = /^([\w-]+)(?:[\\/]index(?:\.ts)?)?$/.exec(path.relative(inRoot('src', 'parts'), file)) ?? [];
  return part !== undefined && isInRuntime(part) ? part : undefined;
}

/**
 * Refuses a bundle with tests or answers that only graders see.
 *
 * @throws Error that names the file.
 */
export function refuseHidden(modules: readonly string[]): void {
  const hidden = modules.find((file) => HIDDEN.test(file));
  if (hidden !== undefined) throw new Error(`a page must not hold ${hidden}: only graders see it`);
}
