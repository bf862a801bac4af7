// Set-up on machines that it has never seen, for real. `npm test -- trials` does a fresh set-up and one group of what
// fits into a run of CI, drawn by SAMPLE_SEED: each breaks something that the others leave whole. `npm run trials` does
// all of it (an hour); with words, only groups of these names: kills, together, disk, network, compiler, programs,
// upgrades, nodes.
import { findProgram, systemParts } from '../../src/setup/system-parts.mjs';
import { fullDisk, ofSomebodyElse, readOnly } from './trials/disk.mjs';
import { killAtRandomTimes, killInEachStep } from './trials/kills.mjs';
import { oldPrograms, promisedNodes } from './trials/machines.mjs';
import { noCompiler, noNetwork } from './trials/network.mjs';
import { complaints, expectThat, isStranger, newClone, setUpIn, tree } from './trials/place.mjs';
import { meetings } from './trials/together.mjs';
import { upgrades } from './trials/upgrades.mjs';

const words = process.argv.slice(2);
const isFull = words.includes('--all');
const DRAWN = ['disk', 'network', 'kills', 'programs', 'together', 'compiler', 'upgrades'];
const seed = Number(process.env.SAMPLE_SEED ?? Math.floor(Date.now() / 86_400_000));
const named = words.filter((word) => !word.startsWith('--'));
const asked = named.length > 0 || isFull ? named : [DRAWN[seed % DRAWN.length]];
if (named.length === 0 && !isFull) console.log(`drawn: ${asked.join(', ')}; all of them: npm run trials`);

function report(title, wrong, remark = '') {
  console.log(
    `[${wrong.length === 0 ? 'ok' : 'fail'}] ${title}${remark ? ` (${remark})` : ''}${wrong.map((text) => `\n${text}`.replaceAll('\n', '\n       ')).join('')}`,
  );
}

const bubblewrap = findProgram(systemParts.find(({ name }) => name === 'bubblewrap'));
if (!bubblewrap)
  console.log(
    'bubblewrap is missing: trials of full disks, of folders that can only be read and without a network are left out.',
  );

const clone = newClone();
console.log('setting up a fresh clone, with empty caches …');
const first = setUpIn(clone);
report(
  `a fresh set-up${isStranger ? ', as a user without a name' : ''}, in a path with spaces and foreign letters`,
  [...expectThat(first.status === 0, first.output), ...complaints(clone)],
  `${first.seconds.toFixed(0)} s`,
);
const fresh = tree(clone);

const groups = {
  kills: async () => {
    await killInEachStep(clone, fresh, report, isFull);
    if (isFull) await killAtRandomTimes(10, first.seconds, fresh, report);
  },
  together: () => meetings(clone, fresh, report, isFull),
  disk: () => {
    if (bubblewrap) fullDisk(report);
    if (bubblewrap) readOnly(clone, report);
    if (isStranger) ofSomebodyElse(report);
  },
  network: () => bubblewrap && noNetwork(clone, fresh, report),
  compiler: () => noCompiler(clone, fresh, report),
  programs: () => oldPrograms(report),
  upgrades: () => upgrades(clone, fresh, report, isFull),
  nodes: () => isFull && promisedNodes(report),
};

for (const [name, run] of Object.entries(groups)) if (asked.length === 0 || asked.includes(name)) await run();
