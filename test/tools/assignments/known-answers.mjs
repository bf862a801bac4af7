// Known answers to exercises, as text: the bodies of the functions in `src/course/NN-name/answers/*.ts`, which are read,
// never run.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { inRoot } from '../../../src/setup/paths.mjs';

/** What each kind is told before its function. */
const KINDS = { wrong: ['name', 'points'], slow: ['points'], mistake: ['name'], unusual: ['name'] };

/** A chapter's known answers, in its files' order: `{ exercise, kind, name, points, code }`. */
export function knownAnswers(chapter) {
  const folder = inRoot('src', 'course', chapter, 'answers');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .flatMap((name) => answersIn(readFileSync(path.join(folder, name), 'utf8'), path.join(folder, name)));
}

/** Those of one exercise; it must have two wrong ones at least, and one that is slow. */
export function answersOf(chapter, exercise) {
  const answers = knownAnswers(chapter).filter((answer) => answer.exercise === exercise);
  const [wrong, slow] = ['wrong', 'slow'].map((kind) => answers.filter((answer) => answer.kind === kind).length);
  if (wrong < 2 || slow !== 1)
    throw new Error(
      `${chapter}, ${exercise}: expected two wrong answers or more and a slow one in its folder answers, found ${wrong} and ${slow}`,
    );
  return answers;
}

/** The answers that a file's text declares. */
export function answersIn(text, file) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const calls = source.statements.flatMap((statement) =>
    ts.isExpressionStatement(statement) && ts.isCallExpression(statement.expression) ? [statement.expression] : [],
  );
  const exercise = /\banswersTo\((\w+)\)/.exec(text)?.[1];
  if (exercise === undefined) throw new Error(`${file}: expected answersTo(exercise)`);
  return calls.map((call) => {
    const kind = call.expression.getText();
    const told = KINDS[kind];
    if (!told) throw new Error(`${placeOf(call)}: expected one of ${Object.keys(KINDS).join(', ')}, got ${kind}`);
    const values = told.map((what, i) => [what, valueOf(call.arguments[i], call)]);
    return { exercise, kind, ...Object.fromEntries(values), code: bodyOf(call.arguments[told.length], call) };
  });
}

function placeOf(node) {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function valueOf(node, call) {
  if (node && ts.isStringLiteral(node)) return node.text;
  if (node && ts.isNumericLiteral(node)) return Number(node.text);
  throw new Error(`${placeOf(call)}: expected a text or a number, got ${node?.getText() ?? 'nothing'}`);
}

/** What stands between a function's braces, moved to the left; of a function without braces, its value. */
function bodyOf(node, call) {
  if (!node || !ts.isArrowFunction(node)) throw new Error(`${placeOf(call)}: expected an arrow function as the answer`);
  if (!ts.isBlock(node.body)) return `return ${node.body.getText()};`;
  const lines = node.body
    .getText()
    .slice(1, -1)
    .replace(/^\n|\s+$/g, '')
    .split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}
