// Attacks on exercises with models and tensors: each passes a naive check, and gets from ours no more than the same
// answer without it.
// usage: node lying-models.mjs [WORD IN A TITLE]; with --naive INDEX KIND it runs one naive check in this process.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { twoAtATime } from '../../support/two-at-a-time.mjs';
import { cellsWith, gradesOf } from './grade-all.mjs';
import { models } from './hostile/models.mjs';
import { naiveRunner } from './hostile/naive-cells.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The cells of somebody who hands this in; where `isAttack`, with the attack. */
function cellsOf({ notebook, exercise, plain, attack = plain, first }, isAttack) {
  const [imports, ...rest] = cellsWith(notebook, exercise, isAttack ? attack : plain);
  return [imports, ...(isAttack && first ? [{ id: 'attack', source: first }] : []), ...rest];
}

async function checkNaively(item, isAttack) {
  const run = naiveRunner();
  const codes = [
    "import { strict as assert } from 'node:assert';",
    ...(item.needs ? [`import '${item.needs}';`] : []),
    ...cellsOf(item, isAttack)
      .map(({ source }) => source)
      .filter((source) => !source.startsWith('await check(')),
    item.naive,
  ];
  const errors = [];
  for (const [i, code] of codes.entries()) {
    const thrown = await run(code);
    if (thrown) errors.push(`cell ${i + 1}: ${String(thrown)}`);
  }
  console.log(errors.length === 0 ? '[passed]' : errors.join('\n'));
  process.exit();
}

if (process.argv[2] === '--naive') await checkNaively(models[Number(process.argv[3])], process.argv[4] === 'attack');

const tell = (isFine, title, more) => console.log(`[${isFine ? 'ok' : 'fail'}] ${title}: ${more}`);
const picked = [...models.entries()].filter(([, { notebook, name }]) =>
  `${notebook}, ${name}`.includes(process.argv[2] ?? ''),
);
/** The first attack on each exercise: what it gets without one is the same for all. */
const firsts = picked.filter(
  ([, { exercise }], n) => picked.findIndex(([, other]) => other.exercise === exercise) === n,
);

/** What a naive check says, in a process of its own. */
async function naively(i, kind) {
  const child = spawn(
    process.execPath,
    [
      '--require',
      path.join(root, 'src', 'setup', 'node-shim.cjs'),
      fileURLToPath(import.meta.url),
      '--naive',
      String(i),
      kind,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' } },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  await new Promise((resolve) => child.on('close', resolve));
  return output;
}

await twoAtATime(
  [...firsts.map((entry) => [...entry, 'plain']), ...picked.map((entry) => [...entry, 'attack'])],
  async ([i, { notebook, exercise, name }, kind]) => {
    const output = await naively(i, kind);
    const isPassed = output.includes('[passed]');
    tell(
      isPassed === (kind === 'attack'),
      `a naive check: ${notebook}, ${kind === 'attack' ? name : `${exercise} not solved`}`,
      isPassed ? 'passed' : output,
    );
  },
);

const jobOf = ([, item], isAttack) => ({
  name: item.notebook,
  exercises: [item.exercise],
  cells: cellsOf(item, isAttack),
});
const results = await gradesOf(
  [...firsts.map((entry) => jobOf(entry, false)), ...picked.map((entry) => jobOf(entry, true))],
  'lying models',
);
const honest = new Map(results.slice(0, firsts.length).map(({ exercises: [exercise] }) => [exercise.name, exercise]));
for (const [n, [, item]] of picked.entries()) {
  const [plain, { points, max }] = [honest.get(item.exercise), results[firsts.length + n].exercises[0]];
  tell(
    points <= plain.points && plain.points < max,
    `ours: ${item.notebook}, ${item.name}`,
    `${points} of ${max}, and ${plain.points} without the attack`,
  );
}
