import ts from 'typescript';
import { REACHED } from './reached';

/**
 * How much of a cell is run: everything, nothing, or its first so many statements; what a cell declares without running
 * anything always belongs to it.
 */
export type Extent = 'all' | 'nothing' | number;

/**
 * The text of a cell's module as it is graded: each statement that runs something first tells its number, from 0; those
 * from number `extent` on are left out.
 * So are calls of `check`: they show the visible tests to a learner, which a grader runs itself.
 */
export function prepare(text: string, extent: Exclude<Extent, 'nothing'>): string {
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2022, true);
  let count = 0;
  const edits = file.statements.flatMap((statement) => {
    const at = statement.getStart(file);
    if (runsNothing(statement)) return [];
    if (isCheck(statement)) return [{ from: at, to: statement.end, text: ';' }];
    const number = count++;
    return extent === 'all' || number < extent
      ? [{ from: at, to: at, text: `${REACHED}(${number});` }]
      : [{ from: at, to: statement.end, text: ';' }];
  });
  return edits.reduceRight((result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to), text);
}

/** `check('name')`, with or without options and `await` or `void`. */
function isCheck(statement: ts.Statement): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  let { expression } = statement;
  while (
    ts.isAwaitExpression(expression) ||
    ts.isVoidExpression(expression) ||
    ts.isParenthesizedExpression(expression)
  )
    ({ expression } = expression);
  return (
    ts.isCallExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === 'check' &&
    expression.arguments.length > 0 &&
    ts.isStringLiteralLike(expression.arguments[0])
  );
}

/** Whether a statement only declares: it can neither hang nor end the process. */
function runsNothing(statement: ts.Statement): boolean {
  if (has(statement, ts.SyntaxKind.DeclareKeyword)) return true;
  if (ts.isVariableStatement(statement))
    return (
      !(statement.declarationList.flags & ts.NodeFlags.Using) &&
      statement.declarationList.declarations.every(
        ({ name, initializer }) => ts.isIdentifier(name) && (!initializer || isPlain(initializer)),
      )
    );
  if (ts.isClassDeclaration(statement))
    return (
      !ts.getDecorators(statement)?.length &&
      statement.members.every(
        (member) =>
          !ts.isClassStaticBlockDeclaration(member) &&
          !(ts.isPropertyDeclaration(member) && member.initializer && has(member, ts.SyntaxKind.StaticKeyword)),
      )
    );
  return [
    ts.isFunctionDeclaration,
    ts.isInterfaceDeclaration,
    ts.isTypeAliasDeclaration,
    ts.isEnumDeclaration,
    ts.isImportDeclaration,
    ts.isImportEqualsDeclaration,
    ts.isExportDeclaration,
    ts.isEmptyStatement,
  ].some((is) => is(statement));
}

const has = (node: ts.Node, modifier: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === modifier);

/** Whether an expression is a function, or a value written out. */
function isPlain(expression: ts.Expression): boolean {
  if (
    ts.isArrowFunction(expression) ||
    ts.isFunctionExpression(expression) ||
    ts.isLiteralExpression(expression) ||
    ts.isIdentifier(expression)
  )
    return true;
  if ([ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(expression.kind))
    return true;
  if (
    ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isNonNullExpression(expression) ||
    ts.isTypeAssertionExpression(expression)
  )
    return isPlain(expression.expression);
  if (ts.isPrefixUnaryExpression(expression)) return isPlain(expression.operand);
  if (ts.isArrayLiteralExpression(expression))
    return expression.elements.every((element) => ts.isExpression(element) && isPlain(element));
  return (
    ts.isObjectLiteralExpression(expression) &&
    expression.properties.every(
      (property) =>
        ts.isMethodDeclaration(property) ||
        ts.isShorthandPropertyAssignment(property) ||
        (ts.isPropertyAssignment(property) && isPlain(property.initializer)),
    )
  );
}
