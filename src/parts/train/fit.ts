import * as tf from '@tensorflow/tfjs-node';
import { accelerate } from '../graph';
import { liveCurve, type LiveCurveOptions } from '../plot';
import { metricName } from './evaluate';

/** A curve that grows while the model trains. */
export interface CurveOptions extends Omit<LiveCurveOptions, 'series' | 'xLabel'> {
  /** Each line's name in the legend, and the measure that it shows: `{ training: 'loss', test: 'val_loss' }`. */
  readonly series: Readonly<Record<string, string>>;
}

export interface FitOptions extends Pick<tf.ModelFitArgs, 'callbacks' | 'shuffle' | 'classWeight'> {
  readonly epochs: number;
  /** Examples a step (default 32). */
  readonly batchSize?: number;
  /** Examples on which it is measured after each epoch. */
  readonly validation?: { readonly x: tf.Tensor; readonly y: tf.Tensor };
  /** Measures it on this last part of the examples instead, and trains on the others. */
  readonly validationSplit?: number;
  /** Shows a live curve. */
  readonly curve?: CurveOptions;
  /** Told after each epoch, counted from 1, with its measures. */
  readonly onEpoch?: (epoch: number, measures: Readonly<Record<string, number>>) => void;
  /** Trains by TensorFlow graphs (default), where its native library computes; false: operation by operation. */
  readonly graph?: boolean;
  /** Told once where the model can't train as a graph and goes on without (default: a warning on the console). */
  readonly onNotice?: (text: string) => void;
}

/** Each measure after each epoch: `loss`, `accuracy`, `val_loss`, `val_accuracy`. */
export type History = Readonly<Record<string, readonly number[]>> & { readonly loss: readonly number[] };

/**
 * Trains a compiled model as `model.fit` does, but through TensorFlow graphs (`accelerate` of layerwise/graph), with a
 * live curve where one is wanted, and gives plain numbers. The model's own functions come back afterwards.
 *
 * @throws Error where the model isn't compiled; RangeError where epochs or batch size are no whole numbers of at least
 *   1, or the curve asks for a measure that the model doesn't have.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { fit } from 'layerwise/train';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
 * const [x, y] = [tf.tensor2d([0, 1, 2, 3], [4, 1]), tf.tensor2d([1, 3, 5, 7], [4, 1])];
 * const { loss } = await fit(model, x, y, { epochs: 20, batchSize: 4 });
 * console.log(loss.length); // 20
 */
export async function fit(
  model: tf.LayersModel,
  x: tf.Tensor | tf.Tensor[],
  y: tf.Tensor | tf.Tensor[],
  options: FitOptions,
): Promise<History> {
  const {
    epochs,
    batchSize = 32,
    validation,
    validationSplit,
    curve,
    onEpoch,
    callbacks,
    shuffle,
    classWeight,
  } = options;
  for (const [name, value] of Object.entries({ epochs, batchSize }))
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`fit: expected a whole number of at least 1 as ${name}, got ${value}`);
  const line = curve && curveOf(curve);
  const history: Record<string, number[]> = {};
  const after = new tf.CustomCallback({
    onEpochEnd: (epoch, logs = {}) => {
      const measures = Object.fromEntries(Object.entries(logs).map(([name, value]) => [metricName(name), value]));
      for (const [name, value] of Object.entries(measures)) (history[name] ??= []).push(value);
      line?.add(epoch + 1, measures);
      onEpoch?.(epoch + 1, measures);
    },
  });
  const byGraphs = options.graph !== false && tf.getBackend() === 'tensorflow';
  const graphs = byGraphs ? accelerate(model, { onNotice: options.onNotice }) : undefined;
  try {
    await model.fit(x, y, {
      epochs,
      batchSize,
      verbose: 0,
      ...(validation && { validationData: [validation.x, validation.y] }),
      ...(validationSplit !== undefined && { validationSplit }),
      ...(shuffle !== undefined && { shuffle }),
      ...(classWeight && { classWeight }),
      callbacks: [after, ...callbackList(callbacks)],
    });
  } finally {
    graphs?.dispose();
  }
  line?.done();
  return { ...history, loss: history.loss ?? [] };
}

type Callback = Extract<NonNullable<FitOptions['callbacks']>, readonly { setModel: unknown }[]>[number];

function callbackList(given: FitOptions['callbacks']): Callback[] {
  const list = given === undefined ? [] : [given].flat();
  return list.map((item) => ('setModel' in item ? item : new tf.CustomCallback(item)));
}

function curveOf({ series, ...options }: CurveOptions): {
  add: (epoch: number, measures: Readonly<Record<string, number>>) => void;
  done: () => void;
} {
  const curve = liveCurve({ ...options, xLabel: 'epoch', series: Object.keys(series) });
  return {
    add(epoch, measures) {
      const values = Object.entries(series).map(([name, measure]): [string, number] => {
        if (measures[measure] === undefined)
          throw new RangeError(
            `fit: the curve "${name}" shows ${measure}, but this model measures ${Object.keys(measures).join(', ')}`,
          );
        return [name, measures[measure]];
      });
      curve.add(epoch, Object.fromEntries(values));
    },
    done: () => curve.done(),
  };
}
