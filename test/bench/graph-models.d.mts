import type * as tf from '@tensorflow/tfjs-node';

export interface TransformerSizes {
  readonly blocks: number;
  readonly width: number;
  readonly length: number;
  readonly batch: number;
}

export interface Row {
  readonly batch: number;
  readonly shape: readonly number[];
  readonly tokens?: number;
  /** Undefined: the row is of prediction alone. */
  readonly targets?: number;
  readonly optimizer?: () => tf.Optimizer;
  readonly model: () => tf.LayersModel;
  readonly transformer: TransformerSizes;
}

export const rows: Readonly<Record<string, Row>>;
export function transformer(
  sizes: TransformerSizes,
  weight: (shape: readonly number[], isGain?: boolean) => tf.Variable,
): { readonly loss: (ids: tf.Tensor, labels: tf.Tensor) => tf.Scalar; readonly vocabulary: number };
