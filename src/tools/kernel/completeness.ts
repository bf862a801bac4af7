import ts from 'typescript';
import { hasModifier } from '../notebook';

/** Whether code can run as it stands, needs more lines, or never can. */
export interface Completeness {
  readonly status: 'complete' | 'incomplete' | 'invalid';
  /** How the next line begins, where one is needed. */
  readonly indent?: string;
}

const FILE = '/cell.ts';
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noLib: true,
  noResolve: true,
  types: [],
};
/** Lines that might follow: code that one of them can follow is unfinished, not wrong. */
const CONTINUATIONS = ['x', 'const x = 1', 'X>() => 1'];

/** What the compiler's parser says of code: it is incomplete where more lines can make it right. */
export function isComplete(code: string): Completeness {
  const begun = code.trimEnd();
  const { statements, firstError } = parse(begun);
  const incomplete: Completeness = { status: 'incomplete', indent: /[{([]$/.test(begun) ? '  ' : '' };
  if (firstError === undefined) {
    const status = withoutErrors(statements, begun);
    return status === 'incomplete' ? incomplete : { status };
  }
  const canFollow = CONTINUATIONS.some((next) => (parse(`${begun}\n${next}`).firstError ?? Infinity) > begun.length);
  return canFollow ? incomplete : { status: 'invalid' };
}

function parse(text: string): {
  readonly statements: readonly ts.Statement[];
  readonly firstError: number | undefined;
} {
  const host: ts.CompilerHost = {
    getSourceFile: (name, options) => (name === FILE ? ts.createSourceFile(name, text, options, true) : undefined),
    writeFile: () => undefined,
    fileExists: (name) => name === FILE,
    readFile: () => undefined,
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  };
  const program = ts.createProgram([FILE], OPTIONS, host);
  const places = program.getSyntacticDiagnostics().map(({ start }) => start);
  return {
    statements: program.getSourceFile(FILE)?.statements ?? [],
    firstError: places.length === 0 ? undefined : Math.min(...places),
  };
}

/** What the parser accepts may lack a value or a body, which the next line can give only to what comes last. */
function withoutErrors(statements: readonly ts.Statement[], code: string): Completeness['status'] {
  for (const [i, statement] of statements.entries()) {
    const isLast = i === statements.length - 1;
    if (lacksBody(statement) && (isLast || !ts.isFunctionDeclaration(statements[i + 1])))
      return isLast ? 'incomplete' : 'invalid';
    if (lacksValue(statement)) return isLast && !code.endsWith(';') ? 'incomplete' : 'invalid';
  }
  return 'complete';
}

const lacksBody = (statement: ts.Statement): boolean =>
  ts.isFunctionDeclaration(statement) && !statement.body && !hasModifier(statement, ts.SyntaxKind.DeclareKeyword);

function lacksValue(statement: ts.Statement): boolean {
  if (!ts.isVariableStatement(statement) || hasModifier(statement, ts.SyntaxKind.DeclareKeyword)) return false;
  const { declarations, flags } = statement.declarationList;
  const needsValue = (flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) !== 0;
  return (
    declarations.length === 0 ||
    declarations.some(({ name, initializer }) => !initializer && (needsValue || !ts.isIdentifier(name)))
  );
}
