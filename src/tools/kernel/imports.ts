import { types } from 'node:util';

/** How a variable of a cell finds its value. */
type Slot =
  { readonly value: unknown; readonly writable: true } | { readonly get: () => unknown; readonly set: undefined };

/**
 * What `import` in cells does, by means of `require`, as TypeScript compiles it for CommonJS with `esModuleInterop`.
 */
export function moduleImports(
  require: NodeJS.Require,
  define: (name: string, slot: Slot) => void,
): {
  bind: (from: string, bindings: readonly (readonly [string, string])[]) => void;
  later: (from: unknown) => Promise<unknown>;
} {
  const load = (from: string): unknown => require(from);
  return {
    /** Loads a module and binds names of the cell to what it exports: `default`, `*` for all of it, or a name. */
    bind: (from, bindings) => {
      const loaded = load(from);
      for (const [own, name] of bindings) {
        if (name === '*') define(own, { value: namespaceOf(loaded), writable: true });
        else
          define(
            own,
            slotFor(
              name === 'default' && !isEsModule(loaded)
                ? () => loaded
                : (): unknown => Reflect.get(Object(loaded), name),
            ),
          );
      }
    },
    later: async (from) => namespaceOf(await Promise.resolve(String(from)).then(load)),
  };
}

/**
 * A plain value may be a counter that its module changes, so it is asked for each time, which is slow; functions and
 * objects are kept.
 */
function slotFor(get: () => unknown): Slot {
  const value = get();
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
    ? { value, writable: true }
    : { get, set: undefined };
}

const isEsModule = (loaded: unknown): boolean =>
  types.isModuleNamespaceObject(loaded) ||
  (typeof loaded === 'object' && loaded !== null && Reflect.get(loaded, '__esModule') === true);

const namespaces = new WeakMap<object, object>();

/** A CommonJS module as `import * as` sees it: its properties, and all of it as `default`. */
function namespaceOf(loaded: unknown): unknown {
  if (isEsModule(loaded) || loaded === null || (typeof loaded !== 'object' && typeof loaded !== 'function'))
    return loaded;
  const known = namespaces.get(loaded);
  if (known) return known;
  const made: object = {};
  for (const name of Object.getOwnPropertyNames(loaded))
    if (name !== 'default')
      Object.defineProperty(made, name, { enumerable: true, get: (): unknown => Reflect.get(loaded, name) });
  Object.defineProperty(made, 'default', { enumerable: true, value: loaded });
  namespaces.set(loaded, made);
  return made;
}
