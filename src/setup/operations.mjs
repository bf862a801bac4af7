// Graph mode's own TensorFlow operations (src/parts/graph/operations), compiled for this machine's processor next to
// tfjs-node's addon.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compile, isOfficialBuild, nativeFolder } from './native.mjs';
import { inRoot } from './paths.mjs';
import { compilerOrNone } from './requirements.mjs';
import { hashOf, hashOfFiles, readStamp, writeStamp } from './stamps.mjs';

const sources = inRoot('src', 'parts', 'graph', 'operations');
const folder = () => path.join(nativeFolder(), 'lib', 'operations');
// Compiled for the instructions of one processor. Where the folder is used on another one, graph mode reads this and
// does without.
const processor = () => os.cpus()[0]?.model ?? process.arch;
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
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const files = readdirSync(sources)
    .filter((name) => name.endsWith('.cc'))
    .map((name) => path.join(sources, name));
  const tuned = process.platform === 'darwin' ? [] : ['-march=native'];
  await compile(
    compiler.command,
    nativeFolder(),
    [
      '-O3',
      ...tuned,
      '-fno-math-errno',
      '-fno-trapping-math',
      '-fassociative-math',
      '-fno-signed-zeros',
      '-ffp-contract=fast',
      ...files,
    ],
    path.join(aside, FILE),
  );
  writeFileSync(path.join(aside, 'processor'), processor());
  writeStamp(path.join(aside, 'made-from'), key());
  rmSync(folder(), { recursive: true, force: true });
  renameSync(aside, folder());
}
