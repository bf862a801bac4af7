import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { activeRecorder } from './recorder';

let isLoaded: boolean | undefined;

/**
 * Whether our own operations (the C++ of `operations/`) are there. Loads them once.
 * They lie beside tfjs-node's addon, compiled at set-up for the machine's processor; without them, and on another
 * processor, the same results come from TensorFlow's operations, more slowly.
 */
export function hasOwnOperations(): boolean {
  // A graph for other programs must do without.
  if (activeRecorder()?.isPortable === true) return false;
  if (isLoaded !== undefined) return isLoaded;
  const folder = path.join(path.dirname(require.resolve('@tensorflow/tfjs-node/package.json')), 'lib', 'operations');
  const file = path.join(folder, 'layerwise_operations.node');
  isLoaded =
    existsSync(file) &&
    isForThisProcessor(path.join(folder, 'processor')) &&
    process.env.LAYERWISE_OPERATIONS !== 'off';
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  if (isLoaded) require(file);
  return isLoaded;
}

/** On a processor that lacks an instruction they would end the process. */
export function isForThisProcessor(note: string): boolean {
  return existsSync(note) && readFileSync(note, 'utf8') === (os.cpus()[0]?.model ?? process.arch);
}
