// TensorFlow.js as a page has it: WebAssembly, and plain JavaScript for what that lacks.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as data from '@tensorflow/tfjs-data';
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import * as converter from '@tensorflow/tfjs-converter';
import type { Pack } from '../worker/door';
import { forwardMissingKernels } from './forward';
import { startWasm } from './wasm';

const tf = { ...core, ...layers, ...converter, data, version: versions() };

function versions(): Record<string, string> {
  return {
    'tfjs-core': core.version_core,
    'tfjs-layers': layers.version_layers,
    'tfjs-converter': converter.version_converter,
    tfjs: core.version_core,
  };
}

export const install: Pack['install'] = async (door) => {
  door.addTensorFlow(tf as unknown as Parameters<typeof door.addTensorFlow>[0]);
  try {
    await startWasm();
    forwardMissingKernels('wasm', 'cpu');
    return undefined;
  } catch (thrown) {
    await core.setBackend('cpu');
    return `WebAssembly is not to be had here (${String(thrown)}), so TensorFlow runs more slowly, in JavaScript.`;
  }
};
