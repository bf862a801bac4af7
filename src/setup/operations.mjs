// Graph mode's own TensorFlow operations (src/graph/operations), compiled for this machine's processor next to tfjs-node's addon.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compile, isOfficialBuild, nativeFolder } from './native.mjs';
import { inRoot } from './paths.mjs';
import { findCompiler } from './requirements.mjs';
import { hashOf, hashOfFiles, readStamp, writeStamp } from './stamps.mjs';

const sources = inRoot('src', 'graph', 'operations');
const folder = () => path.join(nativeFolder(), 'lib', 'operations');
// Compiled for the instructions of one processor. Where the folder is used on another one, graph mode reads this and does without.
const processor = () => os.cpus()[0]?.model ?? process.arch;
const key = () => hashOf(hashOfFiles([sources]), path.basename(nativeFolder()));

/** Without a compiler they are left out: graphs then use TensorFlow's own operations. */
export const operationsAreBuilt = () => isOfficialBuild() || (readStamp(path.join(folder(), 'made-from')) === key() && readStamp(path.join(folder(), 'processor')) === processor());

export async function buildOperations() {
  const aside = path.join(nativeFolder(), 'lib', 'operations-aside');
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const files = readdirSync(sources).filter((name) => name.endsWith('.cc')).map((name) => path.join(sources, name));
  const tuned = process.platform === 'darwin' ? [] : ['-march=native'];
  await compile(findCompiler().command, nativeFolder(), ['-O3', ...tuned, '-fno-math-errno', '-fno-trapping-math', '-fassociative-math', '-fno-signed-zeros', '-ffp-contract=fast', ...files], path.join(aside, 'layerwise_operations.node'));
  writeFileSync(path.join(aside, 'processor'), processor());
  writeStamp(path.join(aside, 'made-from'), key());
  rmSync(folder(), { recursive: true, force: true });
  renameSync(aside, folder());
}
