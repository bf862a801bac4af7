import { existsSync } from 'node:fs';
import path from 'node:path';
import { activeRecorder } from './recorder';

let isLoaded: boolean | undefined;

/**
 * Whether our own operations (the C++ of `operations/`) are there. Loads them once.
 * They lie beside tfjs-node's addon, compiled at set-up; without them the same results come from TensorFlow's operations, more slowly.
 */
export function hasOwnOperations(): boolean {
  // A graph for other programs must do without.
  if (activeRecorder()?.isPortable === true) return false;
  if (isLoaded !== undefined) return isLoaded;
  const file = path.join(path.dirname(require.resolve('@tensorflow/tfjs-node/package.json')), 'lib', 'operations', 'layerwise_operations.node');
  isLoaded = existsSync(file) && process.env.LAYERWISE_OPERATIONS !== 'off';
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  if (isLoaded) require(file);
  return isLoaded;
}
