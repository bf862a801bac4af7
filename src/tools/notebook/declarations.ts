import ts from 'typescript';

/** A name that a cell declares at its top level. */
export interface Declaration {
  readonly name: string;
  readonly kind: 'variable' | 'constant' | 'function' | 'class' | 'type' | 'import';
  /** Whether it is there when the cell runs, and whether it can be written as a type. */
  readonly isValue: boolean;
  readonly isType: boolean;
  /** Only said to exist, by `declare`: it is a variable of Node's or of a package. */
  readonly isAmbient: boolean;
  /**
   * How a variable has its type: written down, from its first value, or from all that is assigned to it (`let best;`,
   * `const losses = [];`).
   */
  readonly typing: 'annotated' | 'inferred' | 'evolving';
  /** For `import a = b.c`: what it stands for. */
  readonly alias?: string;
}

/** What is known of a cell's code before anything is checked. */
export interface CellSyntax {
  readonly file: ts.SourceFile;
  readonly declarations: readonly Declaration[];
  /** Every name in the code that may mean something of an earlier cell. */
  readonly identifiers: ReadonlySet<string>;
  readonly hasSyntaxErrors: boolean;
}

/** Reads a cell's code. */
export function readCell(code: string): CellSyntax {
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ES2022, true);
  const errors: unknown = Reflect.get(file, 'parseDiagnostics');
  return {
    file,
    declarations: declarationsIn(file.statements),
    identifiers: identifiersIn(file),
    hasSyntaxErrors: Array.isArray(errors) && errors.length > 0,
  };
}

/** The names that a cell's code declares at its top level, in order. */
export const declarationsOf = (code: string): readonly Declaration[] => readCell(code).declarations;

/** Every identifier in the code: what it may use of earlier cells. */
export const identifiersOf = (code: string): ReadonlySet<string> => readCell(code).identifiers;

/** Every identifier but those that name a part of something else: `b` in `a.b` and in `{ b: 1 }`. */
export function identifiersIn(root: ts.Node): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !namesPart(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return names;
}

const namesPart = (node: ts.Identifier): boolean =>
  ts.isPropertyAccessExpression(node.parent) || ts.isPropertyAssignment(node.parent)
    ? node.parent.name === node
    : ts.isQualifiedName(node.parent) && node.parent.right === node;

/** What statements at the top level declare, `var` inside blocks and loops included. */
export function declarationsIn(statements: readonly ts.Statement[]): Declaration[] {
  return statements.flatMap((statement) => [...declaredBy(statement), ...hoistedFrom(statement)]);
}

function declaredBy(statement: ts.Statement): Declaration[] {
  const isAmbient = hasModifier(statement, ts.SyntaxKind.DeclareKeyword);
  if (ts.isVariableStatement(statement))
    return declaredInList(statement.declarationList, isAmbient, hasModifier(statement, ts.SyntaxKind.ExportKeyword));
  if (ts.isFunctionDeclaration(statement))
    return named(statement.name, { kind: 'function', isValue: true, isType: false, isAmbient });
  if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement))
    return named(statement.name, { kind: 'class', isValue: true, isType: true, isAmbient });
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return named(statement.name, { kind: 'type', isValue: false, isType: true, isAmbient });
  if (
    ts.isModuleDeclaration(statement) &&
    ts.isIdentifier(statement.name) &&
    !(statement.flags & ts.NodeFlags.GlobalAugmentation)
  )
    return named(statement.name, { kind: 'class', isValue: runsSomething(statement), isType: true, isAmbient });
  if (ts.isImportEqualsDeclaration(statement))
    return named(statement.name, {
      kind: 'import',
      isValue: !statement.isTypeOnly,
      isType: true,
      isAmbient,
      alias: ts.isExternalModuleReference(statement.moduleReference) ? undefined : statement.moduleReference.getText(),
    });
  if (ts.isImportDeclaration(statement) && statement.importClause) return imported(statement.importClause);
  return [];
}

type Meaning = Omit<Declaration, 'name' | 'typing'>;

const named = (name: ts.Identifier | undefined, meaning: Meaning): Declaration[] =>
  name ? [{ name: name.text, typing: 'inferred', ...meaning }] : [];

function declaredInList(list: ts.VariableDeclarationList, isAmbient: boolean, isExported: boolean): Declaration[] {
  const isConstant = (list.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) !== 0;
  return list.declarations.flatMap((declaration) => {
    const typing =
      isAmbient || isExported
        ? typingOf(declaration, true)
        : typingOf(declaration, isConstant, ts.isVariableStatement(list.parent));
    return boundNames(declaration.name).map(({ text }): Declaration => ({
      name: text,
      kind: isConstant ? 'constant' : 'variable',
      isValue: true,
      isType: false,
      isAmbient,
      typing,
    }));
  });
}

/** As the compiler decides it: only what has no type of its own evolves. */
function typingOf(
  { name, type, initializer }: ts.VariableDeclaration,
  isConstant: boolean,
  mayEvolve = false,
): Declaration['typing'] {
  if (type || isSymbolCall(initializer)) return 'annotated';
  if (!mayEvolve || !ts.isIdentifier(name)) return 'inferred';
  if (initializer && ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0) return 'evolving';
  const isUnset =
    !initializer ||
    initializer.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(initializer) && initializer.text === 'undefined');
  return !isConstant && isUnset ? 'evolving' : 'inferred';
}

/** A constant made by `Symbol()` is of a type of its own, which a copy would not be. */
const isSymbolCall = (node: ts.Expression | undefined): boolean =>
  node !== undefined && ts.isCallExpression(node) && /^Symbol(\.for)?$/.test(node.expression.getText());

/** The names of `var` declarations below a statement, which belong to the whole cell. */
function hoistedFrom(statement: ts.Statement): Declaration[] {
  const found: Declaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node) || ts.isExpression(node))
      return;
    if (ts.isVariableDeclarationList(node) && isVar(node)) found.push(...declaredInList(node, false, false));
    ts.forEachChild(node, visit);
  };
  if (!ts.isVariableStatement(statement)) visit(statement);
  return found;
}

export const isVar = (list: ts.VariableDeclarationList): boolean => (list.flags & ts.NodeFlags.BlockScoped) === 0;

export const hasModifier = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);

/** The identifiers that a pattern binds. */
export function boundNames(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

/** Whether a namespace is an object when the cell runs, and not types alone. */
export function runsSomething({ body }: ts.ModuleDeclaration): boolean {
  if (!body || ts.isIdentifier(body)) return false;
  if (ts.isModuleDeclaration(body)) return runsSomething(body);
  return body.statements.some((statement) => {
    if (
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      hasModifier(statement, ts.SyntaxKind.DeclareKeyword)
    )
      return false;
    return ts.isModuleDeclaration(statement) ? runsSomething(statement) : true;
  });
}

function imported(clause: ts.ImportClause): Declaration[] {
  const bindings = clause.namedBindings;
  const names = bindings === undefined ? [] : ts.isNamespaceImport(bindings) ? [bindings] : bindings.elements;
  const all = [
    ...(clause.name ? [{ name: clause.name, isTypeOnly: false }] : []),
    ...names.map((node) => ({ name: node.name, isTypeOnly: ts.isImportSpecifier(node) && node.isTypeOnly })),
  ];
  return all.flatMap(({ name, isTypeOnly }) =>
    named(name, { kind: 'import', isValue: !isTypeOnly && !clause.isTypeOnly, isType: true, isAmbient: false }),
  );
}
