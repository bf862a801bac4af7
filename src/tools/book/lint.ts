import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  codeCells,
  formatDiagnostic,
  hasTag,
  KERNELSPEC,
  LANGUAGE_INFO,
  tagsOf,
  typeCheck,
  type CellDiagnostic,
  type Notebook,
} from '../notebook';
import type { Kind } from './find-notebooks';

const KNOWN_TAGS = ['figure', 'own-times', 'type-error', 'raises-exception', 'written'];
const ABSOLUTE_PATH = /(?:^|["'`(\s=])((?:\/(?:home|Users|root|tmp|work|mnt|opt|var|media)\/|[A-Z]:\\\\?)[^\s"'`)]*)/m;
const CHAPTER_SECTIONS = ['Pitfalls', 'Summary', 'Self-check', 'Further reading'];
const WORDS_PER_CODE_LINE = 7;
const MEDIAN_CELL_LINES = 8;
const LONGEST_CELL_LINES = 30;

/** All that is wrong with a notebook, one line each: types, form, style. */
export function lintNotebook(notebook: Notebook, kind: Kind, root: string): string[] {
  return [
    ...form(notebook),
    ...text(notebook),
    ...types(notebook, root),
    ...(kind === 'chapter' ? style(notebook) : []),
  ];
}

const at = (notebook: Notebook, cellId: string, message: string): string =>
  `${path.basename(notebook.file)}:${cellId}: ${message}`;

function form(notebook: Notebook): string[] {
  const { cells, metadata } = notebook.content;
  const name = path.basename(notebook.file);
  const ids = cells.map((cell) => cell.id);
  return [
    ...(isDeepStrictEqual(metadata.kernelspec, KERNELSPEC)
      ? []
      : [`${name}: expected the kernelspec ${JSON.stringify(KERNELSPEC)}, got ${JSON.stringify(metadata.kernelspec)}`]),
    ...(isDeepStrictEqual(metadata.language_info, LANGUAGE_INFO)
      ? []
      : [
          `${name}: expected language_info as the kernel gives it, so that JupyterLab opens the notebook unchanged: ${JSON.stringify(LANGUAGE_INFO)}, got ${JSON.stringify(metadata.language_info)}`,
        ]),
    ...('widgets' in metadata
      ? [`${name}: holds the state of widgets: save it without (Settings → Save Widget State Automatically is off)`]
      : []),
    ...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => at(notebook, id, 'the cell id occurs twice')),
    ...ids
      .filter((id) => !/^[a-z0-9][a-z0-9-]{2,63}$/.test(id))
      .map((id) => at(notebook, id, 'a cell id should be words in kebab-case that name what the cell does')),
    ...codeCells(notebook)
      .filter((cell) => cell.outputs.length > 0 || cell.execution_count !== null)
      .map((cell) =>
        at(notebook, cell.id, 'holds outputs: clear them before saving (Edit → Clear Outputs of All Cells)'),
      ),
    ...cells.flatMap((cell) =>
      tagsOf(cell)
        .filter((tag) => !KNOWN_TAGS.includes(tag) && !/^TS\d+$/.test(tag))
        .map((tag) => at(notebook, cell.id, `unknown tag "${tag}"; known: ${KNOWN_TAGS.join(', ')}, TS<number>`)),
    ),
  ];
}

function text(notebook: Notebook): string[] {
  return notebook.content.cells.flatMap((cell) => {
    const found: string[] = [];
    const absolute = ABSOLUTE_PATH.exec(cell.source)?.[1];
    if (absolute) found.push(`names a path that only one machine has: ${absolute}`);
    if (cell.cell_type === 'markdown') {
      if (cell.source.includes('\\$'))
        found.push('has \\$, which turns what follows into a formula: write "dollars" or &#36;');
      if (/!\[\s*\]\(/.test(cell.source)) found.push('has an image without alternative text: ![what it shows](…)');
      for (const tag of cell.source.match(/<img\b[^>]*>/g) ?? [])
        if (!/\balt="[^"]+"/.test(tag)) found.push('has an <img> without alt');
    }
    return found.map((message) => at(notebook, cell.id, message));
  });
}

function types(notebook: Notebook, root: string): string[] {
  const diagnostics = typeCheck(notebook, root);
  return [
    ...diagnostics.filter((diagnostic) => !diagnostic.expected).map(formatDiagnostic),
    ...codeCells(notebook)
      .filter((cell) => hasTag(cell, 'type-error'))
      .flatMap((cell) => wrongLesson(notebook, cell.id, tagsOf(cell), diagnostics)),
  ];
}

function wrongLesson(
  notebook: Notebook,
  cellId: string,
  tags: readonly string[],
  diagnostics: readonly CellDiagnostic[],
): string[] {
  const expected = tags.filter((tag) => /^TS\d+$/.test(tag));
  const found = diagnostics
    .filter((diagnostic) => diagnostic.cellId === cellId)
    .map((diagnostic) => `TS${diagnostic.code}`);
  if (!tags.includes('raises-exception'))
    return [
      at(
        notebook,
        cellId,
        'is tagged type-error: tag it raises-exception too, so that JupyterLab runs the cells after it',
      ),
    ];
  if (expected.length === 0)
    return [at(notebook, cellId, 'is tagged type-error: say which error with a second tag, for example TS2345')];
  if (expected.join() === found.join()) return [];
  return [
    at(notebook, cellId, `is tagged ${expected.join(', ')}, but the compiler says ${found.join(', ') || 'nothing'}`),
  ];
}

/** Figures about prose and code. */
export interface StyleFigures {
  readonly words: number;
  readonly codeLines: number;
  readonly wordsPerCodeLine: number;
  readonly medianCellLines: number;
}

/** Lines that hold code: neither blank nor only a comment. */
export const codeLinesOf = (source: string): number =>
  source.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;

/**
 * Counts words of prose and lines of code. Cells tagged `figure` only draw and are folded in handouts: they don't
 * count.
 */
export function styleFigures(notebook: Notebook): StyleFigures {
  const words = notebook.content.cells
    .filter((cell) => cell.cell_type === 'markdown')
    .reduce((sum, cell) => sum + wordsOf(cell.source), 0);
  const lines = codeCells(notebook)
    .filter((cell) => !hasTag(cell, 'figure'))
    .map((cell) => codeLinesOf(cell.source));
  const codeLines = lines.reduce((a, b) => a + b, 0);
  const sorted = lines.slice().sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length === 0 ? 0 : sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return {
    words,
    codeLines,
    wordsPerCodeLine: codeLines === 0 ? Infinity : words / codeLines,
    medianCellLines: median,
  };
}

function wordsOf(markdown: string): number {
  const prose = markdown
    .replace(/```[\s\S]*?```/g, ' ')
    .replace(/\$\$[\s\S]*?\$\$/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\]\([^)]*\)/g, ' ');
  return prose.match(/[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu)?.length ?? 0;
}

function style(notebook: Notebook): string[] {
  const name = path.basename(notebook.file);
  const figures = styleFigures(notebook);
  const headings = notebook.content.cells
    .filter((cell) => cell.cell_type === 'markdown')
    .flatMap((cell) => cell.source.match(/^#+ .*$/gm) ?? []);
  const found: string[] = [];
  if (figures.wordsPerCodeLine < WORDS_PER_CODE_LINE)
    found.push(
      `${name}: expected at least ${WORDS_PER_CODE_LINE} words of prose a line of code, got ${figures.wordsPerCodeLine.toFixed(1)} (${figures.words} words, ${figures.codeLines} lines)`,
    );
  if (figures.medianCellLines > MEDIAN_CELL_LINES)
    found.push(
      `${name}: expected a median of at most ${MEDIAN_CELL_LINES} lines a code cell, got ${figures.medianCellLines}`,
    );
  if (!headings[0]?.startsWith('# '))
    found.push(`${name}: expected a title (# …) as its first heading, got "${headings[0] ?? 'none'}"`);
  for (const section of CHAPTER_SECTIONS)
    if (!headings.some((heading) => heading.replace(/^#+ (\d+(\.\d+)* )?/, '').startsWith(section)))
      found.push(`${name}: the section "${section}" is missing`);
  for (const cell of codeCells(notebook)) {
    const lines = codeLinesOf(cell.source);
    if (lines > LONGEST_CELL_LINES)
      found.push(at(notebook, cell.id, `expected at most ${LONGEST_CELL_LINES} lines of code, got ${lines}`));
  }
  return found;
}
