import { environment, isOnNode, node } from '../files';
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
  if (!isOnNode()) return (isLoaded = false);
  const path = node('path');
  const load = node('module').createRequire(__filename);
  const folder = path.join(path.dirname(load.resolve('@tensorflow/tfjs-node/package.json')), 'lib', 'operations');
  const file = path.join(folder, 'layerwise_operations.node');
  isLoaded =
    node('fs').existsSync(file) &&
    isForThisProcessor(path.join(folder, 'processor')) &&
    environment().LAYERWISE_OPERATIONS !== 'off';
  if (isLoaded) load(file);
  return isLoaded;
}

/** On a processor that lacks an instruction they would end the process. */
export function isForThisProcessor(note: string): boolean {
  const { existsSync, readFileSync } = node('fs');
  return existsSync(note) && readFileSync(note, 'utf8') === (node('os').cpus()[0]?.model ?? process.arch);
}
