import { environment, isOnNode, node } from '../files';
import { activeRecorder } from './recorder';

let isLoaded: boolean | undefined;

/**
 * Whether our own operations (the C++ of `operations/`) are there. Loads them once.
 * They lie beside tfjs-node's addon, compiled at set-up for the machine's processor; without them, and on another
 * processor, the same results come from TensorFlow's operations, more slowly. The variable LAYERWISE_OPERATIONS names
 * another folder, or says `off`.
 */
export function hasOwnOperations(): boolean {
  // A graph for other programs must do without.
  if (activeRecorder()?.isPortable === true) return false;
  if (isLoaded !== undefined) return isLoaded;
  if (!isOnNode()) return (isLoaded = false);
  const path = node('path');
  const load = node('module').createRequire(__filename);
  const { LAYERWISE_OPERATIONS: chosen } = environment();
  if (chosen === 'off') return (isLoaded = false);
  const folder =
    chosen ?? path.join(path.dirname(load.resolve('@tensorflow/tfjs-node/package.json')), 'lib', 'operations');
  const file = path.join(folder, 'layerwise_operations.node');
  isLoaded = node('fs').existsSync(file) && isForThisProcessor(path.join(folder, 'processor'));
  if (isLoaded) load(file);
  return isLoaded;
}

/** On a processor that lacks an instruction they would end the process. */
export function isForThisProcessor(note: string): boolean {
  const { existsSync, readFileSync } = node('fs');
  return existsSync(note) && readFileSync(note, 'utf8') === processor();
}

/** What the processor can do, as set-up notes it: its flags. Its name says too little, in a virtual machine above all. */
export function processor(): string {
  const { existsSync, readFileSync } = node('fs');
  const told = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  const flags = [...told.matchAll(/^(?:flags|Features)\s*:\s*(.*)$/gm)].map(([, names]) => names.trim());
  return [process.arch, ...new Set(flags)].join('\n');
}
