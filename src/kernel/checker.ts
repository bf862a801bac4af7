import path from 'node:path';
import ts from 'typescript';
import { CellModules, compilerOptions, type CellModule } from '../notebook';

/** What the compiler says of a cell, in the cell's own positions. */
export interface Diagnosis {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly code: number;
  readonly message: string;
  /** The file, where it is not the cell itself, and its text. */
  readonly file?: string;
  readonly source?: string;
}

/** Names that could stand at the cursor. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
}

const MOST_COMPLETIONS = 500;

/** Types and completions for the cells of one session, by the TypeScript language service. */
export class Checker {
  private readonly modules: CellModules;
  private readonly files = new Map<string, { text: string; version: number }>();
  private readonly service: ts.LanguageService;
  private version = 0;

  constructor(
    private readonly folder: string,
    root: string,
  ) {
    this.modules = new CellModules(folder, 'kernel');
    this.service = ts.createLanguageService(this.host(root), ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames, root));
  }

  private host(root: string): ts.LanguageServiceHost {
    // Without this each program looks for packages that replace the compiler's own libraries.
    const options = { ...compilerOptions(root), libReplacement: false };
    const { sys } = ts;
    // The compiler asks the same of the packages' files before each cell; they don't change while a kernel runs.
    const inPackages = (file: string): boolean => file.includes('/node_modules/');
    const fileExists = remembered((file: string) => sys.fileExists(file), inPackages);
    const readFile = remembered((file: string) => sys.readFile(file), inPackages);
    const directoryExists = remembered((file: string) => sys.directoryExists(file), inPackages);
    const realpath = remembered((file: string) => sys.realpath?.(file) ?? file, inPackages);
    const version = remembered((file: string) => sys.getModifiedTime?.(file)?.getTime() ?? 0, inPackages);
    const snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
    const host: ts.LanguageServiceHost = {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [...this.files.keys()],
      getScriptVersion: (file) => String(this.files.get(file)?.version ?? version(file)),
      getScriptSnapshot: (file) => {
        const current = host.getScriptVersion(file);
        const known = snapshots.get(file);
        if (known?.version === current) return known.snapshot;
        const text = host.readFile(file);
        if (text === undefined) return undefined;
        const snapshot = ts.ScriptSnapshot.fromString(text);
        if (!this.files.has(file)) snapshots.set(file, { version: current, snapshot });
        return snapshot;
      },
      getCurrentDirectory: () => root,
      useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (file) => this.files.has(file) || fileExists(file),
      readFile: (file) => this.files.get(file)?.text ?? readFile(file),
      directoryExists,
      getDirectories: (folder) => sys.getDirectories(folder),
      readDirectory: (folder, extensions, exclude, include, depth) => sys.readDirectory(folder, extensions, exclude, include, depth),
      realpath,
    };
    const cache = ts.createModuleResolutionCache(root, (name) => name, options);
    host.resolveModuleNameLiterals = (literals, file, redirect, settings) => literals.map(({ text }) => this.resolve(text, file, settings, host, inPackages(file) ? cache : undefined, redirect));
    const typeCache = ts.createTypeReferenceDirectiveResolutionCache(root, (name) => name, options, cache.getPackageJsonInfoCache());
    const typeResolutions = new Map<string, ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations>();
    host.resolveTypeReferenceDirectiveReferences = (references, file, redirect, settings, containing) =>
      references.map((reference) => {
        const name = typeof reference === 'string' ? reference : reference.fileName;
        const mode = typeof reference === 'string' ? undefined : ts.getModeForFileReference(reference, containing?.impliedNodeFormat);
        const key = `${file}\0${name}\0${mode}`;
        const known = typeResolutions.get(key);
        if (known) return known;
        const found = ts.resolveTypeReferenceDirective(name, file, settings, host, redirect, typeCache, mode);
        typeResolutions.set(key, found);
        return found;
      });
    // Not in the public type: without it each program reads every package.json again.
    return Object.assign(host, { getModuleResolutionCache: () => cache });
  }

  private resolve(name: string, from: string, options: ts.CompilerOptions, host: ts.ModuleResolutionHost, cache?: ts.ModuleResolutionCache, redirect?: ts.ResolvedProjectReference): ts.ResolvedModuleWithFailedLookupLocations {
    const cell = path.join(path.dirname(from), `${name}.ts`);
    if (this.files.has(cell)) return { resolvedModule: { resolvedFileName: cell, extension: ts.Extension.Ts, isExternalLibraryImport: false } };
    return ts.resolveModuleName(name, from, options, host, cache, redirect);
  }

  private put(module: CellModule): void {
    this.files.set(module.file, { text: module.text, version: ++this.version });
  }

  /** The cell as a module, and what is wrong with it. */
  check(code: string): { module: CellModule; diagnoses: Diagnosis[] } {
    const module = this.modules.next(code);
    this.put(module);
    const found: ts.Diagnostic[] = [...this.service.getSyntacticDiagnostics(module.file)];
    if (found.length === 0) found.push(...this.service.getSemanticDiagnostics(module.file));
    const inFiles = found.length === 0 && importsFiles(module) ? this.checkProjectFiles() : [];
    if (found.length + inFiles.length > 0) this.files.delete(module.file);
    return { module, diagnoses: [...found.map((diagnostic) => diagnose(code, module, diagnostic)), ...inFiles] };
  }

  /** What is wrong in the project's own TypeScript files that cells import. */
  private checkProjectFiles(): Diagnosis[] {
    const program = this.service.getProgram();
    const files = program?.getSourceFiles().filter((file) => !file.isDeclarationFile && !this.files.has(file.fileName) && !file.fileName.includes('/node_modules/')) ?? [];
    return files.flatMap((file) => [...this.service.getSyntacticDiagnostics(file.fileName), ...this.service.getSemanticDiagnostics(file.fileName)].map((diagnostic) => diagnoseFile(file, diagnostic, path.dirname(this.folder))));
  }

  /** Makes a checked cell's names known to later cells. Returns the modules that nothing can refer to any more. */
  accept(module: CellModule): string[] {
    this.modules.declare(module);
    const dropped = this.modules.prune();
    for (const name of dropped) this.files.delete(path.join(this.folder, `${name}.ts`));
    return dropped;
  }

  /** What could stand at the cursor, an offset in the code. */
  complete(code: string, cursor: number): Completions {
    const module = this.modules.draft(code);
    this.put(module);
    try {
      const found = this.service.getCompletionsAtPosition(module.file, module.toModule(cursor), { includeCompletionsWithInsertText: false });
      // Inside a string the compiler says what it would replace: a path has signs that a word hasn't.
      const span = found?.entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan;
      const start = span ? module.toCell(span.start) : startOfWord(code, cursor);
      const typed = code.slice(start, cursor);
      const all = (found?.entries ?? []).filter(({ kind }) => kind !== ts.ScriptElementKind.warning);
      const exact = all.filter(({ name }) => name.startsWith(typed));
      const entries = exact.length > 0 ? exact : all.filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()));
      const names = entries.sort((a, b) => a.sortText.localeCompare(b.sortText) || a.name.localeCompare(b.name)).map(({ name }) => name);
      return { start, end: cursor, names: [...new Set(names)].slice(0, MOST_COMPLETIONS) };
    } finally {
      this.files.delete(module.file);
    }
  }

  /** Type and documentation of what stands at the cursor, as text and as Markdown. */
  inspect(code: string, cursor: number): { text: string; markdown: string } | undefined {
    const module = this.modules.draft(code);
    this.put(module);
    try {
      const at = cursor > 0 && cursor >= startOfWord(code, cursor) && /[\w$]/.test(code[cursor - 1] ?? '') && !/[\w$]/.test(code[cursor] ?? '') ? cursor - 1 : cursor;
      const info = this.service.getQuickInfoAtPosition(module.file, module.toModule(at));
      if (!info) return undefined;
      const signature = ts.displayPartsToString(info.displayParts);
      const documentation = ts.displayPartsToString(info.documentation);
      const tags = (info.tags ?? []).map(({ name, text }) => `*@${name}* ${ts.displayPartsToString(text)}`);
      return { text: [signature, documentation].filter(Boolean).join('\n\n'), markdown: [`\`\`\`typescript\n${signature}\n\`\`\``, documentation, ...tags].filter(Boolean).join('\n\n') };
    } finally {
      this.files.delete(module.file);
    }
  }
}

