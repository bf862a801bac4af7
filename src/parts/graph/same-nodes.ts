import type { Constant, WrittenNode } from './graph-builder';
import { isSameValues } from './growing-constants';
import type { TFEOpAttr } from './native';

/** Whether two operations were written down with the same attributes. */
export const isSameAttributes = (one: readonly TFEOpAttr[], other: readonly TFEOpAttr[]): boolean =>
  one.length === other.length &&
  one.every(({ name, value }, i) => {
    const { name: otherName, value: otherValue } = other[i];
    return (
      name === otherName &&
      (Object.is(value, otherValue) ||
        (typeof value === 'object' && JSON.stringify(value) === JSON.stringify(otherValue)))
    );
  });

/** Whether two constants have one type, one shape and the same values. */
export const isSameConstant = (one: Constant, other: Constant): boolean =>
  one.dtype === other.dtype && String(one.shape) === String(other.shape) && isSameValues(one.values, other.values);

/** Whether both do the same with the same; what constants hold is compared apart. */
export function isSameNode(one: WrittenNode, other: WrittenNode): boolean {
  return (
    one.name === other.name &&
    one.op === other.op &&
    one.inputs.length === other.inputs.length &&
    one.inputs.every((input, i) => input === other.inputs[i]) &&
    isSameAttributes(one.attributes, other.attributes)
  );
}
