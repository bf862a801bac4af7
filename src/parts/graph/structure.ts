import * as tf from '@tensorflow/tfjs-node';

/** A tensor, or arrays and records of such. */
export type Structure = tf.Tensor | readonly Structure[] | { readonly [name: string]: Structure };

/** All tensors in it, from left to right; records in the order of their keys. */
export function tensorsOf(structure: Structure): tf.Tensor[] {
  if (structure instanceof tf.Tensor) return [structure];
  return childrenOf(structure).flatMap(([, child]) => tensorsOf(child));
}

/** What is fed for arguments: their tensors without variables, which a graph reads and writes by themselves. */
export const fedOf = (structure: Structure): tf.Tensor[] =>
  tensorsOf(structure).filter((tensor) => !(tensor instanceof tf.Variable));

/** What the graph depends on: form, types and shapes, and which variables there are, as text. */
export function signatureOf(structure: Structure): string {
  if (structure instanceof tf.Variable) return `variable ${structure.id}`;
  if (structure instanceof tf.Tensor) return `${structure.dtype}[${structure.shape.join(',')}]`;
  return `${Array.isArray(structure) ? 'array' : 'record'}(${childrenOf(structure)
    .map(([key, child]) => `${key}:${signatureOf(child)}`)
    .join(';')})`;
}

/** The same form with other tensors, taken from the list in the order of {@link tensorsOf}. */
export function rebuild(structure: Structure, tensors: tf.Tensor[]): Structure {
  if (structure instanceof tf.Tensor) {
    const next = tensors.shift();
    if (!next) throw new RangeError('rebuild: expected as many tensors as the structure has');
    return next;
  }
  const children = childrenOf(structure).map(([key, child]): [string, Structure] => [key, rebuild(child, tensors)]);
  return Array.isArray(structure) ? children.map(([, child]) => child) : Object.fromEntries(children);
}

/** Fails with its place where something is no tensor, array or record. */
export function checkStructure(value: unknown, place: string): asserts value is Structure {
  if (value instanceof tf.Tensor) return;
  const isRecord =
    typeof value === 'object' &&
    value !== null &&
    (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);
  if (!isRecord)
    throw new TypeError(
      `compile: expected tensors, or arrays and records of them, got ${value === null ? 'null' : typeof value} as ${place}; close over numbers and options instead of passing them`,
    );
  for (const [key, child] of Object.entries(value)) checkStructure(child, `${place}.${key}`);
}

/** Calls a function and frees all tensors that it made but doesn't return. */
export function tidied(work: () => unknown): Structure {
  const results: Structure[] = [];
  tf.tidy(() => {
    const result = work();
    checkStructure(result, 'the result');
    results.push(result);
    return tensorsOf(result);
  });
  return results[0];
}

const childrenOf = (structure: Exclude<Structure, tf.Tensor>): [string, Structure][] => Object.entries(structure);
