import type { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import { tensorLine, isTensor } from '../../parts/display/tensor';

// How Node prints values: in results, by `console.log`, and inside other values.

/** Has `util.inspect` call a method for all instances of a class. */
function inspectBy(prototype: object, method: (this: unknown) => unknown): void {
  Object.defineProperty(prototype, inspect.custom, {
    value: method,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}

/**
 * Until Node 24 an AsyncLocalStorage marks each promise and timer with properties, which would be printed: the kernel's
 * own are not.
 * Promises then look as they do without it.
 */
export function hideMarks(cells: AsyncLocalStorage<unknown>): void {
  const marks = cells.run({}, () => Object.getOwnPropertySymbols(Promise.resolve()));
  if (marks.length === 0) return;
  const hide = function (this: unknown): unknown {
    for (const mark of marks)
      if (Object.prototype.propertyIsEnumerable.call(this, mark))
        Reflect.defineProperty(Object(this) as object, mark, { enumerable: false });
    return this;
  };
  const timer = setTimeout(() => undefined);
  clearTimeout(timer);
  const immediate = setImmediate(() => undefined);
  clearImmediate(immediate);
  for (const value of [Promise.resolve(), timer, immediate]) inspectBy(Object.getPrototypeOf(value) as object, hide);
}

const TENSORFLOW = '@tensorflow/tfjs-node';

/** Tensors among other values are printed with shape and values, not as the objects that they are. */
export class TensorInspection {
  private file: string | undefined;

  /** @param require how cells find TensorFlow. */
  constructor(private readonly require: NodeJS.Require) {}

  /** Looks whether TensorFlow has been loaded meanwhile, by whomever. */
  afterLoading(): void {
    if (this.file === '') return;
    this.file ??= this.resolve();
    const loaded: unknown = this.require.cache[this.file]?.exports;
    const tensor: unknown = typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, 'Tensor') : undefined;
    const prototype: unknown = typeof tensor === 'function' ? tensor.prototype : undefined;
    if (typeof prototype !== 'object' || prototype === null) return;
    this.file = '';
    inspectBy(prototype, function () {
      return isTensor(this) ? lineOf(this) : this;
    });
  }

  private resolve(): string {
    try {
      return this.require.resolve(TENSORFLOW);
    } catch {
      return '';
    }
  }
}

function lineOf(tensor: Parameters<typeof tensorLine>[0]): string {
  try {
    return tensorLine(tensor);
  } catch {
    // Where a function is traced into a graph, a tensor has no values yet.
    return `<Tensor ${tensor.dtype}, shape [${tensor.shape.join(', ')}]>`;
  }
}
