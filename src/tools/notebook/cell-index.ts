import path from 'node:path';
import type { Declaration } from './declarations';
import { givenBy, indexName } from './given-names';

/**
 * The module by which cells take names of each other. So every cell imports this one alone, and this one imports all
 * cells:
 * what imports what stays the same whatever cells say, and the compiler takes a program's structure over from the one
 * before.
 */
export const indexFile = (folder: string, notebook: string): string => path.join(folder, `__${notebook}-index.ts`);

/** The line by which a cell takes something, or nothing, from the index. */
export const takeFromIndex = (notebook: string, specifiers: readonly string[]): string =>
  `import { ${specifiers.join(', ')} } from './__${notebook}-index';`;

/** A cell that isn't there (yet): it imports what every cell imports. */
export const blankModule = (notebook: string): string => `${takeFromIndex(notebook, [])}\n`;

/** The text of the index over these modules. Where there is no module yet, `declarations` is empty. */
export function indexText(
  modules: Iterable<{ readonly file: string; readonly declarations: readonly Declaration[] }>,
): string {
  return [...modules]
    .map(({ file, declarations }) => {
      const module = path.basename(file, '.ts');
      return `export { ${givenBy(declarations)
        .map((given) => `${given} as ${indexName(given, module)}`)
        .join(', ')} } from './${module}';\n`;
    })
    .join('');
}
