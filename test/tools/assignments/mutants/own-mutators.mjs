// Mistakes that people make and a general tool doesn't: limits that are off by one, by half, by ten; what overflows;
// what is left out.
import { createRequire } from 'node:module';

const ts = createRequire(import.meta.url)('typescript');

/** By what a name is confused with. */
const CONFUSED = {
  relu: 'tanh',
  tanh: 'relu',
  softmax: 'sigmoid',
  sigmoid: 'softmax',
  sparseCategoricalCrossentropy: 'categoricalCrossentropy',
  meanSquaredError: 'meanAbsoluteError',
  adam: 'sgd',
  sgd: 'adam',
  ceil: 'floor',
  floor: 'ceil',
  hypot: 'max',
  xavier: 'zeros',
};

const isCallOf = (node, object, name) =>
  ts.isCallExpression(node) &&
  ts.isPropertyAccessExpression(node.expression) &&
  node.expression.expression.getText() === object &&
  (!name || node.expression.name.text === name);
const isMath = (node, name) => isCallOf(node, 'Math', name);

/** A number one more or less, half, and ten times as large. */
function numbers(node) {
  if (!ts.isNumericLiteral(node) || ts.isLiteralTypeNode(node.parent)) return [];
  const value = Number(node.text.replaceAll('_', ''));
  return [value + 1, value - 1, value / 2, value * 10].filter((other) => other !== value).map(String);
}

/** A limit that is off by one, by half, by ten. */
function limits(node) {
  const isOrder = ts.isBinaryExpression(node) && ['<', '<=', '>', '>='].includes(node.operatorToken.getText());
  if (!isOrder || ts.isNumericLiteral(node.right)) return [];
  const [left, operator, right] = [node.left, node.operatorToken, node.right].map((part) => part.getText());
  return ['+ 1', '- 1', '/ 2', '* 10'].map((change) => `${left} ${operator} (${right}) ${change}`);
}

/** One of two that belong together. */
function halves(node) {
  if (!ts.isBinaryExpression(node) || !['+', '-', '*', '/', '**', '||', '&&'].includes(node.operatorToken.getText()))
    return [];
  return [node.left, ...(['+', '*', '||', '&&'].includes(node.operatorToken.getText()) ? [node.right] : [])].map(
    (part) => part.getText(),
  );
}

/** Formulas that are the same on paper, and overflow. */
function overflows(node) {
  if (!ts.isBinaryExpression(node)) return [];
  const text = node.getText();
  const [, z] = /^1 \/ \(1 \+ Math\.exp\(-(.+)\)\)$/.exec(text) ?? [];
  const found = z ? [`Math.exp(${z}) / (1 + Math.exp(${z}))`] : [];
  if (node.operatorToken.getText() === '+' && text.includes('Math.log1p') && /Math\.max\(/.test(text)) {
    const [, inner] = /Math\.max\(([^,]+), 0\)/.exec(text) ?? [];
    if (inner && !text.includes('*')) found.push(`Math.log(1 + Math.exp(${inner}))`);
  }
  return found;
}

/** What a function is confused with, or forgotten. */
function calls(node) {
  if (!ts.isCallExpression(node)) return [];
  const args = node.arguments.map((argument) => argument.getText());
  if (isMath(node)) {
    const [only] = node.arguments;
    const spread = only && ts.isSpreadElement(only) ? only.expression.getText() : undefined;
    return spread
      ? [`${spread}[0]`, `${spread}.at(-1)`, `(${spread}.reduce((sum, value) => sum + value, 0) / ${spread}.length)`]
      : args;
  }
  if (!ts.isPropertyAccessExpression(node.expression)) return [];
  const object = node.expression.expression;
  return ts.isIdentifier(object) && ['tf', 'Math', 'console', 'model', 'Promise', 'Object'].includes(object.text)
    ? []
    : [object.getText()];
}

/** An option that is left out. */
function options(node) {
  if (!ts.isObjectLiteralExpression(node) || !ts.isCallExpression(node.parent) || node.properties.length < 2) return [];
  return node.properties.map(
    (left) =>
      `{ ${node.properties
        .filter((property) => property !== left)
        .map((property) => property.getText())
        .join(', ')} }`,
  );
}

/** Another name of the same kind. */
function names(node) {
  return ts.isStringLiteral(node) && Object.hasOwn(CONFUSED, node.text) ? [`'${CONFUSED[node.text]}'`] : [];
}

/** A statement that is forgotten. */
const statements = (node) => (ts.isExpressionStatement(node.parent) ? ['undefined'] : []);

const MUTATORS = [numbers, limits, halves, overflows, calls, options, names, statements];

const isAssigned = ({ parent }, node) =>
  ts.isBinaryExpression(parent) &&
  parent.left === node &&
  parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
  parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
const inError = (node) => ts.isNewExpression(node) && /Error$/.test(node.expression.getText());

/**
 * A cell with all mutants of the lines from..to in one text, chosen by `isActive('id')`.
 *
 * @param isActive name of the function that tells which mutant is the current one.
 * @param prefix what the ids begin with.
 */
export function mutateByHand(source, from, to, isActive, prefix) {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, true);
  const mutants = [];
  const switched = (node) => {
    if (inError(node)) return node.getFullText();
    let text = '';
    let at = node.getFullStart();
    ts.forEachChild(node, (child) => {
      text += source.slice(at, child.getFullStart()) + switched(child);
      at = child.getEnd();
    });
    text += source.slice(at, node.getEnd());
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line;
    const isPlace =
      line >= from &&
      line <= to &&
      !isAssigned(node, node) &&
      !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
      !(ts.isPropertyAssignment(node.parent) && node.parent.name === node);
    if (!isPlace) return text;
    const choose = (variants) =>
      variants
        .map((variant) => {
          const id = `${prefix}${mutants.length}`;
          mutants.push({ id, from: node.getText(), to: variant });
          return `${isActive}('${id}') ? (${variant}) : `;
        })
        .join('');
    if (ts.isPropertyAccessExpression(node) && Object.hasOwn(CONFUSED, node.name.text))
      return text.replace(/\.\s*\w+$/, `[${choose([`'${CONFUSED[node.name.text]}'`])}'${node.name.text}']`);
    const variants = [...new Set(MUTATORS.flatMap((mutator) => mutator(node)))].filter(
      (variant) => variant !== node.getText(),
    );
    const lead = source.slice(node.getFullStart(), node.getStart());
    const core = text.slice(lead.length);
    if (variants.length === 0) return text;
    return `${lead}(${choose(variants)}(${core}))`;
  };
  return { text: switched(file), mutants };
}
