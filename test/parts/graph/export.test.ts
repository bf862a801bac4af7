import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import proto from '@tensorflow/tfjs-node/dist/proto/api_pb.js';
import { afterAll, describe, expect, it } from 'vitest';
import { attention, compile, exportSavedModel, randomNormal, randomUniform } from '../../../src/parts/graph';
import { nativeOp } from '../../../src/parts/graph/native';
import { Recorder } from '../../../src/parts/graph/recorder';
import { disposeAll } from '../../../src/parts/memory';

const { layers } = tf;
const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-export-'));
afterAll(() => rmSync(folder, { recursive: true }));
const small = (): tf.LayersModel =>
  tf.sequential({ layers: [layers.dense({ units: 2, activation: 'relu', inputShape: [3] })] });

// What Python's TensorFlow and TensorFlow Lite make of it is tested by test/parts/graph/exported.mjs.
describe('exportSavedModel', () => {
  it('writes a SavedModel that TensorFlow.js itself can load, for any number of rows', async () => {
    const model = small();
    const target = path.join(folder, 'deep', 'model');
    exportSavedModel(model, target);
    expect(readdirSync(target)).toEqual(['saved_model.pb']);
    const loaded = await tf.node.loadSavedModel(target, ['serve'], 'serving_default');
    for (const rows of [1, 5]) {
      const x = tf.randomNormal([rows, 3]);
      const [ours, theirs] = [model.predict(x), loaded.predict(x)].map((made) =>
        made instanceof tf.Tensor ? Array.from(made.dataSync()) : [],
      );
      expect(theirs).toHaveLength(2 * rows);
      theirs.forEach((value, i) => expect(value).toBeCloseTo(ours[i], 5));
      x.dispose();
    }
    loaded.dispose();
    disposeAll([model]);
  });

  it('takes an empty folder, and refuses one with files, which it leaves alone', () => {
    const model = small();
    const empty = mkdtempSync(path.join(folder, 'empty-'));
    exportSavedModel(model, empty);
    expect(existsSync(path.join(empty, 'saved_model.pb'))).toBe(true);
    const full = mkdtempSync(path.join(folder, 'full-'));
    writeFileSync(path.join(full, 'notes.txt'), 'mine');
    expect(() => exportSavedModel(model, full)).toThrow(
      `exportSavedModel: expected a new or empty folder, got ${full}, which has files in it`,
    );
    expect(readdirSync(full)).toEqual(['notes.txt']);
    expect(readFileSync(path.join(full, 'notes.txt'), 'utf8')).toBe('mine');
    disposeAll([model]);
  });

  it('refuses other open lengths than the batch, and leaves nothing behind', () => {
    const model = tf.sequential({
      layers: [layers.embedding({ inputDim: 5, outputDim: 2, inputShape: [null] }), layers.globalAveragePooling1d({})],
    });
    expect(() => exportSavedModel(model, path.join(folder, 'open'))).toThrow(
      /exportSavedModel: expected known lengths except for the batch, got \[\?,\?\] as the shape of the input embedding_Embedding\d+_input; give the model an inputShape or inputLength/,
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('open'))).toEqual([]);
    disposeAll([model]);
  });

  it('refuses a layer that reads values, by name', () => {
    class Peek extends tf.layers.Layer {
      static className = 'Peek';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const [x] = [inputs].flat();
        return x.mul(x.dataSync()[0]);
      }
    }
    const model = tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [3] }), new Peek({})] });
    expect(() => exportSavedModel(model, path.join(folder, 'peek'))).toThrow(
      /a value was read while the function was traced/,
    );
    disposeAll([model]);
  });

  it('leaves a compiled, trained model as it was, and no tensors', async () => {
    const model = small();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([4, 3]), tf.zeros([4, 2])];
    await model.trainOnBatch(x, y);
    const before = [tf.memory().numTensors, Array.from(model.getWeights()[0].dataSync())];
    exportSavedModel(model, path.join(folder, 'trained'));
    expect([tf.memory().numTensors, Array.from(model.getWeights()[0].dataSync())]).toEqual(before);
    expect(await model.trainOnBatch(x, y)).toBeTypeOf('number');
    disposeAll([model, x, y]);
  });
});

/** What the exported graph makes of tensors by name, as TensorFlow.js reads it back. */
async function runExported(name: string, given: tf.NamedTensorMap): Promise<Record<string, [number[], number[]]>> {
  const loaded = await tf.node.loadSavedModel(path.join(folder, name), ['serve'], 'serving_default');
  const made = loaded.predict(given);
  loaded.dispose();
  if (made instanceof tf.Tensor || Array.isArray(made)) throw new Error('expected outputs by name');
  return Object.fromEntries(
    Object.entries(made).map(([key, tensor]) => [key, [tensor.shape, Array.from(tensor.dataSync())]]),
  );
}

