// Times the rows of the graph-mode benchmark in TypeScript's TensorFlow, eager or as graphs, as it is told line by
// line: node graph-worker.mjs graph|eager
import { createRequire } from 'node:module';
import readline from 'node:readline';
import { rows, transformer } from './graph-models.mjs';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-node');
const { accelerate, compile } = require('layerwise/graph');
const { seed } = require('layerwise/random');

const isEager = process.argv[2] === 'eager';

/** A step of a tf.LayersModel: a batch of training, or of prediction where the row has no classes. */
function layersStep({ batch, shape, optimizer, model: make, tokens, targets }) {
  seed(1);
  const model = make();
  const x = tokens ? tf.randomUniform([batch, ...shape], 0, tokens, 'int32') : tf.randomNormal([batch, ...shape]);
  model.compile({ optimizer: optimizer?.() ?? 'sgd', loss: 'categoricalCrossentropy' });
  const graphs = isEager ? undefined : accelerate(model);
  const dispose = () => graphs?.dispose();
  if (targets === undefined) {
    const step = () => {
      const made = model.predictOnBatch(x);
      made.dataSync();
      made.dispose();
    };
    return { step, dispose };
  }
  const y = tf.oneHot(tf.randomUniform([batch], 0, targets, 'int32'), targets).toFloat();
  return { step: () => model.trainOnBatch(x, y), dispose };
}

function transformerStep(sizes) {
  seed(1);
  const { loss, vocabulary } = transformer(sizes, (shape, isGain) =>
    tf.tidy(() => tf.variable(isGain ? tf.ones(shape) : tf.randomNormal(shape, 0, 0.02))),
  );
  const { batch, length } = sizes;
  const ids = tf.randomUniform([batch, length + 1], 0, vocabulary, 'int32');
  const [input, target] = [ids.slice([0, 0], [batch, length]), ids.slice([0, 1], [batch, length])];
  const labels = tf.oneHot(target.reshape([-1]), vocabulary).toFloat();
  const optimizer = tf.train.adam(0.001);
  const train = (x, y) => optimizer.minimize(() => loss(x, y), true);
  const graph = isEager ? undefined : compile(train);
  const step = () => {
    const made = isEager ? tf.tidy(() => train(input, labels)) : graph(input, labels);
    made.dataSync();
    made.dispose();
  };
  return { step, dispose: () => graph?.dispose() };
}

const made = new Map();
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { row, steps, close } = JSON.parse(line);
  let first = 0;
  let trace = 0;
  if (close) {
    made.get(row)?.dispose();
    made.delete(row);
    tf.disposeVariables();
    console.log('{}');
    continue;
  }
  const timed = async (count) => {
    const started = performance.now();
    for (let i = 0; i < count; i++) await made.get(row).step();
    return performance.now() - started;
  };
  if (!made.has(row)) {
    made.set(row, rows[row].transformer ? transformerStep(rows[row].transformer) : layersStep(rows[row]));
    first = await timed(1);
    trace = await timed(2);
    await timed(3);
  }
  console.log(JSON.stringify({ ms: (await timed(steps)) / steps, first, trace }));
}
