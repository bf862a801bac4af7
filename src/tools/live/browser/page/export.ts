import type { HandIn } from '../../chapter';

interface NotebookCell {
  readonly id: string;
  readonly source: readonly string[];
}

/**
 * The notebook with what a reader wrote.
 *
 * @param texts of code cells, by id: they take the place of the whole cell.
 * @param words answers in words, by id: each with the words that it takes the place of.
 */
export function filledIn(
  { text }: HandIn,
  texts: ReadonlyMap<string, string>,
  words: ReadonlyMap<string, readonly [stub: string, answer: string]>,
): string {
  const notebook: unknown = JSON.parse(text);
  if (!isNotebook(notebook)) throw new Error('the notebook of this page is broken: make the handouts again');
  const cells = notebook.cells.map((cell) => {
    const [stub, answer] = words.get(cell.id) ?? ['', ''];
    const before = cell.source.join('');
    const now = texts.get(cell.id) ?? (answer === '' ? before : before.replace(stub, () => answer));
    return now === before ? cell : { ...cell, source: now.split(/(?<=\n)/) };
  });
  return `${JSON.stringify({ ...notebook, cells }, undefined, 1)}\n`;
}

/** Hands a file to the reader, as a download; nothing is asked of the network. */
export function download(file: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-ipynb+json' }));
  link.download = file;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const isNotebook = (value: unknown): value is { readonly cells: readonly NotebookCell[] } =>
  typeof value === 'object' && value !== null && 'cells' in value && Array.isArray(value.cells);