/** Whether the cell imports a file by its path. */
const importsFiles = (module: CellModule): boolean => ts.preProcessFile(module.text).importedFiles.some(({ fileName }) => /^\.\.?\//.test(fileName) && !/^\.\/__kernel-/.test(fileName));

function diagnoseFile(file: ts.SourceFile, { start = 0, length = 1, code, messageText }: ts.Diagnostic, root: string): Diagnosis {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return { line: line + 1, column: character + 1, length, code, message: ts.flattenDiagnosticMessageText(messageText, '\n  '), file: path.relative(root, file.fileName), source: file.text };
}

function diagnose(code: string, module: CellModule, { start = 0, length = 1, code: number, messageText }: ts.Diagnostic): Diagnosis {
  const offset = module.toCell(start);
  const before = code.slice(0, offset).split('\n');
  return { line: before.length, column: before[before.length - 1].length + 1, length: Math.max(1, module.toCell(start + length) - offset), code: number, message: ts.flattenDiagnosticMessageText(messageText, '\n  ') };
}

/** Remembers the answers for those arguments that `keep` names. */
function remembered<T>(ask: (file: string) => T, keep: (file: string) => boolean): (file: string) => T {
  const answers = new Map<string, T>();
  return (file) => {
    const known = answers.get(file);
    if (known !== undefined || answers.has(file)) return known as T;
    const answer = ask(file);
    if (keep(file)) answers.set(file, answer);
    return answer;
  };
}

function startOfWord(code: string, cursor: number): number {
  let start = cursor;
  while (start > 0 && /[\p{L}\p{N}_$]/u.test(code[start - 1])) start--;
  return start;
}

/** Whether code can run as it stands, needs more lines, or never can. */
export function isComplete(code: string): { status: 'complete' | 'incomplete' | 'invalid'; indent?: string } {
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true, fileName: path.join('/', 'cell.ts'), compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  const syntax = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (syntax.length === 0) return { status: 'complete' };
  const end = code.trimEnd().length;
  const UNTERMINATED = [1160, 1010]; // a template literal, a comment
  const UNEXPECTED = 1128; // more closed than opened
  const reachesEnd = ({ start = 0, length = 0, code: number }: ts.Diagnostic): boolean => UNTERMINATED.includes(number) || (number !== UNEXPECTED && start + length >= end);
  return syntax.every(reachesEnd) ? { status: 'incomplete', indent: /[{([]\s*$/.test(code) ? '  ' : '' } : { status: 'invalid' };
}
