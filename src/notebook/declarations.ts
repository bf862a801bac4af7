import ts from 'typescript';

/** A name that a cell declares at its top level. */
export interface Declaration {
  readonly name: string;
  readonly kind: 'variable' | 'constant' | 'function' | 'class' | 'type' | 'import';
}

/** The names that a cell's code declares at its top level, in order. */
export function declarationsOf(code: string): Declaration[] {
  return parse(code).statements.flatMap(declaredBy);
}

/** Every identifier in the code: what it may use of earlier cells. */
export function identifiersOf(code: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(parse(code));
  return names;
}

const parse = (code: string): ts.SourceFile => ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ES2022, true);

function declaredBy(statement: ts.Statement): Declaration[] {
  if (ts.isVariableStatement(statement)) {
    const kind = statement.declarationList.flags & ts.NodeFlags.Const ? 'constant' : 'variable';
    return statement.declarationList.declarations.flatMap((declaration) => boundNames(declaration.name)).map((name) => ({ name, kind }));
  }
  if (ts.isFunctionDeclaration(statement)) return named(statement.name, 'function');
  if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) return named(statement.name, 'class');
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return named(statement.name, 'type');
  if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name)) return named(statement.name, 'class');
  if (ts.isImportEqualsDeclaration(statement)) return named(statement.name, 'import');
  if (ts.isImportDeclaration(statement) && statement.importClause) return imported(statement.importClause);
  return [];
}

const named = (name: ts.Identifier | undefined, kind: Declaration['kind']): Declaration[] => (name ? [{ name: name.text, kind }] : []);

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

function imported(clause: ts.ImportClause): Declaration[] {
  const bindings = clause.namedBindings;
  const names = bindings === undefined ? [] : ts.isNamespaceImport(bindings) ? [bindings.name] : bindings.elements.map((element) => element.name);
  return [...(clause.name ? [clause.name] : []), ...names].map((name) => ({ name: name.text, kind: 'import' }));
}
