import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { afterAll, describe, expect, it } from 'vitest';
import { exportSavedModel } from '../../../src/parts/graph';
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

describe('the nodes that a graph tells', () => {
  it('are those of its GraphDef', () => {
    const recorder = Recorder.run(
      () => undefined,
      (active) => {
        tf.tidy(() => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).sum());
        return active;
      },
    );
    expect(recorder.builder.nodes.map(({ name, op }) => [name, op])).toEqual(
      recorder.builder.graph.getNodeList().map((node) => [node.getName(), node.getOp()]),
    );
    expect(recorder.builder.nodes.length).toBeGreaterThan(3);
  });
});
