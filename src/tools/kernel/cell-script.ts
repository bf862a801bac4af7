import ts from 'typescript';
import { boundNames, hasModifier, runsSomething } from '../notebook';
import { CellNames, endOfCode, hoistedNames, slotIdentifier } from './cell-names';
import { assignments, referenceVisitor } from './cell-references';
import type { MarkAwait } from './mark-awaits';
import { SESSION, slotOf } from './slots';

const { factory } = ts;
const { SyntaxKind } = ts;

/** What running a cell sets: the names that each step of it has set when it is done. */
export type Steps = string[][];

/**
 * Makes a cell's module into statements of a script. Names that it declares become variables of the session;
 * functions are there from the beginning, imports come next; after each declaration the cell tells how far it has come.
 *
 * @param steps is filled: the first has what is set from the beginning.
 */
export const scriptOfCell =
  (checker: ts.TypeChecker, steps: Steps, markAwait: MarkAwait): ts.TransformerFactory<ts.SourceFile> =>
  (context) =>
  (file) => {
    const end = endOfCode(file);
    const statements = file.statements.filter(({ pos }) => pos < end);
    const visit = referenceVisitor(new CellNames(file, checker), context, markAwait);
    const visitStatement = (node: ts.Statement): ts.Statement => ts.visitNode(node, visit, ts.isStatement);
    const functions = statements.filter(
      (statement): statement is ts.FunctionDeclaration & { readonly name: ts.Identifier } =>
        ts.isFunctionDeclaration(statement) && statement.body !== undefined && statement.name !== undefined,
    );
    const hoisted = hoistedNames(statements);
    steps.push(functions.map(({ name }) => name.text));
    const last = statements.at(-1);
    const inOrder = [
      ...statements.filter(ts.isImportDeclaration),
      ...statements.filter((statement) => !ts.isImportDeclaration(statement)),
    ];
    return factory.updateSourceFile(file, [
      ...functions.flatMap((statement) => [visitStatement(local(statement)), keep(statement.name)]),
      ...hoisted.map((name) =>
        factory.createExpressionStatement(
          factory.createAssignment(factory.createIdentifier(slotOf(name)), factory.createVoidZero()),
        ),
      ),
      ...inOrder.flatMap((statement) => {
        if (statement === last && ts.isExpressionStatement(statement)) return [result(statement, visit, markAwait)];
        const { made, sets } = script(statement, visit, visitStatement);
        if (sets.length === 0) return made;
        steps.push(sets);
        return [...made, tell(steps.length - 1)];
      }),
    ]);
  };

interface Script {
  readonly made: readonly ts.Statement[];
  /** Names that are set once the statement is done. */
  readonly sets: string[];
}

const NOTHING: Script = { made: [], sets: [] };

function script(
  statement: ts.Statement,
  visit: (node: ts.Node) => ts.Node,
  visitStatement: (node: ts.Statement) => ts.Statement,
): Script {
  const visitExpression = (node: ts.Expression): ts.Expression => ts.visitNode(node, visit, ts.isExpression);
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    hasModifier(statement, SyntaxKind.DeclareKeyword)
  )
    return NOTHING;
  if (ts.isImportDeclaration(statement)) return importScript(statement);
  if (ts.isExportDeclaration(statement))
    return statement.moduleSpecifier && !statement.isTypeOnly
      ? { made: [importCall(statement.moduleSpecifier, [])], sets: [] }
      : NOTHING;
  if (ts.isExportAssignment(statement))
    return {
      made: [ts.setTextRange(factory.createExpressionStatement(visitExpression(statement.expression)), statement)],
      sets: [],
    };
  if (ts.isImportEqualsDeclaration(statement)) return importEquals(statement, visitExpression);
  if (ts.isVariableStatement(statement)) {
    const bound = statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
    const isUsing = (statement.declarationList.flags & ts.NodeFlags.Using) !== 0;
    return {
      made: isUsing ? [visitStatement(statement), ...bound.map(keep)] : [assignments(statement, visitExpression)],
      sets: bound.map(({ text }) => text),
    };
  }
  if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement))
    return {
      made: [visitStatement(local(statement)), ...(statement.name ? [keep(statement.name)] : [])],
      sets: statement.name ? [statement.name.text] : [],
    };
  if (ts.isModuleDeclaration(statement))
    return ts.isIdentifier(statement.name) && runsSomething(statement)
      ? { made: [visitStatement(local(statement)), keep(statement.name)], sets: [statement.name.text] }
      : NOTHING;
  return { made: [visitStatement(statement)], sets: hoistedNames([statement]) };
}

