// TensorFlow.js stays loaded while the parts are loaded anew: what one run has put into it goes before the next, as it
// does where each test file has a process of its own.
import { createRequire } from 'node:module';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node');
const backend = tf.backend();
const { binding } = backend;
const registries = ['kernelRegistry', 'gradRegistry'].map((name) => {
  const registry = globalThis._tfGlobals.get(name);
  return { registry, entries: [...registry] };
});

export function cleanTensorFlow() {
  backend.binding = binding;
  for (const { registry, entries } of registries) {
    registry.clear();
    for (const [name, entry] of entries) registry.set(name, entry);
  }
  const { state } = tf.engine();
  Object.assign(state, { gradientDepth: 0, kernelDepth: 0, activeTape: null, activeScope: null, scopeStack: [] });
  tf.disposeVariables();
}
