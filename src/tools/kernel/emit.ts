import ts from 'typescript';
import { endOfCode } from './cell-names';
import { scriptOfCell, type Steps } from './cell-script';
import { awaitMarker } from './mark-awaits';
import { SESSION } from './slots';

/** A cell as JavaScript that runs in this process. */
export interface EmittedCell {
  readonly code: string;
  readonly sourceMap: string;
  readonly isAsync: boolean;
  /** The variables that each step of the cell sets; the first are there from the beginning. */
  readonly steps: readonly (readonly string[])[];
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  isolatedModules: true,
  sourceMap: true,
  noLib: true,
  noResolve: true,
  types: [],
  suppressOutputPathCheck: true,
  noCheck: true,
};

/**
 * Compiles a cell's module to a script. Names that cells declare become global variables of their own, which V8 reads
 * as fast as locals;
 * each loop looks at the interrupt flag; the value of a last expression is kept.
 */
export function emitCell(text: string, name: string, execution: number): EmittedCell {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const output = new Map<string, string>();
  const program = ts.createProgram(
    [name],
    OPTIONS,
    hostOf(file, (path, content) => output.set(path.endsWith('.map') ? 'map' : 'code', content)),
  );
  const steps: Steps = [];
  program.emit(file, undefined, undefined, false, {
    before: [scriptOfCell(program.getTypeChecker(), steps, awaitMarker(file, execution)), checkLoops],
    after: [withoutModuleSyntax],
  });
  const isAsync = hasTopLevelAwait(file);
  const body = (output.get('code') ?? '').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '');
  // One line more comes before the first that the map knows.
  const sourceMap = (output.get('map') ?? '').replace('"mappings":"', '"mappings":";');
  return {
    code: `(${isAsync ? 'async ' : ''}function (${SESSION.cell}) { "use strict";\n${body}\n})(${SESSION.cell})`,
    sourceMap,
    isAsync,
    steps,
  };
}

function hostOf(file: ts.SourceFile, writeFile: (path: string, content: string) => void): ts.CompilerHost {
  const isFile = (name: string): boolean => name === file.fileName;
  return {
    getSourceFile: (name) => (isFile(name) ? file : undefined),
    writeFile,
    fileExists: isFile,
    readFile: () => undefined,
    directoryExists: () => true,
    getDirectories: () => [],
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  };
}

const withoutModuleSyntax: ts.TransformerFactory<ts.SourceFile> =
  ({ factory }) =>
  (file) =>
    factory.updateSourceFile(
      file,
      file.statements.filter((statement) => !ts.isExportDeclaration(statement) && !ts.isImportDeclaration(statement)),
    );

const isAwaitUsing = (flags: number): boolean => (flags & ts.NodeFlags.AwaitUsing) === Number(ts.NodeFlags.AwaitUsing);

function hasTopLevelAwait(file: ts.SourceFile): boolean {
  const end = endOfCode(file);
  const visit = (node: ts.Node): boolean => {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
    if (ts.isVariableDeclarationList(node) && isAwaitUsing(node.flags)) return true;
    // Of a function or a class's member only a computed name is evaluated here.
    if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node))
      return node.name !== undefined && ts.isComputedPropertyName(node.name) && visit(node.name);
    return (
      !ts.isClassStaticBlockDeclaration(node) && (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false)
    );
  };
  return file.statements.some((statement) => statement.pos < end && visit(statement));
}

/** Each loop looks at the interrupt flag. */
export function checkLoops(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory } = context;
  const check = (): ts.Statement =>
    factory.createIfStatement(
      factory.createElementAccessExpression(factory.createIdentifier(SESSION.flag), 0),
      factory.createExpressionStatement(
        factory.createCallExpression(factory.createIdentifier(SESSION.stop), undefined, []),
      ),
    );
  const withCheck = (body: ts.Statement): ts.Statement =>
    ts.isBlock(body)
      ? factory.updateBlock(body, [check(), ...body.statements])
      : factory.createBlock([check(), body], true);
  const visit = (node: ts.Node): ts.Node => {
    const inner = ts.visitEachChild(node, visit, context);
    if (ts.isForStatement(inner))
      return factory.updateForStatement(
        inner,
        inner.initializer,
        inner.condition,
        inner.incrementor,
        withCheck(inner.statement),
      );
    if (ts.isWhileStatement(inner))
      return factory.updateWhileStatement(inner, inner.expression, withCheck(inner.statement));
    if (ts.isDoStatement(inner)) return factory.updateDoStatement(inner, withCheck(inner.statement), inner.expression);
    if (ts.isForOfStatement(inner))
      return factory.updateForOfStatement(
        inner,
        inner.awaitModifier,
        inner.initializer,
        inner.expression,
        withCheck(inner.statement),
      );
    if (ts.isForInStatement(inner))
      return factory.updateForInStatement(inner, inner.initializer, inner.expression, withCheck(inner.statement));
    return inner;
  };
  return (file) => ts.visitEachChild(file, visit, context);
}
