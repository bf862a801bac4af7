import * as tf from '@tensorflow/tfjs-node';
import type { ImageSet, TabularSet } from '../data';

export interface ImageTensorOptions {
  /** Makes a row of pixels of each image, for dense layers (default false: `[height, width, channels]`). */
  readonly flat?: boolean;
  /** The pixel value that becomes 1 (default 255; digits of scikit-learn: 16). */
  readonly largest?: number;
}

/** What a set of examples becomes: the caller frees both. */
interface Tensors<X extends tf.Tensor> {
  readonly x: X;
  /** Class of each example, or the number to predict: `[count]`, float32, as the sparse losses take it. */
  readonly y: tf.Tensor1D;
}

/**
 * A set of images as float32 tensors: pixels from 0 to 1, `[count, height, width, channels]` or, flat, `[count, height ·
 * width · channels]`, and labels `[count]`.
 *
 * @throws RangeError where `largest` is no positive number.
 * @example
 * import { loadDigits } from 'layerwise/data';
 * import { imageTensors } from 'layerwise/train';
 * const { x, y } = imageTensors(loadDigits(), { flat: true, largest: 16 }); // [1797, 64], [1797]
 * x.dispose();
 * y.dispose();
 */
export function imageTensors(
  set: ImageSet,
  options: ImageTensorOptions & { readonly flat: true },
): Tensors<tf.Tensor2D>;
export function imageTensors(
  set: ImageSet,
  options?: ImageTensorOptions & { readonly flat?: false },
): Tensors<tf.Tensor4D>;
export function imageTensors(
  { images, labels, count, height, width, channels }: ImageSet,
  { flat = false, largest = 255 }: ImageTensorOptions = {},
): Tensors<tf.Tensor2D | tf.Tensor4D> {
  if (!(largest > 0 && Number.isFinite(largest)))
    throw new RangeError(`imageTensors: expected a positive number as largest, got ${largest}`);
  const values = new Float32Array(images.length);
  for (let i = 0; i < values.length; i++) values[i] = images[i] / largest;
  return {
    x: flat
      ? tf.tensor2d(values, [count, height * width * channels])
      : tf.tensor4d(values, [count, height, width, channels]),
    y: tf.tensor1d(Float32Array.from(labels)),
  };
}

/**
 * Rows of numbers and their targets as float32 tensors, `[count, features]` and `[count]`.
 *
 * @throws RangeError where there are no rows, rows of different lengths, or not a target for each; TypeError where a
 *   number isn't finite.
 * @example
 * import { loadIris } from 'layerwise/data';
 * import { tableTensors } from 'layerwise/train';
 * const { x, y } = tableTensors(loadIris()); // [150, 4], [150]
 * x.dispose();
 * y.dispose();
 */
export function tableTensors({ x, y }: Pick<TabularSet, 'x' | 'y'>): Tensors<tf.Tensor2D> {
  const features = x[0]?.length ?? 0;
  if (x.length === 0 || features === 0) throw new RangeError('tableTensors: expected rows of numbers, got none');
  if (x.length !== y.length)
    throw new RangeError(`tableTensors: expected a target for each row, got ${x.length} rows and ${y.length} targets`);
  const values = new Float32Array(x.length * features);
  x.forEach((row, i) => {
    if (row.length !== features)
      throw new RangeError(
        `tableTensors: expected rows of one length, got ${features} in row 0 and ${row.length} in row ${i}`,
      );
    values.set(row, i * features);
  });
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new TypeError(
      `tableTensors: expected finite numbers, got ${values[bad]} in row ${Math.floor(bad / features)}, column ${bad % features}; remove the row or fill the gap first`,
    );
  return { x: tf.tensor2d(values, [x.length, features]), y: tf.tensor1d(Float32Array.from(y)) };
}
