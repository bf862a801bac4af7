import path from 'node:path';
import ts from 'typescript';
import { declarationsOf, identifiersOf, type Declaration } from './declarations';

/** A cell as a TypeScript module: it takes over what it uses of earlier cells, and exports what it declares. */
export interface CellModule {
  /** Absolute path of the module; no file lies there. */
  readonly file: string;
  readonly text: string;
  readonly declarations: readonly Declaration[];
  /** Names of the modules that it takes names from. */
  readonly uses: ReadonlySet<string>;
  /** Where an offset in the module's text lies in the cell's code. */
  toCell(offset: number): number;
  /** Where an offset in the cell's code lies in the module's text. */
  toModule(offset: number): number;
}

/**
 * The cells of a notebook as modules, in the order in which they run. The last declaration of a name wins.
 * The kernel and `check` build them here, so that they agree.
 */
export class CellModules {
  private readonly declaredIn = new Map<string, { module: string; declaration: Declaration }>();
  /** For each declared module, the modules that it takes names from. */
  private readonly uses = new Map<string, ReadonlySet<string>>();
  private count = 0;

  /**
   * @param folder where the notebook lies: relative imports start there.
   * @param name distinguishes the notebooks of a folder.
   */
  constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /**
   * The module of a cell that runs next. Its names are known to later cells once it is {@link declare}d.
   */
  next(code: string): CellModule {
    return this.module(code, `cell-${++this.count}`, identifiersOf(code), takeOver);
  }

  /** A module that doesn't run: for completion and inspection it knows all names of earlier cells. */
  draft(code: string): CellModule {
    return this.module(code, 'draft', new Set(this.declaredIn.keys()), (module, { name }) => `import { ${name} } from './${module}';`);
  }

  private module(code: string, suffix: string, names: ReadonlySet<string>, take: (module: string, declaration: Declaration) => string): CellModule {
    const declarations = declarationsOf(code);
    const own = new Set(declarations.map(({ name }) => name));
    const taken = [...names].flatMap((name) => (own.has(name) ? [] : (this.declaredIn.get(name) ?? [])));
    const prefix = taken.map(({ module, declaration }) => take(module, declaration)).join(' ');
    const insertions = [{ at: 0, text: prefix }, ...exportWords(code)].filter(({ text }) => text !== '');
    const imported = declarations.filter(({ kind }) => kind === 'import').map(({ name }) => name);
    const body = insertions.reduceRight((text, insertion) => text.slice(0, insertion.at) + insertion.text + text.slice(insertion.at), code);
    return {
      file: path.join(this.folder, `__${this.name}-${suffix}.ts`),
      text: `${body}\nexport { ${imported.join(', ')} };`,
      declarations,
      uses: new Set(taken.map(({ module }) => module)),
      toModule: (offset) => insertions.reduce((sum, { at, text }) => (at <= offset ? sum + text.length : sum), offset),
      toCell: (offset) => {
        let shift = 0;
        for (const { at, text } of insertions) {
          if (offset < at + shift) break;
          if (offset < at + shift + text.length) return at;
          shift += text.length;
        }
        return Math.min(code.length, offset - shift);
      },
    };
  }

  /** Makes the names of a module, made by {@link next}, known to the cells after it. */
  declare(module: CellModule): void {
    const name = moduleNameOf(module.file);
    this.uses.set(name, module.uses);
    for (const declaration of module.declarations) this.declaredIn.set(declaration.name, { module: name, declaration });
  }

  /** Forgets the modules whose names were all declared anew, and that no other module takes a name from. Returns their names. */
  prune(): string[] {
    const live = new Set<string>();
    const keep = (name: string): void => {
      if (live.has(name)) return;
      live.add(name);
      this.uses.get(name)?.forEach(keep);
    };
    for (const { module } of this.declaredIn.values()) keep(module);
    const dropped = [...this.uses.keys()].filter((name) => !live.has(name));
    for (const name of dropped) this.uses.delete(name);
    return dropped;
  }
}

/** A module's name, as cells import it from beside it. */
export const moduleNameOf = (file: string): string => path.basename(file, '.ts');

/** Values are declared anew with their type, so that they can be assigned to; what may also be a type is imported. */
function takeOver(module: string, { name, kind }: Declaration): string {
  if (kind === 'variable') return `export declare let ${name}: typeof import('./${module}').${name};`;
  if (kind === 'constant' || kind === 'function') return `export declare const ${name}: typeof import('./${module}').${name};`;
  return `import { ${name} } from './${module}';`;
}

/** Where the word `export` goes. */
function exportWords(code: string): { at: number; text: string }[] {
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ES2022, true);
  return file.statements.flatMap((statement) => (isDeclaration(statement) && !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ? [{ at: statement.getStart(file), text: 'export ' }] : []));
}

const isDeclaration = (statement: ts.Statement): statement is ts.VariableStatement | ts.FunctionDeclaration | ts.ClassDeclaration | ts.EnumDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ModuleDeclaration =>
  ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isModuleDeclaration(statement);
