import ts from 'typescript';
import { declarationsIn, identifiersIn, readCell } from '../notebook';

/** A statement of a cell that runs again and again: it declares functions or classes, which look up names each time. */
export interface Holder {
  readonly code: string;
  /** The names that it declares. */
  readonly names: readonly string[];
  /** Names that its functions use. */
  readonly uses: ReadonlySet<string>;
  readonly isClass: boolean;
}

/** What in a cell's code goes on using names after the cell has run. */
export function holdersIn(code: string): Holder[] {
  return readCell(code).file.statements.flatMap((statement) => {
    const functions = functionsIn(statement);
    if (functions.length === 0) return [];
    const names = declarationsIn([statement])
      .filter(({ isValue }) => isValue)
      .map(({ name }) => name);
    const uses = new Set(functions.flatMap((node) => [...identifiersIn(node)]));
    return names.length === 0
      ? []
      : [{ code: statement.getText(), names, uses, isClass: ts.isClassDeclaration(statement) }];
  });
}

/**
 * Whether a place in the code lies inside a function or class: it is looked at when that runs, not when the cell does.
 */
export function isInFunction(code: string, offset: number): boolean {
  return readCell(code)
    .file.statements.flatMap(functionsIn)
    .some((node) => node.pos <= offset && offset < node.end);
}

function functionsIn(root: ts.Node): ts.Node[] {
  if (ts.isFunctionLike(root) || ts.isClassLike(root)) return [root];
  const found: ts.Node[] = [];
  ts.forEachChild(root, (node) => {
    found.push(...functionsIn(node));
  });
  return found;
}
