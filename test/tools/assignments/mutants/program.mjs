// One program that holds all mutants of a notebook's reference answers; the current one is chosen by its id.
import path from 'node:path';
import { createRequire } from 'node:module';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { knownAnswers } from '../known-answers.mjs';
import { mutateByHand } from './own-mutators.mjs';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../../../src/dist/${name}.js`);
const { assignment, referenceFile } = dist('tools/assignments/assignment');
const { CELL_FOLDER } = dist('tools/assignments/compiler');
const { hasSolution, replaceSolution } = dist('tools/assignments/release/solutions');
const { compileCell } = dist('tools/kernel/compiled-cell');
const { CellModules, codeCells, readNotebook } = dist('tools/notebook/index');

const IS_ACTIVE = 'isActiveMutant';

const silent = { isDebugEnabled: () => false, debug: () => undefined, info: () => undefined, warn: console.warn };
/** What an error says is the author's to choose; its class is not. */
const wordsOfErrors = {
  shouldIgnore: (place) =>
    place.isNewExpression() && /Error$/.test(place.node.callee.name) ? 'words of an error' : undefined,
};

const lineOf = (source, word) => source.split('\n').findIndex((line) => line.includes(word));
const between = (source, { start, end }) => {
  const lines = source.split('\n').slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column);
  lines[0] = lines[0].slice(start.column);
  return lines.join('\n');
};

/**
 * Cells that run, and the mutants in them: `{ exercise, called, id, key }`: the function to call, which mutant to make
 * the current one, and what became what.
 */
export async function programOf(notebook) {
  const { checks } = assignment(notebook);
  const own = codeCells(readNotebook(referenceFile(notebook))).filter(({ source }) => !checks.has(source.trim()));
  const answered = own
    .filter(({ source }) => hasSolution(source))
    .map(({ source }) => ({
      source,
      exercise: /^(?:async )?function (\w+)\(/m.exec(source)[1],
      from: lineOf(source, 'BEGIN SOLUTION') + 1,
      to: lineOf(source, 'END SOLUTION') - 1,
    }));
  const { files, mutants } = await new Instrumenter(silent).instrument(
    answered.map(({ source, exercise, from, to }) => ({
      name: `${exercise}.ts`,
      content: source,
      mutate: [{ start: { line: from, column: 0 }, end: { line: to + 1, column: 0 } }],
    })),
    { plugins: null, excludedMutations: [], ignorers: [wordsOfErrors] },
  );
  const found = mutants
    .filter(({ status }) => status !== 'Ignored')
    .map(({ id, fileName, location, replacement }) => {
      const { source, exercise } = answered.find((one) => `${one.exercise}.ts` === fileName);
      return { exercise, called: exercise, id, key: keyOf(between(source, location), replacement) };
    });
  const sources = own.filter(({ source }) => !hasSolution(source)).map(({ source }) => source);
  sources.push(`const ${IS_ACTIVE} = (id: string): boolean => (globalThis as any).__stryker__?.activeMutant === id;`);
  // What students handed in who had read the tasks and nothing else.
  const mistakes = knownAnswers(notebook).filter(({ kind }) => kind === 'mistake');
  for (const [i, { source, exercise, from, to }] of answered.entries()) {
    const byHand = mutateByHand(source, from, to, IS_ACTIVE, `${exercise}:`);
    const renamed = (text, name) => text.replace(`function ${exercise}(`, `function ${name}(`);
    sources.push(files[i].content, renamed(byHand.text, `${exercise}ByHand`));
    found.push(
      ...byHand.mutants.map((mutant) => ({
        exercise,
        called: `${exercise}ByHand`,
        id: mutant.id,
        key: keyOf(mutant.from, mutant.to),
      })),
    );
    for (const [number, { name: what, code }] of mistakes
      .filter((mistake) => mistake.exercise === exercise)
      .entries()) {
      sources.push(renamed(replaceSolution(source, code), `${exercise}Student${number}`));
      found.push({ exercise, called: `${exercise}Student${number}`, id: '', key: `a student's: ${what}` });
    }
  }
  const modules = new CellModules(CELL_FOLDER, `mutants-${path.basename(notebook)}`);
  const cells = sources.map((source, i) => {
    const module = modules.next(source);
    modules.declare(module);
    return compileCell(module, i + 1).cell;
  });
  return { cells, mutants: withKeys(found) };
}

const keyOf = (from, to) => [from, to].map((text) => text.replaceAll(/\s+/g, ' ').slice(0, 160)).join(' → ');

/** Where two keys of an exercise are alike, the second gets a number. */
function withKeys(mutants) {
  const seen = new Map();
  return mutants.map((mutant) => {
    const name = `${mutant.exercise}: ${mutant.key}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? mutant : { ...mutant, key: `${mutant.key} (${count})` };
  });
}
