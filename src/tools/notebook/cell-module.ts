import path from 'node:path';
import { augmentationsIn, withoutAugmentations } from './augmentations';
import { readCell, type Declaration } from './declarations';
import { takeFromIndex } from './cell-index';
import { exported, exportsOf, indexName, takeValue, type Source } from './given-names';

/**
 * A cell as a TypeScript module: its code as it stands, and after it what the module takes over of earlier cells and
 * gives to later ones.
 * So nothing in the code is read otherwise than the compiler would read it in a file.
 */
export interface CellModule {
  /** Absolute path of the module; no file lies there. */
  readonly file: string;
  readonly text: string;
  readonly code: string;
  readonly declarations: readonly Declaration[];
  /** Names of the modules that it takes names from. */
  readonly uses: ReadonlySet<string>;
  /** What it adds to types of other modules, and to global ones. */
  readonly augmentations: readonly string[];
  /** Where an offset in the module's text lies in the cell's code. */
  toCell(offset: number): number;
  /** Where an offset in the cell's code lies in the module's text. */
  toModule(offset: number): number;
}

/** Ends the cell's code in a module's text. */
export const END_OF_CODE = '\n/* end of cell */ export {};\n';

/**
 * The cells of a notebook as modules, in the order in which they run. The last declaration of a name wins; a type and a
 * value of one name live side by side.
 * The kernel and `check` build them here, so that they agree.
 */
export class CellModules {
  private readonly values = new Map<string, Source>();
  private readonly types = new Map<string, Source>();
  /** For each declared module, the modules that it takes names from. */
  private readonly uses = new Map<string, ReadonlySet<string>>();
  private readonly augmented = new Map<string, { readonly name: string; readonly module: CellModule }>();
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
    return this.after(code, `cell-${++this.count}`);
  }

  /** A module that doesn't run, named by `suffix`: part of a cell, checked against what names mean now. */
  again(code: string, suffix: string): CellModule {
    return this.after(code, suffix);
  }

  private after(code: string, suffix: string): CellModule {
    const { file, declarations, identifiers, hasSyntaxErrors } = readCell(code);
    const { lines, uses } = this.takeOver(identifiers, declarations);
    // Code that can't be parsed would swallow what follows it.
    const text = hasSyntaxErrors ? code : `${code}${END_OF_CODE}${[...exportsOf(declarations), ...lines].join('\n')}\n`;
    return this.module(code, suffix, text, 0, { declarations, uses, augmentations: augmentationsIn(file) });
  }

  /**
   * A module that doesn't run: for completion and inspection it knows all names of earlier cells, also where the code
   * is unfinished.
   */
  draft(code: string): CellModule {
    const { declarations } = readCell(code);
    const { lines, uses } = this.takeOver(new Set([...this.values.keys(), ...this.types.keys()]), declarations);
    const before = lines.map((line) => `${line} `).join('');
    return this.module(code, 'draft', before + code, before.length, { declarations, uses, augmentations: [] });
  }

  private module(
    code: string,
    suffix: string,
    text: string,
    start: number,
    rest: Pick<CellModule, 'declarations' | 'uses' | 'augmentations'>,
  ): CellModule {
    return {
      file: path.join(this.folder, `__${this.name}-${suffix}.ts`),
      text,
      code,
      ...rest,
      toModule: (offset) => offset + start,
      toCell: (offset) => Math.min(code.length, Math.max(0, offset - start)),
    };
  }

  /** The lines by which a module gets those names of earlier cells that it doesn't declare itself. */
  private takeOver(names: Iterable<string>, own: readonly Declaration[]): { lines: string[]; uses: Set<string> } {
    const specifiers: string[] = [];
    const lines: string[] = [];
    const uses = new Set<string>();
    const [ownValues, ownTypes] = [
      new Set(own.filter(({ isValue }) => isValue).map(({ name }) => name)),
      new Set(own.filter(({ isType }) => isType).map(({ name }) => name)),
    ];
    for (const name of names) {
      const value = ownValues.has(name) ? undefined : this.values.get(name);
      const type =
        ownTypes.has(name) || (ownValues.has(name) && this.types.get(name)?.declaration.isValue)
          ? undefined
          : this.types.get(name);
      for (const source of [value, type]) if (source) uses.add(source.module);
      if (type) specifiers.push(`${indexName(exported(type), type.module)} as ${name}`);
      if (!value || value.module === type?.module) continue;
      const { specifier, line } = takeValue(name, value, type !== undefined || ownTypes.has(name));
      specifiers.push(specifier);
      if (line !== undefined) lines.push(line);
    }
    return { lines: [takeFromIndex(this.name, specifiers), ...lines], uses };
  }

  /**
   * Makes the names of a module, made by {@link next}, known to the cells after it.
   *
   * @param unset values that the cell declares but never reached, because it failed: what was there before stays.
   */
  declare(module: CellModule, unset: ReadonlySet<string> = new Set()): void {
    const name = moduleNameOf(module.file);
    this.uses.set(name, module.uses);
    for (const augmentation of module.augmentations) this.augmented.set(augmentation, { name, module });
    for (const declaration of module.declarations) {
      if (declaration.isValue && unset.has(declaration.name)) continue;
      if (declaration.isValue) {
        // A class goes with its type; an interface stays.
        if (this.types.get(declaration.name)?.declaration.isValue) this.types.delete(declaration.name);
        this.values.set(declaration.name, { module: name, declaration });
      }
      if (declaration.isType) this.types.set(declaration.name, { module: name, declaration });
    }
  }

  /** The name of the module whose value a name has. */
  valueOf(name: string): string | undefined {
    return this.values.get(name)?.module;
  }

  /**
   * Modules that add to the same types as this one does, without what they add: a cell that runs again replaces what it
   * added.
   */
  replacedBy({ augmentations }: CellModule): CellModule[] {
    const earlier = new Map(
      augmentations
        .flatMap((augmentation) => this.augmented.get(augmentation) ?? [])
        .map(({ name, module }) => [name, module]),
    );
    return [...earlier.values()].map((module) => ({ ...module, text: withoutAugmentations(module.text) }));
  }

  /**
   * Forgets the modules whose names were all declared anew, and that no other module takes a name from. Returns their
   * names.
   */
  prune(): string[] {
    const live = new Set<string>();
    const keep = (name: string): void => {
      if (live.has(name)) return;
      live.add(name);
      this.uses.get(name)?.forEach(keep);
    };
    for (const sources of [this.values, this.types]) for (const { module } of sources.values()) keep(module);
    for (const { name } of this.augmented.values()) keep(name);
    const dropped = [...this.uses.keys()].filter((name) => !live.has(name));
    for (const name of dropped) this.uses.delete(name);
    return dropped;
  }
}

/** A module's name, as cells import it from beside it. */
export const moduleNameOf = (file: string): string => path.basename(file, '.ts');
