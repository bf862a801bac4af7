import ts from 'typescript';
import { SESSION } from './slots';

/** A cell as JavaScript that runs in this process. */
export interface EmittedCell {
  readonly code: string;
  readonly sourceMap: string;
  readonly isAsync: boolean;
}

/**
 * Compiles a cell's module to a script. Names that cells declare become global variables of their own, which V8 reads as fast as locals;
 * each loop looks at the interrupt flag; the value of a last expression is kept.
 */
export function emitCell(text: string, file: string, execution: number): EmittedCell {
  const isAsync = /\bawait\b/.test(text) && hasTopLevelAwait(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  const { outputText, sourceMapText = '' } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true, sourceMap: true },
    transformers: { before: [keepResult, (context) => checkLoops(context, execution)] },
  });
  const body = useSlots(outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, ''));
  return { code: `(${isAsync ? 'async ' : ''}function (exports, require) {${body}\n})(${SESSION.exports}, ${SESSION.require})`, sourceMap: sourceMapText, isAsync };
}

function hasTopLevelAwait(file: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(file);
}

/** Turns the last statement, where it is an expression, into an assignment to the session's result. */
const keepResult: ts.TransformerFactory<ts.SourceFile> = ({ factory }) => (file) => {
  const code = file.statements.filter((statement) => !(ts.isExportDeclaration(statement) && !statement.moduleSpecifier));
  const last = code.at(-1);
  if (!last || !ts.isExpressionStatement(last)) return file;
  const kept = factory.updateExpressionStatement(last, factory.createAssignment(factory.createIdentifier(SESSION.result), factory.createParenthesizedExpression(last.expression)));
  return factory.updateSourceFile(file, file.statements.map((statement) => (statement === last ? kept : statement)));
};

function checkLoops(context: ts.TransformationContext, execution: number): ts.Transformer<ts.SourceFile> {
  const { factory } = context;
  const check = (): ts.Statement =>
    factory.createIfStatement(
      factory.createElementAccessExpression(factory.createIdentifier(SESSION.flag), 0),
      factory.createExpressionStatement(factory.createCallExpression(factory.createIdentifier(SESSION.stop), undefined, [factory.createNumericLiteral(execution)])),
    );
  const withCheck = (body: ts.Statement): ts.Statement => (ts.isBlock(body) ? factory.updateBlock(body, [check(), ...body.statements]) : factory.createBlock([check(), body], true));
  const visit = (node: ts.Node): ts.Node => {
    const inner = ts.visitEachChild(node, visit, context);
    if (ts.isForStatement(inner)) return factory.updateForStatement(inner, inner.initializer, inner.condition, inner.incrementor, withCheck(inner.statement));
    if (ts.isWhileStatement(inner)) return factory.updateWhileStatement(inner, inner.expression, withCheck(inner.statement));
    if (ts.isDoStatement(inner)) return factory.updateDoStatement(inner, withCheck(inner.statement), inner.expression);
    if (ts.isForOfStatement(inner)) return factory.updateForOfStatement(inner, inner.awaitModifier, inner.initializer, inner.expression, withCheck(inner.statement));
    if (ts.isForInStatement(inner)) return factory.updateForInStatement(inner, inner.initializer, inner.expression, withCheck(inner.statement));
    return inner;
  };
  return (file) => ts.visitEachChild(file, visit, context);
}

/** Replaces `exports.name` by the name's slot, found in the syntax, so that texts and comments stay as they are. */
function useSlots(code: string): string {
  const dots: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'exports') dots.push(node.expression.end);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('emitted.js', code, ts.ScriptTarget.ES2022));
  let result = '';
  let from = 0;
  for (const dot of dots.sort((a, b) => a - b)) {
    result += `${code.slice(from, dot)}$`;
    from = dot + 1;
  }
  return result + code.slice(from);
}
