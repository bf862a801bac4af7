import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** What one name of another module is called there; `*` stands for all that it exports. */
export interface Reference {
  /** As in the code: `./band`, or a package's name. */
  readonly from: string;
  readonly name: string;
}

/** A statement at the top of a compiled module. */
export interface Statement {
  /** The names that it declares in its module. */
  readonly declares: ReadonlySet<string>;
  /** The names that it exports. */
  readonly exports: ReadonlySet<string>;
  /** The names of its own module that may be meant in it. */
  readonly names: ReadonlySet<string>;
  /** The exports of its own module that it uses. */
  readonly ownExports: ReadonlySet<string>;
  /** What it uses of others. */
  readonly imports: readonly Reference[];
  /** Its tokens: neither comments nor spaces, nor what local files are called. */
  readonly tokens: readonly string[];
  /** Whether it acts when the module is loaded, and neither declares nor exports. */
  readonly acts: boolean;
}

/** The statements of a compiled module but its imports and what marks it as one. */
export function readCompiled(file: string): Statement[] {
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const imported = new Map<string, string>();
  const rest = source.statements.filter((statement) => {
    const found = importOf(statement);
    if (found) imported.set(found.variable, found.from);
    return !found && !isMark(statement);
  });
  return rest.map((statement) => read(statement, imported));
}

/** `const band_1 = require("./band");`, also through a helper such as `__importStar`. */
function importOf(statement: ts.Statement): { variable: string; from: string } | undefined {
  if (!ts.isVariableStatement(statement)) return undefined;
  const [{ name, initializer }] = statement.declarationList.declarations;
  if (!ts.isIdentifier(name) || !initializer || !ts.isCallExpression(initializer)) return undefined;
  const helped = ts.isIdentifier(initializer.expression) && /^__import/.test(initializer.expression.text);
  const from = requiredBy(helped ? initializer.arguments[0] : initializer);
  return from === undefined ? undefined : { variable: name.text, from };
}

const requiredBy = (node: ts.Node | undefined): string | undefined =>
  node &&
  ts.isCallExpression(node) &&
  ts.isIdentifier(node.expression) &&
  node.expression.text === 'require' &&
  node.arguments.length > 0 &&
  ts.isStringLiteral(node.arguments[0])
    ? node.arguments[0].text
    : undefined;

/** `"use strict"`, the mark of a module, and the list of exports that TypeScript puts first. */
const isMark = (statement: ts.Statement): boolean =>
  ts.isExpressionStatement(statement) &&
  (ts.isStringLiteral(statement.expression) ||
    /^Object\.defineProperty\(exports, "__esModule"|^(exports\.[\w$]+ = )+void 0;$/.test(statement.getText()));

function read(statement: ts.Statement, imported: ReadonlyMap<string, string>): Statement {
  const declares = new Set(declaredBy(statement));
  const exports = new Set(exportedBy(statement));
  const names = new Set<string>();
  const ownExports = new Set<string>();
  const imports: Reference[] = [];
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    const required = requiredBy(node);
    if (required !== undefined) imports.push({ from: required, name: '*' });
    if (ts.isIdentifier(node) && !isPropertyName(node)) {
      const from = imported.get(node.text);
      const property = propertyOf(node);
      if (from !== undefined) imports.push({ from, name: property ?? '*' });
      else if (node.text === 'exports' && property !== undefined) ownExports.add(property);
      else names.add(node.text);
    }
    const children = node.getChildren().filter((child) => !ts.isJSDoc(child));
    if (children.length === 0) tokens.push(tokenOf(node, imported));
    // A comma after the last of a list depends on how its lines are broken.
    children.forEach((child, i) => {
      if (!(node.kind === ts.SyntaxKind.SyntaxList && i > 0 && i === children.length - 1 && isComma(child)))
        visit(child);
    });
  };
  visit(statement);
  return {
    declares,
    exports,
    names,
    ownExports,
    imports,
    tokens: tokens.filter((token) => token !== ''),
    acts: declares.size === 0 && exports.size === 0,
  };
}

const isComma = (node: ts.Node): boolean => node.kind === ts.SyntaxKind.CommaToken;

function declaredBy(statement: ts.Statement): string[] {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return statement.name ? [statement.name.text] : [];
  return ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.flatMap(({ name }) => namesIn(name))
    : [];
}

const namesIn = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)));

/** `exports.a = …` or `Object.defineProperty(exports, "a", …)`. */
function exportedBy(statement: ts.Statement): string[] {
  if (!ts.isExpressionStatement(statement)) return [];
  const found = /^exports\.([\w$]+) = |^Object\.defineProperty\(exports, "([^"]+)"/.exec(statement.getText());
  return found ? [found[1] ?? found[2]] : [];
}

/** Whether an identifier only names a member: `x.name`, `{ name: … }`. */
function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) &&
    parent.name === node
  );
}

const propertyOf = (node: ts.Identifier): string | undefined =>
  ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node ? node.parent.name.text : undefined;

/** A local file's variable is called after the file: a file may move without making results old. */
function tokenOf(node: ts.Node, imported: ReadonlyMap<string, string>): string {
  const from = ts.isIdentifier(node) && !isPropertyName(node) ? imported.get(node.text) : undefined;
  return from === undefined ? node.getText() : from.startsWith('.') ? '(import)' : `(import ${from})`;
}
