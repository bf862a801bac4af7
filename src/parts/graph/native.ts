import * as tf from '@tensorflow/tfjs-node';
import type { TFEOpAttr, TFJSBinding, TensorMetadata } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import { isOnNode } from '../files';
import { checkPrivateMembers } from '../tensorflow/check-members';
import { nativeMembers, type NativeBackend } from '../tensorflow/private-members';
import { orderTape } from '../tensorflow/tape-order';

export type { TFEOpAttr, TFJSBinding, TensorMetadata };

/** An attribute of a TensorFlow operation. */
type Attribute =
  | { readonly dtype: tf.DataType }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string };

// At load: another version of TensorFlow.js fails here, in plain words, not in the middle of a training.
checkPrivateMembers(tf);
orderTape(tf);

let seen: NativeBackend | undefined;

/** Whether TensorFlow's native library computes; a page has none. */
export function isNative(): boolean {
  const backend: object = tf.backend();
  return backend === seen || nativeMembers.find(backend) !== undefined;
}

/** The native back end. Fails where another one, such as the JavaScript back end, is in use. */
export function nativeBackend(): NativeBackend {
  const backend: object = tf.backend();
  if (backend === seen) return seen;
  seen = nativeMembers.find(backend);
  if (!seen)
    throw new Error(
      `graph: expected TensorFlow's native back end, got "${tf.getBackend()}"; ${isOnNode() ? "call tf.setBackend('tensorflow')" : 'run it in the notebook, not in a page'}`,
    );
  return seen;
}

/** The native library's number for a tensor. Uploads its values where that was put off. */
export const idOf = (tensor: tf.Tensor): number => nativeBackend().getInputTensorIds([tensor])[0];

/** Runs one operation of TensorFlow by its own name, such as `ReluGrad`, with its own attributes. */
export function nativeOp(
  op: string,
  inputs: readonly tf.TensorInfo[],
  attributes: Readonly<Record<string, Attribute>> = {},
  outputs = 1,
): tf.Tensor[] {
  const backend = nativeBackend();
  const { binding } = backend;
  const given = Object.entries(attributes).map(([name, attribute]): TFEOpAttr => {
    if ('dtype' in attribute)
      return { name, type: binding.TF_ATTR_TYPE, value: backend.getDTypeInteger(attribute.dtype) };
    if ('int' in attribute) return { name, type: binding.TF_ATTR_INT, value: attribute.int };
    if ('ints' in attribute) return { name, type: binding.TF_ATTR_INT, value: [...attribute.ints] };
    if ('float' in attribute) return { name, type: binding.TF_ATTR_FLOAT, value: attribute.float };
    if ('bool' in attribute) return { name, type: binding.TF_ATTR_BOOL, value: attribute.bool };
    return { name, type: binding.TF_ATTR_STRING, value: attribute.text };
  });
  return binding
    .executeOp(op, given, backend.getInputTensorIds(inputs), outputs)
    .map((metadata) => backend.createOutputTensor(metadata));
}
