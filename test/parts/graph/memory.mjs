// What training leaves in memory, step after step: in V8's heap, in native allocations, in tensors; the same for rounds
// of compile and dispose. One line each.
// Resident memory is only shown: what the allocator and V8 keep for later comes and goes by megabytes. Leaks of 1 KB a
// step are planted to see that they are found.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compile as compileAddon, nativeFolder } from '../../../src/setup/native.mjs';
import { inRoot } from '../../../src/setup/paths.mjs';
import { compilerOrNone } from '../../../src/setup/requirements.mjs';
import { trend } from '../../support/trend.mjs';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-node');
const { accelerate, compile } = require('layerwise/graph');

if (globalThis.gc === undefined) throw new Error('memory.mjs: expected to run under node --expose-gc');
const SAMPLES = 16;
const WARM_UP = 4;
/** Bytes a step (or round) that may stay: a leak is what certainly leaves more. */
const MOST = 200;
const PLANTED = 1024;

/** The addon that reads the allocator, compiled here; undefined without a compiler. */
async function allocator() {
  const compiler = compilerOrNone();
  if (!compiler) return undefined;
  const file = inRoot('build', 'test', 'native-memory.node');
  mkdirSync(path.dirname(file), { recursive: true });
  await compileAddon(
    compiler.command,
    nativeFolder(),
    ['-O1', inRoot('test', 'parts', 'graph', 'native-memory.cc')],
    file,
  );
  return require(file);
}
const native = await allocator();

async function sample() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    heap: process.memoryUsage().heapUsed,
    native: native?.inUse() ?? 0,
    tensors: tf.memory().numTensors,
    resident: process.memoryUsage.rss(),
  };
}

/** Does `work` `count` times from sample to sample. Returns the trend of each quantity for one time, and what leaks. */
async function measure(count, work) {
  const samples = [];
  for (let i = -WARM_UP; i < SAMPLES; i++) {
    for (let step = 0; step < count; step++) await work();
    const taken = await sample();
    if (i >= 0) samples.push(taken);
  }
  const of = (key) => trend(samples.map((taken) => taken[key] / count));
  const trends = { heap: of('heap'), native: of('native') };
  const leaks = Object.keys(trends).filter((key) => trends[key].low > MOST);
  if (samples.at(-1).tensors !== samples[0].tensors) leaks.push('tensors');
  const bytes = ([key, { slope, low, high }]) => `${key} ${slope.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`;
  const resident = (samples.at(-1).resident - samples[0].resident) / 1e6;
  return {
    leaks,
    text: `${Object.entries(trends).map(bytes).join(', ')} bytes each, tensors ${samples.at(-1).tensors - samples[0].tensors}, resident ${resident.toFixed(1)} MB`,
  };
}

function tell(title, { leaks, text }, expected = []) {
  const isGood = leaks.join() === expected.join();
  console.log(
    `[${isGood ? 'ok' : 'fail'}] ${title}: ${text}${isGood ? '' : `; leaks found: ${leaks.join() || 'none'}, expected: ${expected.join() || 'none'}`}`,
  );
  if (!isGood) process.exitCode = 1;
}

const { dense, lstm, conv2d, flatten, batchNormalization, dropout } = tf.layers;
const small = [
  [20],
  () => [
    dense({ units: 32, activation: 'relu', inputShape: [20] }),
    dropout({ rate: 0.5 }),
    dense({ units: 3, activation: 'softmax' }),
  ],
];

/** Measures the steps of a model; `plant` is done with each. */
async function steps([shape, layers], plant = () => {}) {
  const model = tf.sequential({ layers: layers() });
  model.compile({ optimizer: tf.train.adam(), loss: 'categoricalCrossentropy' });
  const graphs = accelerate(model);
  const [x, y] = [tf.randomNormal([16, ...shape]), tf.oneHot(tf.randomUniform([16], 0, 3, 'int32'), 3).toFloat()];
  const result = await measure(60, async () => {
    await model.trainOnBatch(x, y);
    plant();
  });
  graphs.dispose();
  return result;
}

tell('steps of dense, Adam', await steps(small));
tell(
  'steps of a convnet with batch norm',
  await steps([
    [8, 8, 2],
    () => [
      conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 2] }),
      batchNormalization(),
      flatten(),
      dense({ units: 3, activation: 'softmax' }),
    ],
  ]),
);
tell(
  'steps of an LSTM',
  await steps([[6, 4], () => [lstm({ units: 8, inputShape: [6, 4] }), dense({ units: 3, activation: 'softmax' })]]),
);

const x = tf.randomNormal([8, 8]);
tell(
  'rounds of compile and dispose',
  await measure(15, () => {
    const fn = compile((a) => tf.grads((b) => b.matMul(b).sigmoid().sum())([a])[0]);
    for (let call = 0; call < 3; call++) fn(x).dispose();
    fn.dispose();
  }),
);

const kept = [];
tell(
  'a planted leak of 1 KB of objects a step',
  await steps(small, () => kept.push(Array.from({ length: PLANTED / 8 }, Math.random))),
  ['heap'],
);
if (native) {
  tell('a planted leak of 1 KB of native memory a step', await steps(small, () => native.leak(PLANTED)), ['native']);
  const kilobyte = tf.ones([PLANTED / 4]);
  tell('a planted leak of a tensor of 1 KB a step', await steps(small, () => kilobyte.square()), ['native', 'tensors']);
} else console.log('[skip] native memory: there is no compiler for the addon that reads the allocator');
