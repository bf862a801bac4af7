// Models that left this process: written here, run by Python's TensorFlow and by TensorFlow Lite. One line a model.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot, nodeShim } from '../../../src/setup/paths.mjs';
import { pythonWith } from '../../support/python-environment.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-exported-'));
try {
  const run = (command, ...args) => {
    const { status, signal } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: inRoot() });
    if (status !== 0) {
      console.log(
        `[fail] ${path.basename(args.find((arg) => arg.includes('graph')) ?? command)} ended with ${signal ?? status}`,
      );
      process.exitCode = 1;
    }
    return status === 0;
  };
  const python = pythonWith('tensorflow', inRoot('test', 'support', 'tensorflow-requirements.txt'));
  if (run(process.execPath, '--require', nodeShim, inRoot('test', 'parts', 'graph', 'export-models.mjs'), folder))
    run(python, inRoot('test', 'parts', 'graph', 'exported.py'), folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
