// Kernelspecs: `tslab` is what learners get; `tslab-plain`, for tests only, is the unmodified kernel.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, kernelspecs, nodeShim } from './paths.mjs';

const QUIET_TENSORFLOW = { TF_CPP_MIN_LOG_LEVEL: '3' };
const tslab = inRoot('node_modules', 'tslab', 'bin', 'tslab');

export const plainJupyterPath = inRoot('build', 'jupyter');
const plainSpecs = path.join(plainJupyterPath, 'kernels');

const ours = {
  argv: [process.execPath, '--require', nodeShim, inRoot('src', 'dist', 'kernel', 'main.js'), '{connection_file}'],
  display_name: 'TypeScript (Layerwise)',
  language: 'typescript',
  interrupt_mode: 'message',
  env: QUIET_TENSORFLOW,
};

const plain = {
  argv: [process.execPath, '--require', nodeShim, tslab, 'kernel', '--config-path={connection_file}'],
  display_name: 'TypeScript (plain tslab)',
  language: 'typescript',
  env: QUIET_TENSORFLOW,
};

// JupyterLab asks the network for news and updates unless told not to.
const OFFLINE_LAB = { '@jupyterlab/apputils-extension:notification': { checkForUpdates: false, doNotDisturbMode: false, fetchNews: 'false' } };
const labSettings = inRoot('.venv', 'share', 'jupyter', 'lab', 'settings', 'overrides.json');

/** What the kernelspecs hold, as one string: when it changes they are written anew. */
export const kernelspecKey = () => JSON.stringify([ours, plain, OFFLINE_LAB]);

export const kernelspecStamp = path.join(kernelspecs, 'tslab', 'made-from');
export const plainSpecFile = path.join(plainSpecs, 'tslab-plain', 'kernel.json');

/** Writes both kernelspecs, and the settings that keep JupyterLab offline. */
export function writeKernelspecs() {
  for (const [folder, content] of [
    [path.join(kernelspecs, 'tslab'), ours],
    [path.dirname(plainSpecFile), plain],
  ]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'kernel.json'), `${JSON.stringify(content, undefined, 2)}\n`);
  }
  mkdirSync(path.dirname(labSettings), { recursive: true });
  writeFileSync(labSettings, `${JSON.stringify(OFFLINE_LAB, undefined, 2)}\n`);
}
