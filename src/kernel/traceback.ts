import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import type { CellModule } from '../notebook';
import type { Diagnosis } from './diagnosis';
import { cut, inspectSafely, isError, plainError } from './plain-error';

/** A cell that ran: enough to find its lines again. */
export interface CellSource {
  readonly number: number;
  readonly code: string;
  readonly module: CellModule;
  readonly sourceMap: string;
  /** Lines of the script that ran; the last one only calls it. */
  readonly lines: number;
}

/** What Jupyter shows of an error. */
export interface ShownError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

const RED = '\u001b[31m';
const DIM = '\u001b[2m';
const RESET = '\u001b[0m';
const CONTEXT_LINES = 2;

/** The lines around a place, with a caret under it. */
export function excerpt(code: string, line: number, column: number, length = 1): string[] {
  const lines = code.split('\n');
  const from = Math.max(1, line - CONTEXT_LINES);
  const to = Math.min(lines.length, line + CONTEXT_LINES);
  const width = String(to).length;
  const shown: string[] = [];
  for (let number = from; number <= to; number++) {
    shown.push(`${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${lines[number - 1]}`);
    if (number === line) shown.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}${RED}${'^'.repeat(Math.max(1, Math.min(length, (lines[line - 1]?.length ?? 0) - column + 1)))}${RESET}`);
  }
  return shown;
}

/** A cell that the compiler refused. */
export function showDiagnoses(code: string, diagnoses: readonly Diagnosis[]): ShownError {
  const [first] = diagnoses;
  const ename = first.code < 2000 ? 'SyntaxError' : 'TypeError';
  const place = ({ file, line, column }: Diagnosis): string => (file === undefined ? `line ${line}:${column}` : `${file}:${line}:${column}`);
  const traceback = diagnoses.flatMap((diagnosis) => [`${RED}${place(diagnosis)} TS${diagnosis.code}${RESET} ${diagnosis.message}`, ...excerpt(diagnosis.source ?? code, diagnosis.line, diagnosis.column, diagnosis.length)]);
  return { ename, evalue: `${place(first)} TS${first.code} ${first.message.split('\n')[0]}`, traceback };
}

/** A value that a cell threw: frames of cells and of the project with their lines, those of the kernel and of Node left out. */
export function showThrown(thrown: unknown, cells: ReadonlyMap<string, CellSource>, root: string): ShownError {
  if (!isError(thrown)) {
    const text = typeof thrown === 'string' ? cut(thrown) : inspectSafely(thrown);
    return { ename: 'Thrown', evalue: text, traceback: [`${RED}Thrown${RESET}: ${text}`] };
  }
  const error = plainError(thrown);
  const frames = framesOf(error.stack, cells, root);
  const [first] = frames;
  const cause = error.cause === undefined ? [] : [`caused by: ${oneLine(error.cause)}`];
  return {
    ename: error.name,
    evalue: error.message,
    traceback: [
      `${RED}${error.name}${RESET}: ${error.message}`,
      ...(first?.code === undefined ? [] : excerpt(first.code, first.line, first.column)),
      ...frames.map(({ where, name }) => `${DIM}    at ${name ? `${name} ` : ''}${where}${RESET}`),
      ...cause,
    ],
  };
}

function oneLine(cause: unknown): string {
  if (!isError(cause)) return inspectSafely(cause);
  const { name, message } = plainError(cause);
  return `${name}: ${message}`;
}

interface Frame {
  readonly name: string;
  readonly where: string;
  readonly line: number;
  readonly column: number;
  /** The source that the frame lies in, where it is a cell's or the project's own. */
  readonly code?: string;
}

const FRAME = /^\s+at (?:async )?(?:(.*?) \()?(?:file:\/\/)?([^()]*?):(\d+):(\d+)\)?$/;

function framesOf(stack: string, cells: ReadonlyMap<string, CellSource>, root: string): Frame[] {
  return stack.split('\n').flatMap((text): Frame[] => {
    const match = FRAME.exec(text);
    if (!match) return [];
    const [, name = '', file, lineText, columnText] = match;
    const [line, column] = [Number(lineText), Number(columnText)];
    const cell = cells.get(file);
    if (cell) return line === cell.lines ? [] : [cellFrame(cell, line, column, name)];
    const isOurs = file.startsWith('node:') || /\/src\/(dist\/)?kernel\//.test(file);
    if (isOurs || !file.startsWith('/')) return [];
    const where = file.startsWith(root) ? file.slice(root.length).replace(/^\//, '') : file;
    return [{ name, where: `${where}:${line}:${column}`, line, column, code: isProjectSource(file, root) ? readIfThere(file) : undefined }];
  });
}

const isProjectSource = (file: string, root: string): boolean => file.startsWith(root) && !file.includes('/node_modules/') && /\.[cm]?[jt]s$/.test(file);

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function cellFrame(cell: CellSource, line: number, column: number, name: string): Frame {
  const map = new SourceMap(JSON.parse(cell.sourceMap) as SourceMapPayload);
  // The first line begins with the wrapper's head.
  const entry = map.findEntry(line - 1, Math.max(0, column - 1));
  const moduleLine = 'originalLine' in entry ? entry.originalLine : 0;
  const moduleColumn = 'originalColumn' in entry ? entry.originalColumn : 0;
  const start = cell.module.text.split('\n').slice(0, moduleLine).reduce((sum, text) => sum + text.length + 1, 0);
  const before = cell.code.slice(0, cell.module.toCell(start + moduleColumn)).split('\n');
  const at = { line: before.length, column: before[before.length - 1].length + 1 };
  const shownName = /^(eval|Object\.<anonymous>|layerwise\$\w+)$/.test(name) ? '' : name;
  return { name: shownName, where: `cell ${cell.number}:${at.line}:${at.column}`, ...at, code: cell.code };
}
