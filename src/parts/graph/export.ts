import * as tf from '@tensorflow/tfjs-node';
import { node } from '../files';
import { allOrNothing } from './all-or-nothing';
import { ROWS, record, shapeFor, type NamedTensor, type PortableCall } from './export-recording';
import type { GraphBuilder, Signature } from './graph-builder';
import { innermost } from './innermost';
import { idOf, nativeBackend } from './native';
import { useNativeKernels } from './native-kernels';
import { watchLayers } from './watched-layers';
import { openLength, type Recording } from './open-length';
import { checkResult, type Result } from './structure';
import { TraceError } from './trace-error';

/** One argument of what is exported. */
export interface ExportInput {
  /** Its lengths. The first one may be null: a batch of any number of rows, the same for all inputs that have one. */
  readonly shape: readonly (number | null)[];
  /** Its type (default float32). */
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

/** What a function is exported with; a model knows its inputs itself. */
export interface ExportOptions {
  /** The function's arguments in their order, by the names that other programs call them. */
  readonly inputs: Readonly<Record<string, ExportInput>>;
}

/** A function of tensors, or a compiled one. */
type Exported = (...args: never[]) => Result;

/**
 * Writes a model's predictions, or a function of tensors, as a SavedModel of TensorFlow, with its weights: Python's
 * TensorFlow, TensorFlow Serving and the converter to TensorFlow Lite read it.
 * The batch may have any number of rows; all other lengths must be known. The graph consists of TensorFlow's own
 * operations alone. It is run once before it is handed over.
 *
 * Outputs of a model are called as its layers, and `_1`, `_2` … is added where a layer has several. Those of a function
 * are called by the keys of what it returns, `output` for a single tensor, `output_0` … for a list.
 *
 * @param source a model that is built, as after `tf.sequential` with an input shape, compiled or not; or a function,
 *   with `options.inputs`.
 * @param folder made by this call; must not exist, or be empty.
 * @throws {Error} where the folder has something in it, a length besides the batch is open, the source reads values or
 *   assigns variables, or the graph would fail when it runs.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { rmSync } from 'node:fs';
 * import { exportSavedModel } from 'layerwise/graph';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
 * // in Python: tf.saved_model.load('example-model').signatures['serving_default']
 * exportSavedModel(model, 'example-model');
 * rmSync('example-model', { recursive: true });
 * const area = (width: tf.Tensor, height: tf.Tensor) => ({ area: width.mul(height) });
 * exportSavedModel(area, 'example-area', { inputs: { width: { shape: [null] }, height: { shape: [null] } } });
 * rmSync('example-area', { recursive: true });
 */
export function exportSavedModel(source: tf.LayersModel, folder: string): void;
export function exportSavedModel(source: Exported, folder: string, options: ExportOptions): void;
export function exportSavedModel(source: tf.LayersModel | Exported, folder: string, options?: ExportOptions): void {
  const { existsSync, readdirSync } = node('fs');
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`exportSavedModel: expected a new or empty folder, got ${folder}, which has files in it`);
  const call = typeof source === 'function' ? callOfFunction(source, options) : callOfModel(source);
  for (const [name, { shape }] of Object.entries(call.inputs)) {
    const open = shape.slice(1).indexOf(null);
    if (open >= 0)
      throw new Error(
        `exportSavedModel: expected known lengths except for the batch, got [${shape.map((length) => length ?? '?')}] as the shape of the input ${name}; give the model an inputShape or inputLength`,
      );
  }
  useNativeKernels();
  watchLayers();
  const recordings = allOrNothing(() => [record(call, ROWS[0]), record(call, ROWS[1])] as const);
  const [{ inputs, outputs }] = recordings;
  const batch = Object.values(call.inputs).findIndex(({ shape }) => shape[0] === null);
  const builder = batch < 0 ? recordings[0].builder : openBatch(recordings, inputs[batch].node);
  const open = outputs.map((output, i) => ({
    ...output,
    shape: output.shape.map((length, axis) => (length === recordings[1].outputs[i].shape[axis] ? length : -1)),
  }));
  writeWhole(folder, builder.savedModel(inputs, open), (aside) => checkRuns(aside, call, inputs, open));
}

