// Where things are in the project, for set-up and doctor.
import path from 'path';
import { fileURLToPath } from 'url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const inRoot = (...parts) => path.join(root, ...parts);
export const venvPython = inRoot('.venv', 'bin', 'python');
export const nodeShim = inRoot('src', 'setup', 'node-shim.cjs');
export const kernelspecs = inRoot('.venv', 'share', 'jupyter', 'kernels');
export const tfjsNode = inRoot('node_modules', '@tensorflow', 'tfjs-node');
// On the project's disk, so that what was made there can be renamed into place.
export const temporary = inRoot('build', 'tmp');
