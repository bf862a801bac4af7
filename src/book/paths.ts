import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The project's folder. */
export const root = findRoot(__dirname);

function findRoot(from: string): string {
  for (let folder = from; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package-lock.json'))) return folder;
  }
  throw new Error(`the project's package-lock.json was not found above ${from}`);
}

export const inRoot = (...parts: string[]): string => path.join(root, ...parts);
export const venv = (program: string): string => inRoot('.venv', 'bin', program);

/** Which notebooks: the chapters, or their exercises. */
export type Kind = 'chapter' | 'exercise';

/** The notebooks' paths, in the course's order, the appendices last. */
export function findNotebooks(kind: Kind, folder = inRoot('notebooks')): string[] {
  const place = kind === 'chapter' ? folder : path.join(folder, 'exercises');
  const names = existsSync(place) ? readdirSync(place).filter((name) => name.endsWith('.ipynb')) : [];
  return names.sort().map((name) => path.join(place, name));
}

/** The tables of results over seeds, which chapters show. */
export function resultFiles(): string[] {
  const folder = inRoot('notebooks', 'results');
  return existsSync(folder) ? readdirSync(folder).sort().map((name) => path.join(folder, name)) : [];
}
