// Operations whose type a graph must name, which TensorFlow finds by an input where it runs them at once.
import '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { nativeBackend, type TFEOpAttr } from '../../../src/parts/graph/native';
import { typedByInput } from '../../../src/parts/graph/typed-by-input';

const { TF_ATTR_TYPE, TF_ATTR_BOOL } = nativeBackend().binding;
const type = (name: string, value: number): TFEOpAttr => ({ name, type: TF_ATTR_TYPE, value });
const keep: TFEOpAttr = { name: 'keep_dims', type: TF_ATTR_BOOL, value: true };

describe('the type of an operation', () => {
  it.each([
    ['ExpandDims', 11],
    ['Mean', 11],
    ['Conv2DBackpropInput', 12],
  ])('%s is that of its input', (op, dtype) => {
    const dtypeOf = (input: number): number => 11 + input;
    expect(typedByInput(op, [keep], dtypeOf)).toEqual([keep, type('T', dtype)]);
    expect(typedByInput(op, [type('T', 3), type('Tdim', 3), keep], dtypeOf)).toEqual([
      type('Tdim', 3),
      keep,
      type('T', dtype),
    ]);
  });

  it('is as it was given where the input’s isn’t known, and for other operations', () => {
    const given = [type('T', 3), keep];
    expect(typedByInput('Mean', given, () => undefined)).toBe(given);
    expect(typedByInput('Sum', given, () => 11)).toBe(given);
  });
});
