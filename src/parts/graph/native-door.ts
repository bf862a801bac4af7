import { bindingWith } from '../tensorflow/private-members';
import { nativeBackend, type TFJSBinding } from './native';

// The one door between tfjs-node and TensorFlow: all that is computed passes it.

/** What stands in the door. */
export type Door = Pick<TFJSBinding, 'createTensor' | 'deleteTensor' | 'executeOp' | 'tensorDataSync'>;

let installed: { readonly native: TFJSBinding; readonly proxy: TFJSBinding } | undefined;
let door: Door | undefined;
const disposalListeners = new Set<(id: number) => void>();

/** Calls back with the native number of each tensor that is freed. Returns how to stop. */
export function onDisposal(listener: (id: number) => void): () => void {
  installDoor();
  disposalListeners.add(listener);
  return () => disposalListeners.delete(listener);
}

/** Lets another pass in place of the native library; undefined: the library itself again. Returns who passed before. */
export function passThrough(other: Door | undefined): Door | undefined {
  const before = door;
  door = other;
  return before;
}

/** Frees a tensor of the native library, and says so. */
export function freeNow(native: TFJSBinding, id: number): void {
  for (const listener of disposalListeners) listener(id);
  native.deleteTensor(id);
}

/** Puts a proxy of our own before the native library, once. Returns the library itself. */
export function installDoor(): TFJSBinding {
  const backend = nativeBackend();
  if (installed && backend.binding === installed.proxy) return installed.native;
  const native = backend.binding;
  const proxy = bindingWith(native, {
    createTensor: (shape, dtype, values) => (door ?? native).createTensor(shape, dtype, values),
    deleteTensor: (id) => (door ? door.deleteTensor(id) : freeNow(native, id)),
    executeOp: (op, attributes, inputs, outputs) => (door ?? native).executeOp(op, attributes, inputs, outputs),
    tensorDataSync: (id) => (door ?? native).tensorDataSync(id),
  });
  backend.binding = proxy;
  installed = { native, proxy };
  return native;
}
