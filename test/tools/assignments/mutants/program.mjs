// One program that holds all mutants of a notebook's reference answers; the current one is chosen by its id.
import path from 'node:path';
import { createRequire } from 'node:module';
import { instrument, keyOf, withKeys } from '../../../support/instrumented.mjs';
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

const lineOf = (source, word) => source.split('\n').findIndex((line) => line.includes(word));
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
  const { files, mutants } = await instrument(
    answered.map(({ source, exercise, from, to }) => ({
      name: `${exercise}.ts`,
      content: source,
      mutate: [{ start: { line: from, column: 0 }, end: { line: to + 1, column: 0 } }],
    })),
  );
  const found = mutants.map(({ id, fileName, key }) => {
    const { exercise } = answered.find((one) => `${one.exercise}.ts` === fileName);
    return { exercise, called: exercise, id, key };
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
  return { cells, mutants: withKeys(found, ({ exercise }) => exercise) };
}
