import type { TFJSBinding } from './native';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

/** Type and shape of a tensor that we know by number alone, from an op that hands it on. */
export function describe(native: TFJSBinding, id: number): { dtype: number; shape: number[] } {
  const dtypes = [
    native.TF_FLOAT,
    native.TF_INT32,
    native.TF_BOOL,
    native.TF_STRING,
    native.TF_INT64,
    native.TF_COMPLEX64,
  ];
  for (const dtype of dtypes) {
    try {
      const [copy] = native.executeOp('Identity', [{ name: 'T', type: native.TF_ATTR_TYPE, value: dtype }], [id], 1);
      native.deleteTensor(copy.id);
      return { dtype: copy.dtype, shape: copy.shape };
    } catch {
      continue;
    }
  }
  throw new TraceError(
    `compile: a tensor from outside the function has a type that graphs don't know (${whereCalled()})`,
  );
}
