import * as tf from '@tensorflow/tfjs-node';
import { nativeVersion } from '../../parts/tensorflow/private-members';

/** What computes here: Node, TensorFlow.js and the native library behind it. */
export const versions = (): Record<string, string> => ({
  node: process.versions.node,
  tensorflow: tf.version['tfjs-core'],
  library: nativeVersion(tf.backend()) ?? 'none',
});
