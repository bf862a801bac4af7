import ts from 'typescript';
import { CellNames, isHoisted, slotIdentifier } from './cell-names';
import { isVar } from '../notebook';
import type { MarkAwait } from './mark-awaits';
import { SESSION } from './slots';

const { factory } = ts;

/**
 * Rewrites code of a cell so that each of the notebook's variables is read and written in its slot, `import()` and
 * `import.meta` work, and each `await` is marked.
 */
export function referenceVisitor(
  names: CellNames,
  context: ts.TransformationContext,
  markAwait: MarkAwait,
): (node: ts.Node) => ts.Node {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isIdentifier(node)) return names.slotAt(node) ?? node;
    if (isTypeOnly(node)) return node;
    if (ts.isShorthandPropertyAssignment(node)) return shorthand(node, names, visitExpression);
    if (ts.isVariableStatement(node) && isVar(node.declarationList) && isHoisted(node.declarationList))
      return assignments(node, visitExpression);
    if (ts.isVariableDeclarationList(node) && isVar(node) && isHoisted(node)) return inLoopHead(node, visitExpression);
    if (ts.isAwaitExpression(node))
      return factory.updateAwaitExpression(node, markAwait(visitExpression(node.expression), node));
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      return ts.setSourceMapRange(factory.createIdentifier(SESSION.meta), node);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      return factory.updateCallExpression(
        node,
        factory.createIdentifier(SESSION.importLater),
        undefined,
        node.arguments.map(visitExpression),
      );
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && ts.isIdentifier(node.left))
      return factory.updateBinaryExpression(
        node,
        visitExpression(node.left),
        node.operatorToken,
        named(node.left, node.right, visitExpression),
      );
    return ts.visitEachChild(node, visit, context);
  };
  const visitExpression = (node: ts.Expression): ts.Expression => ts.visitNode(node, visit, ts.isExpression);
  return visit;
}

const isTypeOnly = (node: ts.Node): boolean =>
  (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword);

type Visit = (node: ts.Expression) => ts.Expression;

const ASSIGNMENTS = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
]);
const isAssignment = (kind: ts.SyntaxKind): boolean => ASSIGNMENTS.has(kind);

function shorthand(node: ts.ShorthandPropertyAssignment, names: CellNames, visit: Visit): ts.ObjectLiteralElementLike {
  const slot = names.slotAt(node.name);
  const initializer = node.objectAssignmentInitializer;
  if (!slot) return initializer ? factory.updateShorthandPropertyAssignment(node, node.name, visit(initializer)) : node;
  return factory.createPropertyAssignment(
    node.name.text,
    initializer ? factory.createAssignment(slot, named(node.name, initializer, visit)) : slot,
  );
}

const sequence = ([first, ...rest]: readonly ts.Expression[]): ts.Expression =>
  rest.reduce((left, right) => factory.createComma(left, right), first);

/** A variable statement of the whole cell as a statement that assigns. */
export function assignments(statement: ts.VariableStatement, visit: Visit): ts.Statement {
  const all = assignmentsOf(statement.declarationList, visit);
  return all.length === 0
    ? factory.createEmptyStatement()
    : ts.setTextRange(factory.createExpressionStatement(sequence(all)), statement);
}

/** `var` in the head of a loop: assignments, or what each round assigns to. */
function inLoopHead(list: ts.VariableDeclarationList, visit: Visit): ts.Expression {
  const [{ name }] = list.declarations;
  if (ts.isForOfStatement(list.parent) || ts.isForInStatement(list.parent)) return asTarget(name, visit);
  const all = assignmentsOf(list, visit);
  return all.length === 0 ? factory.createVoidZero() : sequence(all);
}

function assignmentsOf(list: ts.VariableDeclarationList, visit: Visit): ts.Expression[] {
  return list.declarations.flatMap(({ name, initializer }) => {
    if (ts.isIdentifier(name) && !initializer)
      return isVar(list) ? [] : [factory.createAssignment(slotIdentifier(name), factory.createVoidZero())];
    return initializer ? [factory.createAssignment(asTarget(name, visit), named(name, initializer, visit))] : [];
  });
}

/** What a declaration binds, as what an assignment assigns to. */
function asTarget(name: ts.BindingName, visit: Visit): ts.Expression {
  if (ts.isIdentifier(name)) return slotIdentifier(name);
  if (ts.isArrayBindingPattern(name))
    return factory.createArrayLiteralExpression(
      name.elements.map((element) =>
        ts.isOmittedExpression(element)
          ? element
          : element.dotDotDotToken
            ? factory.createSpreadElement(asTarget(element.name, visit))
            : withDefault(element, visit),
      ),
    );
  return factory.createObjectLiteralExpression(
    name.elements.map((element) => {
      if (element.dotDotDotToken) return factory.createSpreadAssignment(asTarget(element.name, visit));
      const key = element.propertyName ?? (ts.isIdentifier(element.name) ? element.name : factory.createIdentifier(''));
      return factory.createPropertyAssignment(
        ts.isComputedPropertyName(key)
          ? factory.createComputedPropertyName(visit(key.expression))
          : ts.isIdentifier(key)
            ? factory.createIdentifier(key.text)
            : key,
        withDefault(element, visit),
      );
    }),
  );
}

function withDefault({ name, initializer }: ts.BindingElement, visit: Visit): ts.Expression {
  const target = asTarget(name, visit);
  return initializer ? factory.createAssignment(target, named(name, initializer, visit)) : target;
}

/** A function or class without a name of its own takes the variable's, which its slot would spoil. */
function named(name: ts.BindingName, value: ts.Expression, visit: Visit): ts.Expression {
  let inner = value;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner)
  )
    inner = inner.expression;
  const isAnonymous =
    ts.isArrowFunction(inner) || ((ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && !inner.name);
  if (!isAnonymous || !ts.isIdentifier(name)) return visit(value);
  const key =
    name.text === '__proto__'
      ? factory.createComputedPropertyName(factory.createStringLiteral(name.text))
      : factory.createIdentifier(name.text);
  return factory.createPropertyAccessExpression(
    factory.createParenthesizedExpression(
      factory.createObjectLiteralExpression([factory.createPropertyAssignment(key, visit(value))]),
    ),
    name.text,
  );
}
