import { freeNow, installDoor, type Door } from './native-door';
import type { TFJSBinding } from './native';
import { whereCalled } from './where-called';

/** A door that fails where an operation makes NaN. */
export function checkingDoor(): Door {
  const native = installDoor();
  return {
    createTensor: (shape, dtype, values) => native.createTensor(shape, dtype, values),
    deleteTensor: (id) => freeNow(native, id),
    tensorDataSync: (id) => native.tensorDataSync(id),
    executeOp(op, attributes, inputs, outputs) {
      const made = native.executeOp(op, attributes, inputs, outputs);
      const wrong = made.find(({ id, dtype }) => dtype === native.TF_FLOAT && kindOf(native, id) === 'NaN');
      if (!wrong) return made;
      const given = inputs.map((id) => kindOf(native, id));
      for (const { id } of made) native.deleteTensor(id);
      const why = ['NaN', 'infinite'].find((kind) => given.includes(kind)) ?? 'finite';
      throw new RangeError(
        `checkNumerics: ${op} made NaN of ${why === 'NaN' ? 'NaN that it was given' : `${why} numbers`}: shape [${wrong.shape}], ${whereCalled()}`,
      );
    },
  };
}

/** The worst that a tensor holds: NaN, infinite or finite numbers. */
function kindOf(native: TFJSBinding, id: number): string {
  const values: unknown = native.tensorDataSync(id);
  if (!(values instanceof Float32Array)) return 'finite';
  if (values.some(Number.isNaN)) return 'NaN';
  return values.every(Number.isFinite) ? 'finite' : 'infinite';
}
