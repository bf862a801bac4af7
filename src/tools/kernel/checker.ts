import path from 'node:path';
import ts from 'typescript';
import { CellModules, diagnosticsOfCell, isInternal, moduleNameOf, type CellModule } from '../notebook';
import { cancelable } from './cancelable';
import { CellFiles } from './cell-files';
import { createCompilerHost } from './compiler-host';
import { diagnose, diagnoseFile, type Diagnosis } from './diagnosis';
import { Misfits } from './misfits';
import { signatureHelp, type CodeHelp } from './signature-help';

/** Names that could stand at the cursor. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
}

/** A cell as a module, and what is wrong with it. */
export type Checked = { readonly module: CellModule; readonly diagnoses: readonly Diagnosis[] };

/** The name that the kernel's cells have as a notebook. */
const NOTEBOOK = 'kernel';
const MOST_COMPLETIONS = 500;
/** So often a notebook is checked as one program before the rest is checked cell by cell. */
const MOST_ROUNDS = 4;
/** What such a cell declares reaches others without their naming it: everything. */
const EVERYTHING = '*';
const AUGMENTS = /\bdeclare\s+(?:global|module)\b/;

/** Types and completions for the cells of one session, by the TypeScript language service. */
export class Checker {
  private modules: CellModules;
  private readonly files: CellFiles;
  private readonly service: ts.LanguageService;
  private misfits: Misfits;
  private isChecking = false;

