import ts from 'typescript';
import { SESSION, slotOf } from '../kernel/slots';

/** What code does with variables of the notebook. */
export interface Touched {
  readonly uses: Set<string>;
  /** Variables that it assigns to, or whose methods it calls that change what they belong to. */
  readonly changes: Set<string>;
  /** Whether it trains something: what it uses may change without being named. */
  trains: boolean;
}

/** What a compiled cell does when it runs. */
export interface Effects extends Touched {
  /** What its functions and classes do when they are called, by the name under which the cell declares them. */
  readonly later: ReadonlyMap<string, Touched>;
  /** Names that it declares as functions or classes, or imports: they don't change. */
  readonly fixed: ReadonlySet<string>;
  readonly modules: ReadonlySet<string>;
  /** Names that it declares as generators of random numbers: whoever gets one draws from it. */
  readonly generators: ReadonlySet<string>;
  /** Whether it sets the state of Math.random. */
  readonly seeds: boolean;
}

/** Stands for the state of Math.random, which `seed` sets. */
export const MATH_RANDOM = 'Math.random';

const CHANGING = new Set(
  [
    'push pop shift unshift splice sort reverse fill set add delete clear copyWithin',
    'assign dispose compile setWeights',
    'uniform between integer normal permutation shuffle choice',
    'advance done next backward',
  ]
    .join(' ')
    .split(' '),
);
const TRAINING = new Set(['fit', 'fitDataset', 'train', 'trainOnBatch', 'minimize', 'applyGradients']);
const DRAWS =
  /\bMath\.random\b|\btf\u200c\.(?:layers|initializers|random\w*|dropout|truncatedNormal|multinomial)\b|\b(?:fit(?:Dataset)?\u200c?|runVariant\u200c)\(/;
const SEEDS = /\bseed\u200c\(/;

const MARK = slotOf('');
const plainNameOf = (name: string): string | undefined =>
  name.endsWith(MARK) ? name.slice(0, -MARK.length) : undefined;

const nothing = (): Touched => ({ uses: new Set(), changes: new Set(), trains: false });

/**
 * Reads off a compiled cell, in which variables of the notebook are marked names, what it uses and changes. It is a
 * guess where an object is changed by a function that it is given to.
 */
export function effectsOf(script: string): Effects {
  const file = ts.createSourceFile('cell.js', script, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const now = nothing();
  const later = new Map<string, Touched>();
  const fixed = new Set<string>();
  const modules = new Set<string>();
  const generators = new Set<string>();
  const declared = new Map<string, ts.Node>();
  for (const statement of statementsOf(file)) {
    if (isNamed(statement)) declared.set(statement.name.text, statement);
    const assigned = assignmentIn(statement);
    if (assigned && ts.isIdentifier(assigned.right) && declared.has(assigned.right.text)) {
      // `name = name`: what was declared goes into its variable.
      const name = assigned.right.text;
      fixed.add(name);
      later.set(name, touched(declared.get(name) ?? statement));
    } else if (isNamed(statement)) continue;
    else {
      const called = importIn(statement);
      if (called) {
        modules.add(called.module);
        called.names.forEach((name) => fixed.add(name));
      } else if (assigned && isFunction(assigned.right)) {
        for (const name of namesIn(assigned.left)) {
          later.set(name, touched(assigned.right));
          fixed.add(name);
        }
      } else {
        const all = touched(statement);
        merge(now, all);
        if (assigned && isGenerator(assigned.right)) namesIn(assigned.left).forEach((name) => generators.add(name));
        if (assigned && ts.isObjectLiteralExpression(assigned.right))
          for (const name of namesIn(assigned.left)) later.set(name, all);
      }
    }
  }
  return { ...now, later, fixed, modules, generators, seeds: SEEDS.test(script) };
}

/** Adds what `more` touches. */
export function merge(to: Touched, more: Touched): void {
  more.uses.forEach((name) => to.uses.add(name));
  more.changes.forEach((name) => to.changes.add(name));
  to.trains ||= more.trains;
}

/** The statements of the cell's wrapper. */
function statementsOf(file: ts.SourceFile): readonly ts.Statement[] {
  const find = (node: ts.Node): ts.FunctionExpression | undefined =>
    ts.isFunctionExpression(node) ? node : ts.forEachChild(node, find);
  return find(file)?.body.statements ?? [];
}

type Named = (ts.FunctionDeclaration | ts.ClassDeclaration) & { readonly name: ts.Identifier };

const isNamed = (node: ts.Node): node is Named =>
  (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name !== undefined;

function assignmentIn(statement: ts.Statement): ts.BinaryExpression | undefined {
  if (!ts.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  const isAssignment = ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssignment && namesIn(expression.left).length > 0 ? expression : undefined;
}

/** What an import loads, and the names that it binds: `layerwise$import("module", [["own", "name"]])`. */
function importIn(statement: ts.Statement): { readonly module: string; readonly names: string[] } | undefined {
  const call = ts.isExpressionStatement(statement) ? statement.expression : undefined;
  if (!call || !ts.isCallExpression(call) || call.expression.getText() !== SESSION.import) return undefined;
  const [module, bindings] = call.arguments;
  if (!ts.isStringLiteral(module) || !ts.isArrayLiteralExpression(bindings)) return undefined;
  const names = bindings.elements.flatMap((binding) => {
    const [own] = ts.isArrayLiteralExpression(binding) ? binding.elements : [];
    return own && ts.isStringLiteral(own) ? [own.text] : [];
  });
  return { module: module.text, names };
}

/** An arrow, a function, or one that was given a variable's name: `({ name: () => … }).name`. */
function isFunction(node: ts.Expression): boolean {
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isClassExpression(node)) return true;
  if (!ts.isPropertyAccessExpression(node) || !ts.isParenthesizedExpression(node.expression)) return false;
  const { expression } = node.expression;
  const [property] = ts.isObjectLiteralExpression(expression) ? expression.properties : [];
  return property !== undefined && ts.isPropertyAssignment(property) && isFunction(property.initializer);
}

/** `seed(1)`, `generator(1)` */
const isGenerator = (node: ts.Expression): boolean =>
  ts.isCallExpression(node) &&
  ts.isIdentifier(node.expression) &&
  ['seed', 'generator'].includes(plainNameOf(node.expression.text) ?? '');

/** The variables of the notebook in an assignment's target. */
function namesIn(target: ts.Expression): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = ts.isIdentifier(node) ? plainNameOf(node.text) : undefined;
    if (name !== undefined) names.push(name);
    else if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) ts.forEachChild(node, visit);
  };
  visit(target);
  return names;
}

/** The variable of the notebook that `a.b[c].d` belongs to. */
function rootOf(node: ts.Expression): string | undefined {
  let root = node;
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = root.expression;
  return ts.isIdentifier(root) ? plainNameOf(root.text) : undefined;
}

function touched(code: ts.Node): Touched {
  const found = nothing();
  const change = (target: ts.Expression): void => {
    const root = rootOf(target);
    for (const name of root === undefined ? namesIn(target) : [root]) found.changes.add(name);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const name = plainNameOf(node.text);
      if (name !== undefined) found.uses.add(name);
    } else if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) change(node.left);
    else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator))
      change(node.operand);
    else if (ts.isDeleteExpression(node)) change(node.expression);
    else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      if (CHANGING.has(name.text)) change(expression);
      if (TRAINING.has(name.text)) found.trains = true;
    } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const called = plainNameOf(node.expression.text) ?? '';
      // `fit(model, …)` of layerwise/train
      if (TRAINING.has(called)) found.trains = true;
      // `check('fate')` of layerwise/grading finds the function by its name.
      const [checked] = node.arguments;
      if (called === 'check' && checked && ts.isStringLiteral(checked)) found.uses.add(checked.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(code);
  if (DRAWS.test(code.getText())) for (const names of [found.uses, found.changes]) names.add(MATH_RANDOM);
  return found;
}

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
const isStep = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.PlusPlusToken || kind === ts.SyntaxKind.MinusMinusToken;
