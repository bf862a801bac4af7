// Runs in a worker of its own: checks and compiles what readers write.
import '../no-made-code';
import ts from 'typescript';
import type { FromWorkshop, ToWorkshop } from '../messages';
import { Workshop } from '../../workshop';
import { ROOT, system } from './files';

interface WorkerScope {
  postMessage(message: FromWorkshop): void;
  onmessage: ((event: { readonly data: ToWorkshop }) => void) | null;
}

declare const self: WorkerScope;

// The compiler finds no system in a browser; what sets one is not in its public types.
const setSystem: unknown = Reflect.get(ts, 'setSys');
if (typeof setSystem === 'function') Reflect.apply(setSystem, undefined, [system]);

let workshop: Workshop | undefined;

self.onmessage = ({ data }) => {
  if (data.kind === 'chapter') {
    workshop = new Workshop(data.texts, ROOT);
    return;
  }
  try {
    if (!workshop) throw new Error('no chapter came');
    self.postMessage({ kind: 'revised', revised: workshop.revise(new Map(data.changed), data.asked) });
  } catch (thrown) {
    self.postMessage({ kind: 'broken', problem: String(thrown) });
  }
};
