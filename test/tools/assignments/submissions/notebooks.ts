// Notebooks as students hand them in.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { replaceSolution, STUB } from '../../../../src/tools/assignments/release/solutions';
import { root } from '../../../support/root';

const cell = z.looseObject({
  cell_type: z.string(),
  id: z.unknown().optional(),
  source: z.union([z.string(), z.array(z.string())]),
});
const notebook = z.looseObject({ cells: z.array(cell) });
export type Cells = z.infer<typeof notebook>['cells'];

export const LOGISTIC = '04-logistic-regression';
export const DESCENT = '03-gradient-descent';

const readReference = (name: string): z.infer<typeof notebook> =>
  notebook.parse(JSON.parse(readFileSync(path.join(root, 'notebooks', 'exercises', `${name}.ipynb`), 'utf8')));
const text = (source: string | readonly string[]): string => (typeof source === 'string' ? source : source.join(''));

/** A notebook with the reference answers, but for those exercises left as they were given out. */
export function notebookOf(
  name: string,
  options: { readonly blank?: boolean; readonly change?: (cells: Cells) => unknown; readonly top?: object } = {},
): string {
  const content = readReference(name);
  const cells = content.cells.map((one) => {
    const source = text(one.source);
    return {
      ...one,
      source: options.blank
        ? replaceSolution(source, STUB)
        : source.replaceAll(/[ \t]*\/\/ (?:BEGIN|END) SOLUTION\n?/g, ''),
    };
  });
  return JSON.stringify({ ...content, cells: options.change?.(cells) ?? cells, ...options.top });
}

export const right = notebookOf(LOGISTIC);
export const blank = notebookOf(LOGISTIC, { blank: true });
/** The same in UTF-16, as some editors save it. */
export const utf16 = (content: string, isBig = false, hasMark = true): Buffer => {
  const bytes = Buffer.from((hasMark ? '\ufeff' : '') + content, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
