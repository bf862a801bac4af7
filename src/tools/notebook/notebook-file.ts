import ts from 'typescript';
import type { NotebookContent } from './notebook';

/**
 * What our kernel says of its language. A notebook that says otherwise counts as changed as soon as JupyterLab opens
 * it.
 */
export const LANGUAGE_INFO = {
  name: 'typescript',
  version: ts.versionMajorMinor,
  mimetype: 'text/typescript',
  file_extension: '.ts',
  codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
  pygments_lexer: 'typescript',
  nbconvert_exporter: 'script',
} as const;

/** How a notebook names our kernel: as its kernelspec does. */
export const KERNELSPEC = { display_name: 'TypeScript (Layerwise)', language: 'typescript', name: 'tslab' } as const;

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, part]) => [key, sorted(part)]),
        )
      : value;

const lines = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== '');

/** A notebook as JupyterLab itself writes it, so that saving one without a change leaves the file as it is. */
export function notebookText(content: NotebookContent): string {
  const cells = content.cells.map((cell) => ({ ...cell, source: lines(cell.source) }));
  return `${JSON.stringify(sorted({ ...content, cells }), undefined, 1)}\n`;
}
