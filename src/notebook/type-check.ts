import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { declarationsOf, identifiersOf, type Declaration } from './declarations';
import { codeCells, hasTag, type Notebook } from './notebook';

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
 * Type-checks all code cells of a notebook, strictly and as one program: each cell is a module that imports what earlier cells declared, and the last declaration of a name wins.
 *
 * @param root the project's folder, whose tsconfig.json holds.
 */
export function typeCheck(notebook: Notebook, root: string): CellDiagnostic[] {
  const modules = toModules(notebook);
  const options = compilerOptions(root);
  const host = ts.createCompilerHost(options);
  const fromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (name, languageVersion) => {
    const module = modules.get(name);
    if (module) return ts.createSourceFile(name, module.text, languageVersion, true);
    if (!sourceFiles.has(name)) sourceFiles.set(name, fromDisk(name, languageVersion));
    return sourceFiles.get(name);
  };
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.getCurrentDirectory = () => root;
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules.entries()].flatMap(([name, module]) => {
    const file = program.getSourceFile(name);
    if (!file) return [];
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map((diagnostic) => describe(diagnostic, file, module, notebook));
  });
}

/** A cell's diagnostic as one line: notebook:cell:line:column, the compiler's code, the message. */
export const formatDiagnostic = (diagnostic: CellDiagnostic): string =>
  `${path.basename(diagnostic.file)}:cell ${diagnostic.cellNumber} (${diagnostic.cellId}):${diagnostic.line}:${diagnostic.column} TS${diagnostic.code} ${diagnostic.message}`;

interface CellModule {
  readonly text: string;
  readonly prefixLength: number;
  readonly cellId: string;
  readonly cellNumber: number;
  readonly expected: boolean;
}

function toModules(notebook: Notebook): Map<string, CellModule> {
  const modules = new Map<string, CellModule>();
  const declaredIn = new Map<string, { module: string; declaration: Declaration }>();
  const folder = path.dirname(notebook.file);
  codeCells(notebook).forEach((cell, i) => {
    const module = `__${notebook.name}-cell-${i + 1}`;
    const declarations = declarationsOf(cell.source);
    const own = new Set(declarations.map(({ name }) => name));
    const prefix = [...identifiersOf(cell.source)]
      .flatMap((name) => {
        const earlier = declaredIn.get(name);
        return earlier && !own.has(name) ? [takeOver(earlier.module, earlier.declaration)] : [];
      })
      .join(' ');
    const suffix = `\nexport { ${[...own].join(', ')} };`;
    modules.set(path.join(folder, `${module}.ts`), {
      text: prefix + cell.source + suffix,
      prefixLength: prefix.length,
      cellId: cell.id,
      cellNumber: i + 1,
      expected: hasTag(cell, 'type-error'),
    });
    if (hasTag(cell, 'type-error')) return;
    for (const declaration of declarations) declaredIn.set(declaration.name, { module, declaration });
  });
  return modules;
}

/** A variable is declared anew with its type, because an import can't be assigned to. */
function takeOver(module: string, { name, kind }: Declaration): string {
  if (kind === 'variable') return `declare let ${name}: typeof import('./${module}').${name};`;
  return `import { ${name} } from './${module}';`;
}

function describe(diagnostic: ts.Diagnostic, file: ts.SourceFile, module: CellModule, notebook: Notebook): CellDiagnostic {
  const start = diagnostic.start ?? 0;
  const position = file.getLineAndCharacterOfPosition(start);
  return {
    file: notebook.file,
    cellId: module.cellId,
    cellNumber: module.cellNumber,
    line: position.line + 1,
    column: position.line === 0 ? position.character - module.prefixLength + 1 : position.character + 1,
    code: diagnostic.code,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '),
    expected: module.expected,
  };
}

function compilerOptions(root: string): ts.CompilerOptions {
  const file = path.join(root, 'tsconfig.json');
  const parsed = ts.parseConfigFileTextToJson(file, readFileSync(file, 'utf8'));
  if (parsed.error) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(parsed.error.messageText, ' ')}`);
  const { options } = ts.parseJsonConfigFileContent({ ...parsed.config, files: [] }, ts.sys, root);
  return { ...options, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, noEmit: true, declaration: false, sourceMap: false };
}
