import { nativeBackend, type TFEOpAttr } from './native';

/**
 * Operations that tfjs-node runs without their type T, or with another one than that of the input which has it: run at
 * once, TensorFlow goes by that input.
 */
const TYPED_BY_INPUT: ReadonlyMap<string, number> = new Map([
  ['ExpandDims', 0],
  ['Mean', 0],
  ['Conv2DBackpropInput', 1],
]);

/** Run at once, TensorFlow finds types by itself that a graph must name. */
export function typedByInput(
  op: string,
  attributes: readonly TFEOpAttr[],
  dtypeOf: (input: number) => number | undefined,
): readonly TFEOpAttr[] {
  const typing = TYPED_BY_INPUT.get(op);
  const dtype = typing === undefined ? undefined : dtypeOf(typing);
  if (dtype === undefined) return attributes;
  const type = { name: 'T', type: nativeBackend().binding.TF_ATTR_TYPE, value: dtype };
  return [...attributes.filter(({ name }) => name !== 'T'), type];
}
