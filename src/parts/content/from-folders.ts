import { node } from '../files';
import type { Content } from './content';

/** Chapters as they lie in `src/course`, compiled in `src/dist/course`. */
export function fromFolders(): Content {
  const { existsSync, readFileSync, readdirSync } = node('fs');
  const path = node('path');
  // This file is `src/parts/content/from-folders.ts`, or compiled `src/dist/parts/content/from-folders.js`.
  const above = path.resolve(__dirname, '../..');
  const source = path.basename(above) === 'dist' ? path.dirname(above) : above;
  const compiled = path.join(source, 'dist', 'course');
  const load = node('module').createRequire(__filename);
  return {
    chapters: readdirSync(compiled).sort(),
    read(chapter, what) {
      const file =
        what === 'exercises'
          ? path.join(compiled, chapter, 'exercises.js')
          : path.join(source, 'course', chapter, 'results.json');
      if (!existsSync(file)) return undefined;
      const value: unknown = what === 'exercises' ? load(file) : JSON.parse(readFileSync(file, 'utf8'));
      return value;
    },
  };
}
