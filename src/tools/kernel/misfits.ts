import ts from 'typescript';
import { diagnosticsOfCell, givenName, moduleNameOf, type CellModule, type CellModules } from '../notebook';
import { holdersIn, isInFunction, type Holder } from './holders';

/** What finding misfits needs of the checker. */
export interface CheckerParts {
  readonly modules: CellModules;
  /** Adds modules to the program, which is then made anew. */
  readonly put: (module: CellModule) => void;
  readonly remove: (module: CellModule) => void;
  readonly program: () => ts.Program | undefined;
}

interface Accepted {
  readonly module: CellModule;
  /** How the learner knows the cell: `cell 23`. */
  readonly name: string;
}

interface Candidate extends Holder {
  readonly accepted: Accepted;
  readonly changed: string;
}

const LONGEST_TYPE = 60;

/**
 * Functions and classes of earlier cells see what names mean now. This finds those that no longer fit since a name was
 * declared anew with another type.
 */
export class Misfits {
  private readonly accepted = new Map<string, Accepted>();
  /** Which modules declared the names that the last module declares anew. */
  private oldSources = new Map<string, CellModule>();

  constructor(private readonly parts: CheckerParts) {}

  /** Forgets cells that are gone. */
  drop(names: readonly string[]): void {
    for (const name of names) this.accepted.delete(name);
  }

  /**
   * Declares a module's names by calling `declare`, and says in a line each what no longer fits.
   * Only what uses a changed name is looked at, by checking its statement as if it were written now.
   */
  afterwards(module: CellModule, name: string, declare: () => void): string[] {
    const candidates = this.candidates(module);
    const before = candidates.map(({ code }, i) => this.parts.modules.again(code, `before-${i}`));
    declare();
    this.accepted.set(moduleNameOf(module.file), { module, name });
    if (candidates.length === 0) return [];
    try {
      return this.lines(module, candidates, before);
    } catch {
      return []; // The compiler itself failed: the cell has run all the same.
    }
  }

  private lines(module: CellModule, candidates: readonly Candidate[], before: readonly CellModule[]): string[] {
    const program = this.parts.program();
    if (!program) return [];
    const isChanged = new Map(
      [...this.oldSources].map(([name, old]) => [name, hasChanged(program, module, name, old)]),
    );
    const open = candidates
      .map((candidate, i) => ({ candidate, before: before[i] }))
      .filter(({ candidate }) => isChanged.get(candidate.changed));
    const unfit = this.unfit(
      open.map(({ candidate }, i) => ({ candidate, again: this.parts.modules.again(candidate.code, `again-${i}`) })),
    );
    // What didn't stand alone before either says nothing.
    const known = new Set(
      this.unfit(
        open
          .filter(({ candidate }) => unfit.includes(candidate))
          .map(({ candidate, before: again }) => ({ candidate, again })),
      ),
    );
    return inWords(
      unfit.filter((candidate) => !known.has(candidate)),
      (name) => describe(program, module, name),
    );
  }

  /** What of earlier cells uses a name that this module declares anew. */
  private candidates(module: CellModule): Candidate[] {
    const own = moduleNameOf(module.file);
    this.oldSources = new Map();
    for (const { name, isValue } of module.declarations) {
      const source = isValue ? this.parts.modules.valueOf(name) : undefined;
      const old = source === undefined ? undefined : this.accepted.get(source)?.module;
      if (old && source !== own) this.oldSources.set(name, old);
    }
    const names = [...this.oldSources.keys()];
    if (names.length === 0) return [];
    return [...this.accepted.values()].flatMap((accepted) => {
      if (!names.some((name) => accepted.module.code.includes(name))) return [];
      const isLive = (name: string): boolean =>
        this.parts.modules.valueOf(name) === moduleNameOf(accepted.module.file) && !this.oldSources.has(name);
      return holdersIn(accepted.module.code).flatMap((holder) => {
        const changed = names.find((name) => holder.uses.has(name) && !holder.names.includes(name));
        return changed !== undefined && holder.names.some(isLive)
          ? [{ ...holder, names: holder.names.filter(isLive), accepted, changed }]
          : [];
      });
    });
  }

  /** Those whose statement has errors inside its functions, or gives something that can't stand for what it gave. */
  private unfit(tries: readonly { readonly candidate: Candidate; readonly again: CellModule }[]): Candidate[] {
    if (tries.length === 0) return [];
    for (const { again } of tries) this.parts.put(again);
    const program = this.parts.program();
    const found = tries.filter(({ candidate, again }) => {
      const file = program?.getSourceFile(again.file);
      if (!program || !file) return false;
      const errors = diagnosticsOfCell(again, program.getSemanticDiagnostics(file));
      if (errors.some(({ start }) => start !== undefined && isInFunction(again.code, start))) return true;
      return (
        !candidate.isClass &&
        candidate.names.some(
          (name) =>
            !fits(program, typeGiven(program, again, name), typeGiven(program, candidate.accepted.module, name)),
        )
      );
    });
    for (const { again } of tries) this.parts.remove(again);
    return found.map(({ candidate }) => candidate);
  }
}

const fits = (program: ts.Program, now: ts.Type | undefined, before: ts.Type | undefined): boolean =>
  !now || !before || program.getTypeChecker().isTypeAssignableTo(now, before);

function hasChanged(program: ts.Program, module: CellModule, name: string, old: CellModule): boolean {
  const [before, now] = [typeGiven(program, old, name), typeGiven(program, module, name)];
  return before !== undefined && now !== undefined && !(fits(program, now, before) && fits(program, before, now));
}

/** The type of what a module gives to later cells under a name. */
function typeGiven(program: ts.Program, module: CellModule, name: string): ts.Type | undefined {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(module.file);
  const symbol = file && checker.getSymbolAtLocation(file);
  const given = symbol && checker.getExportsOfModule(symbol).find((exported) => exported.name === givenName(name));
  if (!given) return undefined;
  return checker.getTypeOfSymbol(given.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(given) : given);
}

function describe(program: ts.Program, module: CellModule, name: string): string {
  const type = typeGiven(program, module, name);
  if (!type) return 'something else';
  const checker = program.getTypeChecker();
  const text = checker.typeToString(checker.getBaseTypeOfLiteralType(type), undefined, ts.TypeFormatFlags.NoTruncation);
  if (['string', 'number', 'boolean', 'bigint', 'symbol'].includes(text)) return `a ${text}`;
  return `of type \`${text.length > LONGEST_TYPE ? `${text.slice(0, LONGEST_TYPE)}…` : text}\``;
}

function inWords(unfit: readonly Candidate[], describeName: (name: string) => string): string[] {
  return [...groupBy(unfit)].map(([name, candidates]) => {
    const who = candidates.map(
      ({ names, accepted }) => `${names.map((own) => `\`${own}\``).join(', ')} (${accepted.name})`,
    );
    return `${who.join(' and ')} no longer ${who.length > 1 ? 'fit' : 'fits'}: \`${name}\` is now ${describeName(name)}`;
  });
}

function groupBy(unfit: readonly Candidate[]): Map<string, Candidate[]> {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of unfit) groups.set(candidate.changed, [...(groups.get(candidate.changed) ?? []), candidate]);
  return groups;
}
