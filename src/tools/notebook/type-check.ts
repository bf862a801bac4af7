import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { diagnosticsOfCell } from './cell-diagnostics';
import { indexFile, indexText } from './cell-index';
import { CellModules, type CellModule } from './cell-module';
import { withOwnNames } from './given-names';
import { codeCells, hasTag, type CodeCell, type Notebook } from './notebook';

/** What the compiler says of a cell. */
export interface CellDiagnostic {
  /** The notebook's path as given. */
  readonly file: string;
  readonly cellId: string;
  /** Position of the cell among the code cells, from 1. */
  readonly cellNumber: number;
  /** Line in the cell, from 1. */
  readonly line: number;
  readonly column: number;
  /** For example 2322. */
  readonly code: number;
  readonly message: string;
  /** True where the cell is tagged `type-error`: its error is the lesson. */
  readonly expected: boolean;
}

const sourceFiles = new Map<string, ts.SourceFile | undefined>();

/**
 * Type-checks all code cells of a notebook, strictly and as one program.
 *
 * @param root the project's folder, whose tsconfig.json holds.
 */
export function typeCheck(notebook: Notebook, root: string): CellDiagnostic[] {
  const cells = toModules(notebook);
  const texts = new Map(cells.map(({ module }) => [module.file, module.text]));
  texts.set(indexFile(path.dirname(notebook.file), notebook.name), indexText(cells.map(({ module }) => module)));
  const options = compilerOptions(root);
  const host = ts.createCompilerHost(options);
  const fromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (name, languageVersion) => {
    const text = texts.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, languageVersion, true);
    if (!sourceFiles.has(name)) sourceFiles.set(name, fromDisk(name, languageVersion));
    return sourceFiles.get(name);
  };
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.getCurrentDirectory = () => root;
  const program = ts.createProgram([...texts.keys()], options, host);
  return cells.flatMap((cell) => {
    const file = program.getSourceFile(cell.module.file);
    if (!file) return [];
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return diagnosticsOfCell(cell.module, found).map((diagnostic) => describe(diagnostic, cell, notebook));
  });
}

/** A cell's diagnostic as one line: notebook:cell:line:column, the compiler's code, the message. */
export const formatDiagnostic = (diagnostic: CellDiagnostic): string =>
  `${path.basename(diagnostic.file)}:cell ${diagnostic.cellNumber} (${diagnostic.cellId}):${diagnostic.line}:${diagnostic.column} TS${diagnostic.code} ${diagnostic.message}`;

interface NumberedCell {
  readonly cell: CodeCell;
  readonly number: number;
  readonly module: CellModule;
}

function toModules(notebook: Notebook): NumberedCell[] {
  const modules = new CellModules(path.dirname(notebook.file), notebook.name);
  return codeCells(notebook).map((cell, i) => {
    const module = modules.next(cell.source);
    if (!hasTag(cell, 'type-error')) modules.declare(module);
    return { cell, number: i + 1, module };
  });
}

function describe(
  diagnostic: ts.Diagnostic,
  { cell, number, module }: NumberedCell,
  notebook: Notebook,
): CellDiagnostic {
  const before = cell.source.slice(0, module.toCell(diagnostic.start ?? 0)).split('\n');
  return {
    file: notebook.file,
    cellId: cell.id,
    cellNumber: number,
    line: before.length,
    column: before[before.length - 1].length + 1,
    code: diagnostic.code,
    message: messageOf(diagnostic, ' '),
    expected: hasTag(cell, 'type-error'),
  };
}

/**
 * The compiler's message without the paths by which it tells types of the same name apart, which are of this machine,
 * and with the names as the cells have them.
 */
export function messageOf({ messageText }: Pick<ts.Diagnostic, 'messageText'>, newLine: string): string {
  const text = ts.flattenDiagnosticMessageText(messageText, newLine);
  const twice = declaredTwice(text);
  const hint =
    twice === undefined
      ? ''
      : `${newLine}\`${twice}\` was declared again since this value was made, and the two are different to the compiler: run the cell that makes the value again.`;
  return withOwnNames(text.replace(/import\("[^"]*"\)\./g, '')) + hint;
}

/** The name, where a message is about two types of one name that two cells declare. */
function declaredTwice(text: string): string | undefined {
  const places = new Map<string, string>();
  for (const [, place, name] of text.matchAll(
    /import\("([^"]*__[^"/]*-cell-\d+)"\)\.layerwise\$([\p{ID_Continue}$]+)/gu,
  )) {
    if ((places.get(name) ?? place) !== place) return name;
    places.set(name, place);
  }
  return undefined;
}

/**
 * The options of tsconfig.json, with modules as cells have them: top-level await, imports as a bundler resolves them.
 */
export function compilerOptions(root: string): ts.CompilerOptions {
  const file = path.join(root, 'tsconfig.json');
  const parsed = ts.parseConfigFileTextToJson(file, readFileSync(file, 'utf8'));
  if (parsed.error) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(parsed.error.messageText, ' ')}`);
  const { options } = ts.parseJsonConfigFileContent({ ...parsed.config, files: [] }, ts.sys, root);
  return {
    ...options,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noEmit: true,
    declaration: false,
    sourceMap: false,
  };
}
