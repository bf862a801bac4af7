import type * as tf from '@tensorflow/tfjs-node';
import { restoreMethods } from '../tensorflow/private-members';
import { nativeBackend } from './native';
import { passThrough } from './native-door';

const PATCHED = ['write', 'getInputTensorIds'];

/**
 * TensorFlow.js uploads values when they are first used. Those of a tensor from outside are uploaded past who stands
 * in the door: a recorder would take them for constants. Returns how to undo it.
 *
 * @param onUse told of the inputs of each operation.
 */
export function uploadPast(onUse?: (tensors: readonly Partial<tf.TensorInfo>[]) => void): () => void {
  const backend = nativeBackend();
  // Another one may stand there already: a function is traced inside of a call that is noted.
  const { write, getInputTensorIds } = backend;
  const own = PATCHED.map((name) => [name, Object.getOwnPropertyDescriptor(backend, name)] as const);
  const made = new WeakSet<object>();
  backend.write = (values, shape, dtype) => {
    const data = write.call(backend, values, shape, dtype);
    made.add(data);
    return data;
  };
  backend.getInputTensorIds = (tensors) => {
    onUse?.(tensors);
    const fromOutside = tensors.filter(({ dataId }: Partial<tf.TensorInfo>) => dataId && !made.has(dataId));
    if (fromOutside.length > 0) {
      const before = passThrough(undefined);
      getInputTensorIds.call(backend, fromOutside);
      passThrough(before);
    }
    return getInputTensorIds.call(backend, tensors);
  };
  return () => {
    restoreMethods(backend, ...PATCHED);
    for (const [name, outer] of own) if (outer) Object.defineProperty(backend, name, outer);
  };
}
