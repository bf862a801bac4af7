import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KERNELSPEC, LANGUAGE_INFO } from '../notebook';
import { inRoot } from '../paths';
import {
  answersSource,
  chapterCells,
  exerciseCells,
  exercisesSource,
  hiddenSource,
  type SkeletonCell,
} from './skeleton';

const NAME = /^(\d\d|A\d)-[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * Writes the skeleton of a chapter, which passes `check`: its notebook, its exercises, and its folder of content.
 *
 * @param name for example `07-convolutional-networks`: its number, which no other chapter has, and its title in
 *   kebab-case.
 * @returns the files, from the project's folder.
 * @throws RangeError where the name is of another form, or its number is taken; then nothing is written.
 */
export function newChapter(name: string, root = inRoot()): string[] {
  const number = NAME.exec(name)?.[1];
  if (number === undefined)
    throw new RangeError(`new: expected a name such as 07-convolutional-networks or A2-notation, got "${name}"`);
  const notebooks = path.join(root, 'notebooks');
  const taken = existsSync(notebooks)
    ? readdirSync(notebooks).find((file) => file.startsWith(`${number}-`))
    : undefined;
  if (taken !== undefined) throw new RangeError(`new: chapter ${number} is there already: notebooks/${taken}`);
  const words = name.slice(number.length + 1).replaceAll('-', ' ');
  const title = `${number} ${words[0].toUpperCase()}${words.slice(1)}`;
  const example = `${words.replace(/ (.)/g, (_, letter: string) => letter.toUpperCase())}Example`.replace(/^\d+/, '');
  const content = path.posix.join('src', 'course', name);
  const files: Readonly<Record<string, string>> = {
    [`notebooks/${name}.ipynb`]: notebook(chapterCells(title, name)),
    [`notebooks/exercises/${name}.ipynb`]: notebook(exerciseCells(title, example)),
    [`${content}/exercises.ts`]: exercisesSource(example),
    [`${content}/hidden.ts`]: hiddenSource(example),
    [`${content}/answers/${kebab(example)}.ts`]: answersSource(example),
    [`${content}/coverage.json`]: `${JSON.stringify({ covers: [{ item: 'the central idea', cells: ['idea', 'idea-code'] }], worked: [{ item: 'one number by hand', cell: 'idea-code', shows: ['4'] }] }, undefined, 1)}\n`,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text, { flag: 'wx' });
  }
  return Object.keys(files);
}

function notebook(cells: readonly SkeletonCell[]): string {
  const made = cells.map(({ id, markdown, code }) =>
    code === undefined
      ? { cell_type: 'markdown', id, metadata: {}, source: lines(markdown ?? '') }
      : { cell_type: 'code', execution_count: null, id, metadata: {}, outputs: [], source: lines(code) },
  );
  return `${JSON.stringify({ cells: made, metadata: { kernelspec: KERNELSPEC, language_info: LANGUAGE_INFO }, nbformat: 4, nbformat_minor: 5 }, undefined, 1)}\n`;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const lines = (text: string): string[] => text.split(/(?<=\n)/);