describe('what exportSavedModel takes beside chains of layers', () => {
  it('layers that reshape by the batch, with another open length beside, and a mask from the inputs', async () => {
    class Mix extends tf.layers.Layer {
      static className = 'Mix';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const [x] = [inputs].flat();
        const [batch, length, width] = x.shape;
        return attention(
          x.as3D(batch, length ?? 1, width ?? 1),
          x.as3D(batch, length ?? 1, width ?? 1),
          x.reshape([batch, -1, 4]),
          { heads: 2, causal: true, mask: x.mean<tf.Tensor2D>(-1).greater(0) },
        );
      }
    }
    const model = tf.sequential({ layers: [layers.dense({ units: 4, inputShape: [3, 4] }), new Mix({})] });
    exportSavedModel(model, path.join(folder, 'mix'));
    const x = tf.randomNormal([2, 3, 4]);
    const expected = [model.predict(x)].flat()[0];
    const [[shape, values]] = Object.values(await runExported('mix', { [model.inputNames[0]]: x }));
    expect(shape).toEqual([2, 3, 4]);
    Array.from(expected.dataSync()).forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
    disposeAll([model, x, expected]);
  });

  it('several outputs of one layer, each under its own name', async () => {
    const input = tf.input({ shape: [3, 2] });
    const outputs = layers.lstm({ units: 4, returnState: true, returnSequences: true, name: 'encoder' }).apply(input);
    if (!Array.isArray(outputs) || outputs.some((output) => output instanceof tf.Tensor)) throw new Error('symbols');
    const model = tf.model({
      inputs: input,
      outputs: outputs.flatMap((output) => (output instanceof tf.SymbolicTensor ? [output] : [])),
    });
    exportSavedModel(model, path.join(folder, 'states'));
    const x = tf.randomNormal([2, 3, 2]);
    const made = await runExported('states', { [model.inputNames[0]]: x });
    expect(Object.fromEntries(Object.entries(made).map(([name, [shape]]) => [name, shape]))).toEqual({
      encoder: [2, 3, 4],
      encoder_1: [2, 4],
      encoder_2: [2, 4],
    });
    disposeAll([model, x]);
  });

  it('functions, compiled ones, and models by hand, with names for what goes in and comes out', async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor2d([[1], [10]])));
    const scores = compile((x: tf.Tensor2D, offset: tf.Tensor1D) => ({
      score: x.matMul(w).add(offset.expandDims(1)),
      rows: x.sum(0),
    }));
    exportSavedModel(scores, path.join(folder, 'scores'), {
      inputs: { x: { shape: [null, 2] }, offset: { shape: [null], dtype: 'int32' } },
    });
    const given = {
      x: tf.tensor2d([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      offset: tf.tensor1d([0, 100, 200], 'int32'),
    };
    expect(await runExported('scores', given)).toEqual({
      score: [
        [3, 1],
        [21, 143, 265],
      ],
      rows: [[2], [9, 12]],
    });
    exportSavedModel((x: tf.Tensor) => x.mul(2), path.join(folder, 'fixed'), { inputs: { x: { shape: [2] } } });
    expect(await runExported('fixed', { x: tf.tensor1d([1, 2]) })).toEqual({ output: [[2], [2, 4]] });
    scores.dispose();
    tf.dispose([w, given.x, given.offset]);
  });

  it('functions of lists, under numbers, and what draws anew at each run', async () => {
    const both = (x: tf.Tensor): tf.Tensor[] => [x.mul(2), randomUniform([1000]).add(x.sum().mul(0)), randomNormal([1000], { seed: 3 })]; // prettier-ignore
    exportSavedModel(both, path.join(folder, 'drawing'), { inputs: { x: { shape: [2] } } });
    const loaded = await tf.node.loadSavedModel(path.join(folder, 'drawing'), ['serve'], 'serving_default');
    const x = tf.tensor1d([1, 2]);
    const runs = [0, 1].map(() => {
      const made = loaded.predict({ x });
      if (made instanceof tf.Tensor || Array.isArray(made)) throw new Error('expected outputs by name');
      const values = Object.fromEntries(Object.entries(made).map(([name, tensor]) => [name, Array.from(tensor.dataSync())])); // prettier-ignore
      disposeAll([...Object.values(made)]);
      return values;
    });
    loaded.dispose();
    x.dispose();
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const { output_0: doubled, output_1: uniform, output_2: normal } of runs) {
      expect(doubled).toEqual([2, 4]);
      expect([Math.min(...uniform) >= 0, Math.max(...uniform) < 1]).toEqual([true, true]);
      // Five standard errors.
      expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(5 * 0.0092);
      expect(Math.abs(mean(normal))).toBeLessThan(5 * 0.032);
      expect(Math.abs(mean(normal.map((value) => value ** 2)) - 1)).toBeLessThan(5 * 0.045);
    }
    expect(runs[0].output_1).not.toEqual(runs[1].output_1);
    expect(runs[0].output_2).not.toEqual(runs[1].output_2);
  });

  it('a model’s layers as they predict: none drops anything', async () => {
    const model = tf.sequential({ layers: [layers.dropout({ rate: 0.9, inputShape: [50] }), layers.gaussianNoise({ stddev: 9 })] }); // prettier-ignore
    exportSavedModel(model, path.join(folder, 'still'));
    const x = tf.ones([2, 50]);
    const [[shape, values]] = Object.values(await runExported('still', { [model.inputNames[0]]: x }));
    expect(shape).toEqual([2, 50]);
    expect(values).toEqual(Array(100).fill(1));
    disposeAll([model, x]);
  });

  it.each<[string, (x: tf.Tensor) => unknown, string]>([
    ['nothing', () => undefined, 'expected a function that returns tensors, got one that returns nothing'],
    ['a structure', (x) => ({ a: { b: x } }), 'expected a tensor as the output a, got a structure in it'],
    ['a list in a list', (x) => [x, [x]], 'expected a tensor as the output output_1, got a structure in it'],
  ])('no function that returns %s', (_, fn, words) => {
    const inputs = { x: { shape: [null, 2] } };
    const given: unknown[] = [fn, path.join(folder, 'none'), { inputs }];
    expect(() => Reflect.apply(exportSavedModel as (...args: unknown[]) => unknown, undefined, given)).toThrow(words);
    expect(existsSync(path.join(folder, 'none'))).toBe(false);
  });

  it('but no function that assigns a variable, or has no named inputs', () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1), true, 'counter'));
    const assigning = (x: tf.Tensor): tf.Tensor => {
      w.assign(w.add(1));
      return x.mul(w);
    };
    expect(() => exportSavedModel(assigning, path.join(folder, 'no'), { inputs: { x: { shape: [2] } } })).toThrow(
      'exportSavedModel: the function assigns the variable counter; what is exported keeps its weights',
    );
    expect(w.dataSync()[0]).toBe(1);
    expect(() => exportSavedModel(assigning, path.join(folder, 'no'), { inputs: {} })).toThrow(
      'exportSavedModel: expected the inputs of the function by name',
    );
    w.dispose();
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor, RegExp]>([
    ['that can’t be loaded', (x) => nativeOp('AddV2', [x, x])[0], /would fail when it runs with a batch of 1: .*AddV2/],
    [
      'whose lengths grow with the square of the batch',
      (x) =>
        x
          .matMul(x, false, true)
          .flatten()
          .add(tf.zeros([(x.shape[0] ?? 1) ** 2])),
      /would fail when it runs with a batch of [13]: /,
    ],
  ])('refuses a graph %s, by name, and leaves nothing', (_, fn, message) => {
    expect(() => exportSavedModel(fn, path.join(folder, 'bad'), { inputs: { x: { shape: [null, 2] } } })).toThrow(
      message,
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('bad'))).toEqual([]);
  });
});

/** Names and operations of a SavedModel's nodes. */
function nodesIn(bytes: Uint8Array): unknown[][] {
  const ask = (value: unknown, name: string, ...words: unknown[]): unknown => {
    const method: unknown = Reflect.get(Object(value), name);
    if (typeof method !== 'function') throw new TypeError(`expected a method ${name}`);
    return Reflect.apply(method, value, words);
  };
  const [metaGraph] = [ask(ask(proto.SavedModel, 'deserializeBinary', bytes), 'getMetaGraphsList')].flat();
  const nodes = [ask(ask(metaGraph, 'getGraphDef'), 'getNodeList')].flat();
  return nodes.map((node) => [ask(node, 'getName'), ask(node, 'getOp')]);
}

describe('the nodes that a graph tells', () => {
  it('are those of its GraphDef', () => {
    const recorder = Recorder.run(
      () => undefined,
      (active) => {
        tf.tidy(() => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).sum());
        return active;
      },
    );
    expect(recorder.builder.nodes.map(({ name, op }) => [name, op])).toEqual(nodesIn(recorder.builder.savedModel()));
    expect(recorder.builder.nodes.length).toBeGreaterThan(3);
  });
});
