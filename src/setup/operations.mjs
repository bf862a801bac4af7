// Graph mode's own TensorFlow operations (src/parts/graph/operations), compiled for this machine's processor next to
// tfjs-node's addon.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile, isOfficialBuild, nativeFolder } from './native.mjs';
import { inRoot } from './paths.mjs';
import { compilerOrNone } from './requirements.mjs';
import { hashOf, hashOfFiles, readStamp, writeStamp } from './stamps.mjs';

const sources = inRoot('src', 'parts', 'graph', 'operations');
const folder = () => path.join(nativeFolder(), 'lib', 'operations');
// Compiled for the instructions of one processor. Where the folder is used on another one, graph mode reads this and
// does without.
// Its name says too little, in a virtual machine above all: what counts are its flags.
function processor() {
  const told = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  const flags = [...told.matchAll(/^(?:flags|Features)\s*:\s*(.*)$/gm)].map(([, names]) => names.trim());
  return [process.arch, ...new Set(flags)].join('\n');
}
const key = () => hashOf(hashOfFiles([sources]), path.basename(nativeFolder()));

const FILE = 'layerwise_operations.node';

/** Whether they are there, made from the present sources for this processor. */
export const hasOperations = () =>
  !isOfficialBuild() &&
  existsSync(path.join(folder(), FILE)) &&
  readStamp(path.join(folder(), 'made-from')) === key() &&
  readStamp(path.join(folder(), 'processor')) === processor();

/** Without a compiler they are left out: graphs then use TensorFlow's own operations. */
export const operationsAreBuilt = () =>
  hasOperations() || (!existsSync(folder()) && (isOfficialBuild() || !compilerOrNone()));

export async function buildOperations() {
  const compiler = compilerOrNone();
  // Those of older sources don't fit the rest any more.
  if (!compiler) return rmSync(folder(), { recursive: true, force: true });
  const aside = path.join(nativeFolder(), 'lib', 'operations-aside');
  await compileOperations(compiler.command, aside, ['-O3']);
  writeStamp(path.join(aside, 'made-from'), key());
  rmSync(folder(), { recursive: true, force: true });
  renameSync(aside, folder());
}

/** Compiles them into an empty folder, with these options beside those that say how to compute. */
export async function compileOperations(compiler, target, options) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const files = readdirSync(sources)
    .filter((name) => name.endsWith('.cc'))
    .map((name) => path.join(sources, name));
  const tuned = process.platform === 'darwin' ? [] : ['-march=native'];
  const arithmetic = [
    '-fno-math-errno',
    '-fno-trapping-math',
    '-fassociative-math',
    '-fno-signed-zeros',
    '-ffp-contract=fast',
  ];
  await compile(compiler, nativeFolder(), [...options, ...tuned, ...arithmetic, ...files], path.join(target, FILE));
  writeFileSync(path.join(target, 'processor'), processor());
}
