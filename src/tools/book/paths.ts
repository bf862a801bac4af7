import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inRoot, root } from '../assignments/paths';

export { inRoot, root };
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
