import * as tf from '@tensorflow/tfjs-node';
import type { Structure } from './structure';

/**
 * The tensors of a structure, in the order of another one of the same form, whatever the order of the keys.
 *
 * @returns undefined where forms, shapes or types differ.
 */
export function inOrderOf(form: Structure, made: unknown): tf.Tensor[] | undefined {
  if (form instanceof tf.Tensor || made instanceof tf.Tensor)
    return made instanceof tf.Tensor && formOf(form) === formOf(made) ? [made] : undefined;
  if (!isParts(made) || Array.isArray(form) !== Array.isArray(made)) return undefined;
  const names = Object.keys(form);
  if (names.length !== Object.keys(made).length) return undefined;
  const parts = Object.entries(form).map(([name, part]: [string, Structure]) => inOrderOf(part, made[name]));
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? known.flat() : undefined;
}

/** Form, types and shapes in words, such as `{h: float32 [2,3], t: int32 []}`. */
export function formOf(value: unknown): string {
  if (value instanceof tf.Tensor) return `${value.dtype} [${value.shape}]`;
  if (Array.isArray(value)) return `[${value.map(formOf).join(', ')}]`;
  if (!isParts(value)) return value === null ? 'null' : typeof value;
  const parts = Object.entries(value).map(([name, part]) => `${name}: ${formOf(part)}`);
  return `{${parts.join(', ')}}`;
}

const isParts = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
