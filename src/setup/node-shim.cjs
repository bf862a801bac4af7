// Preloaded with `node --require` wherever TensorFlow may be loaded.
const { existsSync } = require('node:fs');
const path = require('node:path');
const util = require('node:util');

// tfjs-node 4.22.0 calls two helpers that Node 24 took out of `util`.

for (const [name, replacement] of Object.entries({
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: Array.isArray,
})) {
  Object.defineProperty(util, name, { value: replacement, configurable: true, enumerable: true, writable: true });
}

// What TensorFlow's library needs around it: see around-tensorflow.cc. The official build comes without.
const { dlopen } = process;
process.dlopen = (module, file, ...flags) => {
  const around = path.join(path.dirname(file), 'around_tensorflow.node');
  if (path.basename(file) !== 'tfjs_binding.node' || !existsSync(around)) return dlopen(module, file, ...flags);
  const { keepSignalsOffThisStack, close, open } = require(around);
  keepSignalsOffThisStack();
  if (process.env.TF_CPP_MIN_LOG_LEVEL !== '3') return dlopen(module, file, ...flags);
  const kept = close();
  try {
    return dlopen(module, file, ...flags);
  } finally {
    open(kept);
  }
};
