import * as tf from '@tensorflow/tfjs-node';
import type { TFEOpAttr, TFJSBinding, TensorMetadata } from '@tensorflow/tfjs-node/dist/tfjs_binding';

export type { TFEOpAttr, TFJSBinding, TensorMetadata };

/** What tfjs-node's back end offers beside its public methods. */
interface NativeBackend {
  binding: TFJSBinding;
  getDTypeInteger(dtype: tf.DataType): number;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

const isNative = (backend: object): backend is NativeBackend => ['binding', 'getDTypeInteger', 'getInputTensorIds', 'createOutputTensor'].every((name) => name in backend);

/** The native back end. Fails where another one, such as the JavaScript back end, is in use. */
export function nativeBackend(): NativeBackend {
  const backend: object = tf.backend();
  if (!isNative(backend)) throw new Error(`graph: expected TensorFlow's native back end, got "${tf.getBackend()}"; call tf.setBackend('tensorflow')`);
  return backend;
}

/** The native library's number for a tensor. Uploads its values where that was put off. */
export const idOf = (tensor: tf.Tensor): number => nativeBackend().getInputTensorIds([tensor])[0];