/** The declaration without `export`, which a script doesn't know. */
function local<S extends ts.Statement>(statement: S): ts.Statement {
  const modifiers =
    ts.canHaveModifiers(statement) || ts.canHaveDecorators(statement) ? Reflect.get(statement, 'modifiers') : undefined;
  const kept = (Array.isArray(modifiers) ? (modifiers as readonly ts.ModifierLike[]) : []).filter(
    ({ kind }) => kind !== SyntaxKind.ExportKeyword && kind !== SyntaxKind.DefaultKeyword,
  );
  if (ts.isFunctionDeclaration(statement))
    return factory.updateFunctionDeclaration(
      statement,
      kept,
      statement.asteriskToken,
      statement.name,
      statement.typeParameters,
      statement.parameters,
      statement.type,
      statement.body,
    );
  if (ts.isClassDeclaration(statement))
    return factory.updateClassDeclaration(
      statement,
      kept,
      statement.name ?? factory.createIdentifier('layerwise$default'),
      statement.typeParameters,
      statement.heritageClauses,
      statement.members,
    );
  if (ts.isEnumDeclaration(statement))
    return factory.updateEnumDeclaration(statement, kept.filter(ts.isModifier), statement.name, statement.members);
  if (ts.isModuleDeclaration(statement))
    return factory.updateModuleDeclaration(statement, kept.filter(ts.isModifier), statement.name, statement.body);
  return statement;
}

/** Puts what a local declaration made into its slot. */
const keep = (name: ts.Identifier): ts.Statement =>
  factory.createExpressionStatement(
    factory.createAssignment(slotIdentifier(name), factory.createIdentifier(name.text)),
  );

const tell = (step: number): ts.Statement =>
  factory.createExpressionStatement(
    factory.createAssignment(
      factory.createPropertyAccessExpression(factory.createIdentifier(SESSION.cell), 'step'),
      factory.createNumericLiteral(step),
    ),
  );

/** Keeps the value of the last expression; a promise there is awaited later. */
const result = (
  statement: ts.ExpressionStatement,
  visit: (node: ts.Node) => ts.Node,
  markAwait: MarkAwait,
): ts.Statement =>
  factory.updateExpressionStatement(
    statement,
    factory.createAssignment(
      factory.createPropertyAccessExpression(factory.createIdentifier(SESSION.cell), 'result'),
      markAwait(ts.visitNode(statement.expression, visit, ts.isExpression), statement),
    ),
  );

function importScript({ importClause, moduleSpecifier }: ts.ImportDeclaration): Script {
  if (!importClause) return { made: [importCall(moduleSpecifier, [])], sets: [] };
  if (importClause.isTypeOnly) return NOTHING;
  const { name, namedBindings } = importClause;
  const elements =
    namedBindings && ts.isNamedImports(namedBindings)
      ? namedBindings.elements.filter(({ isTypeOnly }) => !isTypeOnly)
      : [];
  const bindings: [string, string][] = [
    ...(name ? [[name.text, 'default'] satisfies [string, string]] : []),
    ...elements.map((element): [string, string] => [element.name.text, (element.propertyName ?? element.name).text]),
  ];
  if (namedBindings && ts.isNamespaceImport(namedBindings)) bindings.push([namedBindings.name.text, '*']);
  const isElided =
    bindings.length === 0 &&
    elements.length < (namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements.length : 0);
  return isElided ? NOTHING : { made: [importCall(moduleSpecifier, bindings)], sets: bindings.map(([own]) => own) };
}

/** Loads a module and puts what is taken from it into slots: own name and the module's; `*` is all of it. */
const importCall = (from: ts.Expression, bindings: readonly [string, string][]): ts.Statement =>
  factory.createExpressionStatement(
    ts.setSourceMapRange(
      factory.createCallExpression(factory.createIdentifier(SESSION.import), undefined, [
        from,
        factory.createArrayLiteralExpression(
          bindings.map((pair) =>
            factory.createArrayLiteralExpression(pair.map((text) => factory.createStringLiteral(text))),
          ),
        ),
      ]),
      from.parent,
    ),
  );

function importEquals(
  { name, moduleReference, isTypeOnly }: ts.ImportEqualsDeclaration,
  visit: (node: ts.Expression) => ts.Expression,
): Script {
  if (isTypeOnly) return NOTHING;
  const value = ts.isExternalModuleReference(moduleReference)
    ? factory.createCallExpression(factory.createIdentifier('require'), undefined, [moduleReference.expression])
    : asExpression(moduleReference, visit);
  return {
    made: [factory.createExpressionStatement(factory.createAssignment(slotIdentifier(name), value))],
    sets: [name.text],
  };
}

const asExpression = (name: ts.EntityName, visit: (node: ts.Expression) => ts.Expression): ts.Expression =>
  ts.isIdentifier(name)
    ? visit(name)
    : factory.createPropertyAccessExpression(asExpression(name.left, visit), name.right.text);
