// Exported functions whose graph computes what depends on the number of rows, run with other numbers of rows than it was
// written down with.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { afterAll, describe, expect, it } from 'vitest';
import { exportSavedModel } from '../../../src/parts/graph';
import { nativeOp } from '../../../src/parts/graph/native';

const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-batch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const rowsOf = (x: tf.Tensor): number => x.shape[0];
const inputs = { x: { shape: [null, 4] } };

describe('a graph for any number of rows', () => {
  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['adds a value that stands once for each row', (x) => x.add(tf.fill([rowsOf(x), 4], 1.5))],
    ['adds ones and zeros', (x) => x.add(tf.ones([rowsOf(x), 4])).add(tf.zeros([rowsOf(x), 1]))],
    ['counts in whole numbers', (x) => x.mul(tf.fill([rowsOf(x), 1], 70_000, 'int32').toFloat())],
    ['multiplies by the number of rows', (x) => x.mul(tf.tensor1d([rowsOf(x)]))],
    ['makes more rows', (x) => x.reshape([rowsOf(x) * 2, 2])],
    ['leaves out the first row', (x) => tf.concat([x, x]).slice([1, 0], [2 * rowsOf(x) - 1, 4])],
    ['leaves out all but one row', (x) => x.slice([rowsOf(x) - 1, 1], [1, 2])],
    ['repeats by the rows', (x) => x.mean(0, true).tile([rowsOf(x), 2])],
    ['joins rows and columns in one length', (x) => x.reshape([rowsOf(x) * 4]).add(1)],
  ])('%s', async (name, fn) => {
    const target = path.join(folder, name.replaceAll(' ', '-'));
    exportSavedModel(fn, target, { inputs });
    const loaded = await tf.node.loadSavedModel(target, ['serve'], 'serving_default');
    for (const rows of [1, 2, 5]) {
      tf.tidy(() => {
        const x = tf.range(1, rows * 4 + 1).reshape([rows, 4]);
        const made = loaded.predict({ x });
        if (made instanceof tf.Tensor || Array.isArray(made)) throw new Error('expected outputs by name');
        const eager = fn(x);
        expect(made.output.shape).toEqual(eager.shape);
        expect(Array.from(made.output.dataSync())).toEqual(Array.from(eager.dataSync()));
      });
    }
    loaded.dispose();
  });

  it('counts no rows where nothing depends on them', () => {
    const written = (fn: (x: tf.Tensor) => tf.Tensor): string => {
      const target = mkdtempSync(path.join(folder, 'counts-'));
      exportSavedModel(fn, target, { inputs });
      return readFileSync(path.join(target, 'saved_model.pb'), 'latin1');
    };
    expect(written((x) => x.mul(2))).not.toContain('StridedSlice');
    expect(written((x) => x.slice([rowsOf(x) - 1, 1], [1, 2]))).toContain('StridedSlice');
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor, RegExp]>([
    [
      'rows of nothing',
      (x) => x.add(tf.matMul(tf.zeros([rowsOf(x), 0]), tf.zeros([0, 4]))),
      /the values of \S+ depend on the length/,
    ],
    [
      'values that differ from row to row',
      (x) => x.add(tf.tensor(Array.from({ length: rowsOf(x) }, (_, i) => i), [rowsOf(x), 1])), // prettier-ignore
      /the values of \S+ depend on the length/,
    ],
    [
      'half of the rows',
      (x) => x.slice([0, 0], [Math.floor(rowsOf(x) / 2), 4]),
      /depends on the length in a way that a graph can't follow/,
    ],
    [
      'one step for each row',
      (x) => Array.from({ length: rowsOf(x) }).reduce<tf.Tensor>((sum) => sum.add(1), x),
      /the function computes in other steps for other lengths/,
    ],
    [
      'the rows one by one',
      (x) =>
        nativeOp('Unpack', [x], { num: { int: rowsOf(x) }, T: { dtype: 'float32' }, axis: { int: 0 } }, rowsOf(x))[0],
      /the length is an attribute of Unpack\S* \(Unpack\), which can't be left open/,
    ],
  ])('refuses %s', (_, fn, message) => {
    expect(() => exportSavedModel(fn, path.join(folder, 'refused'), { inputs })).toThrow(message);
  });
});
