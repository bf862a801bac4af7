import * as tf from '@tensorflow/tfjs-node';
import { nativeBackend } from './native';
import { isTracing } from './recorder';

let isDone = false;

/** tfjs-node reads all indices of a gather to check them. In a graph TensorFlow checks them itself. */
export function makeGatherTraceable(): void {
  if (isDone) return;
  isDone = true;
  const kernel = tf.getKernel('GatherV2', 'tensorflow');
  tf.unregisterKernel('GatherV2', 'tensorflow');
  tf.registerKernel({ ...kernel, kernelFunc: (args) => (isTracing() ? gather(args) : kernel.kernelFunc(args)) });
}

function gather({ inputs, attrs }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo {
  const { x, indices } = inputs;
  const { axis, batchDims } = attrs ?? {};
  if (!x || !indices || typeof axis !== 'number' || typeof batchDims !== 'number') throw new TypeError('gather: expected x, indices, axis and batchDims');
  const backend = nativeBackend();
  const { binding } = backend;
  const axisTensor = tf.scalar(axis, 'int32');
  const type = (name: string, dtype: tf.DataType): { name: string; type: number; value: number } => ({ name, type: binding.TF_ATTR_TYPE, value: backend.getDTypeInteger(dtype) });
  const attributes = [{ name: 'batch_dims', type: binding.TF_ATTR_INT, value: batchDims }, type('Tparams', x.dtype), type('Tindices', indices.dtype), type('Taxis', 'int32')];
  const [metadata] = binding.executeOp('GatherV2', attributes, backend.getInputTensorIds([x, indices, axisTensor]), 1);
  axisTensor.dispose();
  return backend.createOutputTensor(metadata);
}
