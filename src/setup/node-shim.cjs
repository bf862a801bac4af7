// tfjs-node 4.22.0 calls two helpers that Node 24 took out of `util`. Preloaded with `node --require`, this puts them
// back.
const util = require('node:util');

for (const [name, replacement] of Object.entries({
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: Array.isArray,
})) {
  Object.defineProperty(util, name, { value: replacement, configurable: true, enumerable: true, writable: true });
}
