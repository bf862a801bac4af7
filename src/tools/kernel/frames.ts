import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import type { CellModule } from '../notebook';
import type { AwaitPlace } from './await-places';
import { stackEntries, type StackEntry } from './stack';

/** A cell that ran: enough to find its lines again. */
export interface CellSource {
  /** How the learner knows it: `cell 23`. */
  readonly name: string;
  readonly execution: number;
  readonly code: string;
  readonly module: CellModule;
  readonly sourceMap: string;
  /** Lines of the script that ran; the last one only calls it. */
  readonly lines: number;
}

/** A call in code that the learner wrote: in a cell or a file. */
export interface OwnFrame {
  readonly kind: 'cell' | 'file';
  readonly name: string;
  readonly where: string;
  readonly line: number;
  readonly column: number;
  /** The code that it lies in. */
  readonly code: string;
}

/** A call inside a library, Node or this package. */
export interface LibraryFrame {
  readonly kind: 'library';
  readonly library: string;
  /** The place in this package's sources. */
  readonly where?: string;
}

export type Frame = OwnFrame | LibraryFrame;

/** The cells by the names of their scripts, and the project's folder. */
export interface Sources {
  readonly cells: ReadonlyMap<string, CellSource>;
  readonly root: string;
  /** The name of the cell that started what failed, where that ran behind it. */
  readonly startedBy?: string;
}

/**
 * The calls that led to an error, the innermost first, up to the cell's own; `awaits` are added where the stack doesn't
 * tell of them.
 */
export function framesOf(
  { stack, message }: { readonly stack: string; readonly message: string },
  awaits: readonly AwaitPlace[],
  sources: Sources,
): Frame[] {
  const entries = stackEntries(stack, message);
  const start = entries.findIndex(({ file, line }) => sources.cells.get(file)?.lines === line);
  const frames = entries.slice(0, start < 0 ? entries.length : start).flatMap((entry) => frameOf(entry, sources));
  while (isNode(frames.at(-1))) frames.pop();
  const known = new Set(frames.map(lineOf));
  const awaited = awaits.flatMap((place) => awaitFrame(place, sources)).filter((frame) => !known.has(lineOf(frame)));
  return [...frames, ...awaited];
}

const isNode = (frame: Frame | undefined): boolean => frame?.kind === 'library' && frame.library.startsWith('node:');

/** The line of the learner's code where a call lies. */
export const lineOf = (frame: Frame): string => (frame.kind === 'library' ? '' : frame.where.replace(/:\d+$/, ''));

function frameOf({ name, file, line, column }: StackEntry, { cells, root }: Sources): Frame[] {
  const cell = cells.get(file);
  if (cell) return [cellFrame(cell, placeInCell(cell, line, column), name)];
  if (file.startsWith('node:')) return file.startsWith('node:internal/') ? [] : [{ kind: 'library', library: file }];
  const place = path.relative(root, file);
  if (/^src\/(dist\/)?tools\/kernel\//.test(place)) return [];
  const library = libraryOf(file, place);
  if (library !== undefined)
    return [
      {
        kind: 'library',
        library,
        where: library.startsWith('layerwise/') ? placeInSource(file, line, column, root) : undefined,
      },
    ];
  return [
    {
      kind: 'file',
      name,
      where: `${place.startsWith('..') ? file : place}:${line}:${column}`,
      line,
      column,
      code: readIfThere(file),
    },
  ];
}

/**
 * Which package a file belongs to; undefined for the learner's own. A source map may name a file that its package
 * doesn't bring.
 */
function libraryOf(file: string, place: string): string | undefined {
  const inPackages = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
  if (inPackages) return inPackages[1];
  const part = /^src\/(?:dist\/)?(?:parts|tools)\/([^/]+)\//.exec(place);
  if (part) return `layerwise/${part[1]}`;
  return existsSync(file) ? undefined : (/([^/]+)\/(?:src|dist|lib)\//.exec(file)?.[1] ?? path.basename(file));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * A place in this package's compiled form, in its sources: modules that the kernel itself uses are loaded before it
 * asks Node to do that.
 */
function placeInSource(file: string, line: number, column: number, root: string): string {
  const compiled = `${path.relative(root, file)}:${line}:${column}`;
  const map = readIfThere(`${file}.map`);
  if (map === '') return compiled;
  const entry = new SourceMap(JSON.parse(map) as SourceMapPayload).findEntry(line - 1, column - 1);
  return 'originalSource' in entry
    ? `${path.relative(root, path.resolve(path.dirname(file), entry.originalSource))}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    : compiled;
}

function awaitFrame({ execution, offset }: AwaitPlace, { cells }: Sources): OwnFrame[] {
  for (const cell of cells.values())
    if (cell.execution === execution) return [cellFrame(cell, cell.module.toCell(offset), '')];
  return [];
}

function placeInCell(cell: CellSource, line: number, column: number): number {
  const map = new SourceMap(JSON.parse(cell.sourceMap) as SourceMapPayload);
  // The first line begins with the wrapper's head.
  const entry = map.findEntry(line - 1, Math.max(0, column - 1));
  const moduleLine = 'originalLine' in entry ? entry.originalLine : 0;
  const moduleColumn = 'originalColumn' in entry ? entry.originalColumn : 0;
  const start = cell.module.text
    .split('\n')
    .slice(0, moduleLine)
    .reduce((sum, text) => sum + text.length + 1, 0);
  return cell.module.toCell(start + moduleColumn);
}

function cellFrame({ name: cell, code }: CellSource, offset: number, called: string): OwnFrame {
  const before = code.slice(0, offset).split('\n');
  const at = { line: before.length, column: before[before.length - 1].length + 1 };
  const name = /^(eval|Object\.<anonymous>|layerwise\$\w+)$/.test(called) ? '' : called;
  return { kind: 'cell', name, where: `${cell}:${at.line}:${at.column}`, ...at, code };
}
