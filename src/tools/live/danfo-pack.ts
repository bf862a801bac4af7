import type { Plugin } from 'rolldown';
import { PART } from './modules';

const VIRTUAL = '\0danfo:';
/** What danfo.js loads to reach files, the network and plots; nobody asks for it in a page. */
const LEFT_OUT = /^(?:fs|stream|node-fetch|request|xlsx|plotly\.js-dist-min|stream-json(?:\/.*)?)$/;

/** danfo.js finds TensorFlow in the runtime, and nothing of Node. */
export const forDanfo: Plugin = {
  name: 'for-danfo',
  resolveId: (id) => (id === '@tensorflow/tfjs-node' || LEFT_OUT.test(id) ? VIRTUAL + id : undefined),
  load(id) {
    if (!id.startsWith(VIRTUAL)) return undefined;
    return id.endsWith('tfjs-node')
      ? `module.exports = globalThis[${JSON.stringify(PART)}]('tensorflow').tensorFlow();`
      : 'module.exports = { Transform: class {}, PassThrough: class {} };';
  },
};
