import ts from 'typescript';
import { AMBIENT, boundNames, declarationsIn, END_OF_CODE, isVar } from '../notebook';
import { slotOf } from './slots';

/** Which identifiers of a cell's module stand for a variable of the notebook, as the compiler resolves them. */
export class CellNames {
  private readonly names: ReadonlySet<string>;
  private readonly known = new Map<ts.Symbol, boolean>();

  constructor(
    file: ts.SourceFile,
    private readonly checker: ts.TypeChecker,
  ) {
    this.names = new Set(declarationsIn(file.statements).map(({ name }) => name));
  }

  /** The variable's slot, where the identifier reads or writes a variable of the notebook. */
  slotAt(node: ts.Identifier): ts.Identifier | undefined {
    if (!this.names.has(node.text) || !node.parent || isNameOf(node, node.parent)) return undefined;
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? this.checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.checker.getSymbolAtLocation(node);
    return symbol && this.isVariable(symbol) && !isInside(node, symbol) ? slotIdentifier(node) : undefined;
  }

  private isVariable(symbol: ts.Symbol): boolean {
    const known = this.known.get(symbol);
    if (known !== undefined) return known;
    const found = symbol.declarations?.some(isAtTopLevel) === true;
    this.known.set(symbol, found);
    return found;
  }
}

/** The slot of the name that an identifier writes, at its place. */
export const slotIdentifier = (node: ts.Identifier): ts.Identifier =>
  ts.setSourceMapRange(ts.factory.createIdentifier(slotOf(node.text)), node);

/** Whether the identifier is the name of what its parent declares, or of a property. */
const isNameOf = (node: ts.Identifier, parent: ts.Node): boolean =>
  !ts.isShorthandPropertyAssignment(parent) &&
  (Reflect.get(parent, 'name') === node ||
    Reflect.get(parent, 'propertyName') === node ||
    Reflect.get(parent, 'label') === node);

/** A class, an enumeration or a namespace knows itself by its own name. */
const isInside = (node: ts.Node, symbol: ts.Symbol): boolean =>
  symbol.declarations?.some(
    (declaration) =>
      (ts.isClassDeclaration(declaration) ||
        ts.isEnumDeclaration(declaration) ||
        ts.isModuleDeclaration(declaration)) &&
      declaration.pos <= node.pos &&
      node.end <= declaration.end,
  ) === true;

function isAtTopLevel(declaration: ts.Declaration): boolean {
  if (ts.isImportSpecifier(declaration)) return !declaration.propertyName?.text.startsWith(AMBIENT);
  if (ts.isImportClause(declaration) || ts.isNamespaceImport(declaration)) return true;
  const list = listOf(declaration);
  if (list)
    return isVar(list)
      ? isHoisted(list)
      : ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent) && !isDeclaredOnly(list.parent);
  const isKind =
    ts.isFunctionDeclaration(declaration) ||
    ts.isClassDeclaration(declaration) ||
    ts.isEnumDeclaration(declaration) ||
    ts.isModuleDeclaration(declaration) ||
    ts.isImportEqualsDeclaration(declaration);
  return isKind && ts.isSourceFile(declaration.parent) && !isDeclaredOnly(declaration);
}

/** `declare` stands before what is defined elsewhere, and in the lines that take over what earlier cells declare. */
function isDeclaredOnly(node: ts.Statement): boolean {
  const isAmbient =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;
  return isAmbient && node.pos < endOfCode(node.getSourceFile());
}

function listOf(declaration: ts.Node): ts.VariableDeclarationList | undefined {
  if (ts.isVariableDeclaration(declaration))
    return ts.isVariableDeclarationList(declaration.parent) ? declaration.parent : undefined;
  return ts.isBindingElement(declaration) ? listOf(declaration.parent.parent) : undefined;
}

/** Whether `var` declarations belong to the whole cell, and to no function in it. */
export function isHoisted(list: ts.VariableDeclarationList): boolean {
  for (let node: ts.Node = list.parent; ; node = node.parent) {
    if (ts.isSourceFile(node)) return !(ts.isVariableStatement(list.parent) && isDeclaredOnly(list.parent));
    if (
      ts.isFunctionLike(node) ||
      ts.isModuleBlock(node) ||
      ts.isClassStaticBlockDeclaration(node) ||
      ts.isPropertyDeclaration(node)
    )
      return false;
  }
}

/** Where a module's text leaves the cell's own code. */
export function endOfCode(file: ts.SourceFile): number {
  const at = file.text.lastIndexOf(END_OF_CODE);
  return at < 0 ? file.end : at;
}

/** The names that the cell's `var` declarations make, wherever they stand. */
export function hoistedNames(statements: readonly ts.Statement[]): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node) || ts.isExpression(node))
      return;
    if (ts.isVariableDeclarationList(node) && isVar(node) && isHoisted(node))
      for (const { name } of node.declarations) for (const { text } of boundNames(name)) names.add(text);
    ts.forEachChild(node, visit);
  };
  statements.forEach(visit);
  return [...names];
}