function openBatch(recordings: readonly [Recording, Recording], input: string): GraphBuilder {
  try {
    return openLength(recordings, { input, axis: 0 }).builder;
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    throw new TraceError(`exportSavedModel: the batch size can't stay open: ${error.message}`, { cause: error });
  }
}

function callOfModel(model: tf.LayersModel): PortableCall {
  if (model instanceof tf.Sequential && innermost(model) === model) model.build();
  const { inputNames, outputNames } = innermost(model);
  const names = distinct(outputNames);
  return {
    inputs: Object.fromEntries(model.inputs.map(({ shape, dtype }, i) => [inputNames[i], { shape, dtype }])),
    run: (given) =>
      [model.apply(given.length === 1 ? given[0] : [...given], { training: false })].flat().map((made, i) => {
        if (!(made instanceof tf.Tensor)) throw new Error('exportSavedModel: expected the model to make tensors');
        return { name: names[i], tensor: made };
      }),
  };
}

/** Names, with `_1`, `_2` … where one comes again: one layer may have several outputs. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let now = name;
    for (let k = 1; taken.has(now); k++) now = `${name}_${k}`;
    taken.add(now);
    return now;
  });
}

function callOfFunction(fn: Exported, options: ExportOptions | undefined): PortableCall {
  if (!options || Object.keys(options.inputs).length === 0)
    throw new TypeError(
      'exportSavedModel: expected the inputs of the function by name, such as { inputs: { x: { shape: [null, 3] } } }',
    );
  return {
    inputs: options.inputs,
    run: (given) => {
      const made: unknown = Reflect.apply(fn, undefined, given);
      checkResult(made);
      return named(made);
    },
  };
}

function named(made: Result): NamedTensor[] {
  if (made instanceof tf.Tensor) return [{ name: 'output', tensor: made }];
  if (!made)
    throw new TypeError('exportSavedModel: expected a function that returns tensors, got one that returns nothing');
  const prefix = Array.isArray(made) ? 'output_' : '';
  return Object.entries(made).map(([key, tensor]: [string, Result]) => {
    if (!(tensor instanceof tf.Tensor))
      throw new TypeError(`exportSavedModel: expected a tensor as the output ${prefix}${key}, got a structure in it`);
    return { name: `${prefix}${key}`, tensor };
  });
}

/** Loads what was written and runs it with one row and with several: what would fail later fails now. */
function checkRuns(
  folder: string,
  call: PortableCall,
  inputs: readonly Signature[],
  outputs: readonly Signature[],
): void {
  const { binding } = nativeBackend();
  const names = (list: readonly Signature[]): string => list.map(({ node: name }) => `${name}:0`).join(',');
  for (const rows of [1, 3]) {
    const given = Object.values(call.inputs).map(({ shape, dtype }) => tf.zeros(shapeFor(shape, rows), dtype));
    try {
      const graph = binding.loadSavedModel(folder, 'serve');
      try {
        const made = binding.runSavedModel(graph, given.map(idOf), names(inputs), names(outputs));
        for (const { id } of made) binding.deleteTensor(id);
        made.forEach(({ shape }, i) => {
          const { name, shape: expected } = outputs[i];
          if (
            shape.length !== expected.length ||
            expected.some((length, axis) => length >= 0 && length !== shape[axis])
          )
            throw new Error(`the output ${name} has the shape [${shape}], expected [${expected}]`);
        });
      } finally {
        binding.deleteSavedModel(graph);
      }
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
      throw new Error(`exportSavedModel: the graph would fail when it runs with a batch of ${rows}: ${why}`, {
        cause: error,
      });
    } finally {
      tf.dispose(given);
    }
  }
}

function writeWhole(folder: string, bytes: Uint8Array, check: (folder: string) => void): void {
  const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = node('fs');
  const path = node('path');
  mkdirSync(path.dirname(path.resolve(folder)), { recursive: true });
  // Written aside and renamed: who sees the folder sees all of it.
  const aside = mkdtempSync(`${path.resolve(folder)}.`);
  try {
    writeFileSync(path.join(aside, 'saved_model.pb'), bytes);
    check(aside);
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
