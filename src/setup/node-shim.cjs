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

// Where its lines aren't wanted, TensorFlow's library writes some nevertheless while it is loaded.
const { dlopen } = process;
process.dlopen = (module, file, ...flags) => {
  const gate = path.join(path.dirname(file), 'standard_error.node');
  const isTensorFlow = path.basename(file) === 'tfjs_binding.node';
  if (!isTensorFlow || process.env.TF_CPP_MIN_LOG_LEVEL !== '3' || !existsSync(gate))
    return dlopen(module, file, ...flags);
  const standardError = require(gate);
  const kept = standardError.close();
  try {
    return dlopen(module, file, ...flags);
  } finally {
    standardError.open(kept);
  }
};
