import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../paths';

/** Which notebooks: the chapters, or their exercises. */
export type Kind = 'chapter' | 'exercise';

/** The notebooks' paths, in the course's order, the appendices last. */
export function findNotebooks(kind: Kind, folder = inRoot('notebooks')): string[] {
  const place = kind === 'chapter' ? folder : path.join(folder, 'exercises');
  const names = existsSync(place) ? readdirSync(place).filter((name) => name.endsWith('.ipynb')) : [];
  return names.sort().map((name) => path.join(place, name));
}
