import * as tf from '@tensorflow/tfjs-node';

/** What computes here: Node, TensorFlow.js and the native library behind it. */
export const versions = (): Record<string, string> => ({
  node: process.versions.node,
  tensorflow: tf.version['tfjs-core'],
  library: libraryVersion(),
});

function libraryVersion(): string {
  const binding: unknown = Reflect.get(tf.backend(), 'binding');
  return typeof binding === 'object' && binding !== null ? String(Reflect.get(binding, 'TF_Version')) : 'none';
}
