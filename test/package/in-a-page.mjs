// What runs where there is no Node: for each public part, some of its functions; what they should give stands in
// without-node.test.ts. A bundler packs this file for a browser, and each part is loaded when its function is called.
import * as tf from '@tensorflow/tfjs-node';
import { provideContent } from '../../src/dist/parts/content/index.js';
import { filesInMemory, provideFiles } from '../../src/dist/parts/files/index.js';
import { provideTensorFlow } from '../../src/dist/parts/tensorflow/index.js';

const exercises = {
  '00-start-here': () => require('../../src/dist/course/00-start-here/exercises.js'),
  'A1-graph-mode': () => require('../../src/dist/course/A1-graph-mode/exercises.js'),
};

/** What a page is packed with: contents of data files by name, a chapter's results. */
export function provide({ data, results }) {
  provideFiles(filesInMemory(data));
  provideTensorFlow(tf);
  provideContent({
    chapters: ['00-start-here', 'A1-graph-mode'],
    read: (chapter, what) => (what === 'results' ? results : exercises[chapter]()),
  });
}

const failure = async (work) => {
  try {
    await work();
    return 'none';
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};

/** Where `show` and `check` put what they show. */
function shownBy(work) {
  const shown = [];
  globalThis[Symbol.for('layerwise.output')] = (bundle) => shown.push(bundle['text/plain']);
  return Promise.resolve(work()).then(
    () => shown,
    (error) => [...shown, error.message],
  );
}

export const uses = {
  async data() {
    const data = require('../../src/dist/parts/data/index.js');
    const bytes = (text) => new TextEncoder().encode(text);
    const idx = Uint8Array.from([9, 0, 0, 0x0b, 1, 0, 0, 0, 2, 0, 7, 0xff, 0xfe]).subarray(1);
    return {
      iris: data.loadIris().x[0],
      digits: data.loadDigits().count,
      idx: Array.from(data.parseIdx(idx, 'x').values),
      table: data.parseTable(bytes('\uFEFFa,b\n"1,5",ä\n'), 'x.csv').rows,
      json: await failure(() => data.parseJson(bytes('{"é": nope}'), 'x.json')),
      tier: data.tier(),
      missing: await failure(() => data.readDataFile('mnist', 'mnist/train-labels-idx1-ubyte')),
      file: await failure(() => data.openFile('/etc/hostname')),
      gzip: await failure(() =>
        data.downloadFile({}, { path: 'x', variants: [{ suffix: '', addresses: ['http://x'] }] }, '/'),
      ),
    };
  },
  random: () => {
    const { generator } = require('../../src/dist/parts/random/index.js');
    return [generator(7).uniform(), generator(7).normal()];
  },
  async display() {
    const display = require('../../src/dist/parts/display/index.js');
    const { png, wav } = {
      png: display.encodePng({ pixels: [255, 0, 0, 0, 0, 255], height: 1, width: 2, channels: 3 }),
      wav: Uint8Array.from('RIFF....WAVE', (letter) => letter.charCodeAt(0)),
    };
    return {
      png: Array.from(png),
      sound: display.bundleOf(wav)['text/html'],
      shown: await shownBy(() => display.show(() => tf.tensor1d([1, 2]).add(1))),
      tensors: tf.memory().numTensors,
      ids: [display.newOutputId(), display.newOutputId()],
    };
  },
  plot: () => {
    const { line } = require('../../src/dist/parts/plot/index.js');
    const figure = line({
      title: 't',
      alt: 'A line that rises from 2 to 3 between 0 and 1.',
      xLabel: 'x',
      yLabel: 'y',
      series: [{ name: 's', x: [0, 1], y: [2, 3] }],
    });
    return figure.data[0].y;
  },
  memory: () => {
    const { disposeAll } = require('../../src/dist/parts/memory/index.js');
    return disposeAll([tf.scalar(1), { weights: tf.zeros([2]) }]);
  },
  autodiff: () => {
    const { Value } = require('../../src/dist/parts/autodiff/index.js');
    const x = new Value(3, 'x');
    x.mul(x).add(1).backward();
    return x.gradient;
  },
  nn: () => {
    const { matMul, meanSquaredError } = require('../../src/dist/parts/nn/index.js');
    return [matMul([[1, 2]], [[3], [4]]), meanSquaredError([1, 2], [1, 4])];
  },
  metrics: () => require('../../src/dist/parts/metrics/index.js').confusionCounts([0, 0, 1], [0, 1, 1]),
  experiments: () => {
    const { bandOf, readResults } = require('../../src/dist/parts/experiments/index.js');
    return [bandOf([1, 3]).mean, readResults('00').rows[0].id];
  },
  graph: () => {
    const { layerNorm } = require('../../src/dist/parts/graph/index.js');
    const normal = layerNorm(tf.tensor2d([[1, 3]]), tf.ones([2]), tf.zeros([2]));
    return Array.from(normal.dataSync(), (value) => Math.round(value * 1000) / 1000);
  },
  async train() {
    const { evaluate, fit, imageTensors, predict } = require('../../src/dist/parts/train/index.js');
    const set = { images: [255, 255], labels: [3, 3], count: 2, height: 1, width: 1, channels: 1 };
    const { x, y } = imageTensors(set, { flat: true });
    const layers = [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })];
    const model = tf.sequential({ layers });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    const before = evaluate(model, x, y).loss;
    const { loss } = await fit(model, x, y, { epochs: 1, graph: false });
    const rounded = (value) => Math.round(value * 1000) / 1000;
    return [before, loss[0], rounded(evaluate(model, x, y).loss), rounded(predict(model, x)[1][0])];
  },
  async grading() {
    const { check } = require('../../src/dist/parts/grading/index.js');
    return {
      right: await shownBy(() => check('predict', { answer: (x, w, b) => w * x + b })),
      wrong: await shownBy(() => check('predict', { answer: (x, w, b) => w * (x + b) })),
      graph: await shownBy(() => check('doubleSmall', { answer: (t) => t })),
    };
  },
};
