import type * as tfjs from '@tensorflow/tfjs-node';

/** A method can be replaced for one object, but no longer for all of its class. */
function lockMethod(owner: object, name: string, { value, enumerable }: PropertyDescriptor): void {
  Object.defineProperty(owner, name, {
    get: () => value as unknown,
    set(this: object, next: unknown) {
      if (this !== owner)
        Object.defineProperty(this, name, { value: next, writable: true, enumerable: true, configurable: true });
    },
    enumerable,
    configurable: false,
  });
}

function lockMethods(prototype: object): void {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
    if (descriptor.configurable && typeof descriptor.value === 'function') lockMethod(prototype, name, descriptor);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What makes, reads, counts and frees tensors. */
function lockTensorFlow(tf: typeof tfjs): void {
  const prototypes: readonly unknown[] = [
    tf.Tensor.prototype,
    tf.Variable.prototype,
    Object.getPrototypeOf(tf.engine()),
    Object.getPrototypeOf(tf.backend()),
  ];
  for (const prototype of prototypes) if (isObject(prototype)) lockMethods(prototype);
}

const isTensorFlow = (loaded: object): loaded is typeof tfjs =>
  'engine' in loaded && 'backend' in loaded && 'Tensor' in loaded && 'Variable' in loaded;

/** Keeps the classes of a package as they are: a test that uses one shall meet its own methods, not a submission's. */
export function protect(loaded: object): void {
  if (isTensorFlow(loaded)) return lockTensorFlow(loaded);
  for (const exported of Object.values<unknown>({ ...loaded })) {
    const prototype: unknown = typeof exported === 'function' ? exported.prototype : undefined;
    if (isObject(prototype)) Object.freeze(prototype);
  }
}

/** Keeps what modules of a folder give to each other as it is. */
export function freezeModules(cache: NodeJS.Dict<NodeJS.Module>, folder: string): void {
  for (const [file, module] of Object.entries(cache))
    if (file.startsWith(folder) && isObject(module?.exports)) Object.freeze(module.exports);
}