  /**
   * @param isCanceled whether a check that is under way shall end: it throws Interrupted or the compiler's
   * OperationCanceledException then.
   */
  constructor(
    private readonly folder: string,
    root: string,
    isCanceled: () => boolean = () => false,
  ) {
    this.modules = new CellModules(folder, NOTEBOOK);
    this.files = new CellFiles(folder, NOTEBOOK);
    this.misfits = this.misfitsOf(this.modules);
    this.service = ts.createLanguageService(
      cancelable(createCompilerHost(root, this.files), () => this.isChecking && isCanceled()),
      ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames, root),
    );
  }

  /** Begins anew, as with a notebook's first cell; what is known of packages is kept. */
  reset(): void {
    this.modules = new CellModules(this.folder, NOTEBOOK);
    this.misfits = this.misfitsOf(this.modules);
    this.files.clear();
  }

  private misfitsOf(modules: CellModules): Misfits {
    return new Misfits({
      modules,
      put: (module) => this.files.put(module),
      remove: ({ file }) => this.files.remove(file),
      program: () => this.service.getProgram(),
    });
  }

  /** The cell as a module, and what is wrong with it. */
  check(code: string): Checked {
    this.files.renew();
    const module = this.modules.next(code);
    const replaced = this.modules.replacedBy(module);
    const before = replaced.flatMap(({ file }) => this.files.moduleIn(file) ?? []);
    for (const earlier of replaced) this.files.put(earlier);
    this.files.put(module);
    let isAccepted = false;
    this.isChecking = true;
    try {
      const found = this.wrongIn(module);
      const inFiles = found.length === 0 && importsFiles(module) ? this.checkProjectFiles() : [];
      isAccepted = found.length + inFiles.length === 0;
      return { module, diagnoses: [...found, ...inFiles] };
    } finally {
      this.isChecking = false;
      if (!isAccepted) {
        this.files.remove(module.file);
        for (const earlier of before) this.files.put(earlier);
      }
    }
  }

  /** What is wrong in a cell after earlier ones, which are taken to be right. Begins anew. */
  checkAfter(earlier: readonly string[], code: string): Checked {
    this.declareAll(earlier, []);
    return this.check(code);
  }

  private wrongIn(module: CellModule): Diagnosis[] {
    const syntactic = this.service.getSyntacticDiagnostics(module.file);
    const found = syntactic.length > 0 ? syntactic : this.service.getSemanticDiagnostics(module.file);
    return diagnosticsOfCell(module, found).map((diagnostic) => diagnose(module, diagnostic));
  }

  /**
   * Checks the cells of a whole notebook as if they had been checked one after the other, but many as one program,
   * which is faster. Begins anew.
   * A cell that is refused declares nothing; so cells that took something from one are looked at again, in the end one
   * by one.
   */
  checkAll(codes: readonly string[]): Checked[] {
    const decided: Checked[] = [];
    for (let round = 0; round < MOST_ROUNDS && codes.some((_, i) => !(i in decided)); round++) {
      const doubtful = new Set<string>();
      for (const [i, module] of this.declareAll(codes, decided).entries()) {
        if (i in decided) continue;
        const diagnoses = this.wrongIn(module);
        const depends = doubtful.has(EVERYTHING) || [...module.uses].some((name) => doubtful.has(name));
        if (depends || diagnoses.length > 0)
          doubtful.add(AUGMENTS.test(codes[i]) ? EVERYTHING : moduleNameOf(module.file));
        if (!depends) decided[i] = { module, diagnoses };
      }
    }
    const first = codes.findIndex((_, i) => !(i in decided));
    if (first < 0) return decided;
    this.declareAll(codes.slice(0, first), decided);
    for (let i = first; i < codes.length; i++) {
      decided[i] = this.check(codes[i]);
      if (decided[i].diagnoses.length === 0) this.accept(decided[i].module);
    }
    return decided;
  }

  /** Begins anew with these cells, but for those that are known to be refused. */
  private declareAll(codes: readonly string[], known: readonly Checked[]): CellModule[] {
    this.reset();
    return codes.map((code, i) => {
      const module = this.modules.next(code);
      if (i in known && known[i].diagnoses.length > 0) return module;
      this.files.put(module);
      this.modules.declare(module);
      return module;
    });
  }

  /** What is wrong in the project's own TypeScript files that cells import. */
  private checkProjectFiles(): Diagnosis[] {
    const program = this.service.getProgram();
    const files =
      program
        ?.getSourceFiles()
        .filter(
          (file) =>
            !file.isDeclarationFile &&
            !this.files.texts.has(file.fileName) &&
            !file.fileName.includes('/node_modules/'),
        ) ?? [];
    return files.flatMap((file) =>
      [
        ...this.service.getSyntacticDiagnostics(file.fileName),
        ...this.service.getSemanticDiagnostics(file.fileName),
      ].map((diagnostic) => diagnoseFile(file, diagnostic, path.dirname(this.folder))),
    );
  }

  /**
   * Makes a checked cell's names known to later cells. Returns lines that say which functions of earlier cells no
   * longer fit.
   *
   * @param name the cell's, as the learner knows it: `cell 23`.
   * @param unset values that the cell declares but never reached, because it failed.
   */
  accept(module: CellModule, name = 'a cell', unset?: ReadonlySet<string>): string[] {
    const unfit = this.misfits.afterwards(module, name, () => this.modules.declare(module, unset));
    const dropped = this.modules.prune();
    this.misfits.drop(dropped);
    for (const name of dropped) this.files.remove(path.join(this.folder, `${name}.ts`));
    return unfit;
  }

  /** What could stand at the cursor, an offset in the code. */
  complete(code: string, cursor: number): Completions {
    const module = this.modules.draft(code);
    this.files.put(module);
    try {
      const found = this.service.getCompletionsAtPosition(module.file, module.toModule(cursor), {
        includeCompletionsWithInsertText: false,
      });
      // Inside a string the compiler says what it would replace: a path has signs that a word hasn't.
      const span = found?.entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan;
      const start = span ? module.toCell(span.start) : startOfWord(code, cursor);
      const typed = code.slice(start, cursor);
      const all = (found?.entries ?? []).filter(
        ({ kind, name }) => kind !== ts.ScriptElementKind.warning && !isInternal(name),
      );
      const exact = all.filter(({ name }) => name.startsWith(typed));
      const entries =
        exact.length > 0 ? exact : all.filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()));
      const names = entries
        .sort((a, b) => a.sortText.localeCompare(b.sortText) || a.name.localeCompare(b.name))
        .map(({ name }) => name);
      return { start, end: cursor, names: [...new Set(names)].slice(0, MOST_COMPLETIONS) };
    } finally {
      this.files.remove(module.file);
    }
  }

  /**
   * Type and documentation of what stands at the cursor; where nothing does, how the function is called whose arguments
   * stand there.
   */
  inspect(code: string, cursor: number): CodeHelp | undefined {
    const module = this.modules.draft(code);
    this.files.put(module);
    try {
      const at =
        cursor > 0 &&
        cursor >= startOfWord(code, cursor) &&
        /[\w$]/.test(code[cursor - 1] ?? '') &&
        !/[\w$]/.test(code[cursor] ?? '')
          ? cursor - 1
          : cursor;
      const info = this.service.getQuickInfoAtPosition(module.file, module.toModule(at));
      if (!info) return signatureHelp(this.service, module.file, module.toModule(cursor));
      const signature = ts.displayPartsToString(info.displayParts);
      const documentation = ts.displayPartsToString(info.documentation);
      const tags = (info.tags ?? []).map(({ name, text }) => `*@${name}* ${ts.displayPartsToString(text)}`);
      return {
        text: [signature, documentation].filter(Boolean).join('\n\n'),
        markdown: [`\`\`\`typescript\n${signature}\n\`\`\``, documentation, ...tags].filter(Boolean).join('\n\n'),
      };
    } finally {
      this.files.remove(module.file);
    }
  }
}

/** Whether the cell imports a file by its path. */
const importsFiles = (module: CellModule): boolean =>
  ts
    .preProcessFile(module.text)
    .importedFiles.some(({ fileName }) => /^\.\.?\//.test(fileName) && !/^\.\/__kernel-/.test(fileName));

function startOfWord(code: string, cursor: number): number {
  let start = cursor;
  while (start > 0 && /[\p{L}\p{N}_$]/u.test(code[start - 1])) start--;
  return start;
}
