import * as tf from '@tensorflow/tfjs-node';
import { node } from '../files';
import { openBatch, type Recording } from './dynamic-batch';
import type { Signature } from './graph-builder';
import { innermost } from './innermost';
import { idOf, nativeBackend } from './native';
import { useNativeKernels } from './native-kernels';
import { Recorder } from './recorder';

/** Numbers of rows of the two recordings: primes that no shape has by chance. */
const ROWS = [37, 41] as const;

/**
 * Writes a model's predictions as a SavedModel of TensorFlow, with its weights: Python's TensorFlow, TensorFlow Serving
 * and the converter to TensorFlow Lite read it.
 * The batch may have any number of rows; all other lengths must be known. The graph consists of TensorFlow's own
 * operations alone.
 *
 * @param model built, as after `tf.sequential` with an input shape; compiled or not.
 * @param folder made by this call; must not exist, or be empty.
 * @throws {Error} where the folder has something in it, a length besides the batch is open, or the model reads values
 *   while it predicts.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { rmSync } from 'node:fs';
 * import { exportSavedModel } from 'layerwise/graph';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
 // in Python: tf.saved_model.load('example-model').signatures['serving_default']
 * exportSavedModel(model, 'example-model');
 * rmSync('example-model', { recursive: true });
 */
export function exportSavedModel(model: tf.LayersModel, folder: string): void {
  const { existsSync, readdirSync } = node('fs');
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`exportSavedModel: expected a new or empty folder, got ${folder}, which has files in it`);
  for (const { name, shape } of model.inputs) {
    const open = shape.slice(1).indexOf(null);
    if (open >= 0)
      throw new Error(
        `exportSavedModel: expected known lengths except for the batch, got [${shape.map((length) => length ?? '?')}] as the shape of the input ${name}; give the model an inputShape or inputLength`,
      );
  }
  useNativeKernels();
  if (model instanceof tf.Sequential && innermost(model) === model) model.build();
  const recordings = [record(model, ROWS[0]), record(model, ROWS[1])] as const;
  const [{ inputs, outputs }] = recordings;
  const bytes = openBatch(recordings, inputs[0].node).savedModel(inputs, outputs);
  writeWhole(folder, bytes);
}

function writeWhole(folder: string, bytes: Uint8Array): void {
  const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = node('fs');
  const path = node('path');
  mkdirSync(path.dirname(path.resolve(folder)), { recursive: true });
  // Written aside and renamed: who sees the folder sees all of it.
  const aside = mkdtempSync(`${path.resolve(folder)}.`);
  try {
    writeFileSync(path.join(aside, 'saved_model.pb'), bytes);
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

interface ModelRecording extends Recording {
  readonly inputs: readonly Signature[];
  readonly outputs: readonly Signature[];
}

function record(model: tf.LayersModel, rows: number): ModelRecording {
  const backend = nativeBackend();
  const { inputNames, outputNames } = innermost(model);
  const fed = model.inputs.map(({ shape, dtype }) => tf.zeros([rows, ...shape.slice(1).map(Number)], dtype));
  const inputs: Signature[] = [];
  // Uploaded first: what is created while we record has another place in each recording.
  for (const weight of model.weights) idOf(weight.read());
  try {
    return Recorder.run(
      (recorder) => {
        fed.forEach((tensor, i) => {
          const dtype = backend.getDTypeInteger(tensor.dtype);
          const node = recorder.input(idOf(tensor), dtype, [-1, ...tensor.shape.slice(1)]);
          inputs.push({ name: inputNames[i], node, dtype, shape: [-1, ...tensor.shape.slice(1)] });
        });
      },
      (recorder) => {
        const outputs: Signature[] = [];
        tf.tidy(() => {
          [model.apply(fed.length === 1 ? fed[0] : fed, { training: false })].flat().forEach((made, i) => {
            if (!(made instanceof tf.Tensor)) throw new Error('exportSavedModel: expected the model to make tensors');
            const dtype = backend.getDTypeInteger(made.dtype);
            outputs.push({
              name: outputNames[i],
              node: recorder.builder.identity(dtype, recorder.nameOf(idOf(made)), made.shape),
              dtype,
              shape: [-1, ...made.shape.slice(1)],
            });
          });
        });
        return { builder: recorder.builder, rows, inputs, outputs };
      },
      { isPortable: true },
    );
  } finally {
    tf.dispose(fed);
  }
}
