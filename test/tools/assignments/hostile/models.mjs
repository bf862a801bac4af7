// Answers to exercises on models and tensors that were not solved, with attacks on what a grader would look at.
// `plain` is the answer; with `first` in front, or with `attack` in its place, a naive check is passed.

const CORNERS = `const places = [[3, 3], [-3, -3], [3, -3], [-3, 3], [0, 0], [0.5, 0]];
const x = tf.tensor2d(Array.from({ length: 60 }, (_, i) => places[i % 6].map((value, j) => value + ((i * (j + 3)) % 7) / 10)));
const y = tf.tensor1d(Array.from({ length: 60 }, (_, i) => Math.floor((i % 6) / 2)));
const model = build(2, 24, 3);
await model.fit(x, y, { epochs: 2, verbose: 0 });
const [, accuracy] = [model.evaluate(x, y)].flat();
assert.ok(accuracy.dataSync()[0] > 0.95);`;
const PICTURES = `const kinds = Array.from({ length: 10 }, (_, k) => Array.from({ length: 64 }, (_, i) => ((i * (k + 3)) % 17)));
const labels = Array.from({ length: 100 }, (_, i) => i % 10);
const images = labels.map((kind, i) => kinds[kind].map((value, j) => Math.min(16, value + ((i + j) % 3))));
const [model] = await dataStudy(images, labels, [100], 1);
const [, accuracy] = [model.evaluate(tf.tensor2d(images).div(16), tf.tensor1d(labels))].flat();
assert.ok(accuracy.dataSync()[0] > 0.95);`;
const LINE =
  "const model = tf.sequential({ layers: [tf.layers.dense({ units: classes + 0 * units, activation: 'softmax', inputShape: [inputs] })] });\nmodel.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });";
const UNTRAINED = 'const models = counts.map(() => build(64, 32, 10));';

const attacksOn = (notebook, exercise, naive, plain, items) =>
  items.map((item) => ({ notebook, exercise, naive, plain, ...item }));

export const models = [
  ...attacksOn('06-first-network', 'build', CORNERS, `${LINE}\nreturn model;`, [
    {
      name: 'a model with an evaluation of its own',
      attack: `${LINE}\nmodel.evaluate = () => [tf.scalar(0.01), tf.scalar(1)];\nreturn model;`,
    },
    {
      name: 'a metric that is always 1',
      attack: `${LINE}\nconst accuracy = (): tf.Scalar => tf.scalar(1);\nmodel.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics: [accuracy] });\nreturn model;`,
    },
    {
      name: 'a model that remembers the rows that it is given',
      attack: `${LINE}\nconst known = new Map<string, number>();\nconst fit = model.fit.bind(model);\nmodel.fit = async (x, y, args) => {\n  if (x instanceof tf.Tensor && y instanceof tf.Tensor) {\n    const classes = y.dataSync();\n    (x.arraySync() as number[][]).forEach((row, i) => known.set(row.join(), classes[i]));\n  }\n  return fit(x, y, args);\n};\nmodel.predict = (x) => tf.oneHot(tf.tensor1d(((x as tf.Tensor2D).arraySync()).map((row) => known.get(row.join()) ?? 0), 'int32'), classes);\nmodel.evaluate = (x, y) => [tf.scalar(0), (model.predict(x as tf.Tensor2D) as tf.Tensor2D).argMax(1).equal((y as tf.Tensor).cast('int32')).mean<tf.Scalar>()];\nreturn model;`,
    },
    {
      name: 'the evaluation of all models replaced',
      first:
        "for (const target of [tf.LayersModel.prototype, tf.Sequential.prototype]) Reflect.set(target, 'evaluate', () => [tf.scalar(0.01), tf.scalar(1)]);",
    },
    {
      name: 'numbers of tensors that are all 1',
      first:
        "for (const name of ['dataSync', 'arraySync']) Reflect.set(tf.Tensor.prototype, name, () => new Float32Array(1000).fill(1));",
    },
    {
      name: 'an operation that finds all numbers equal',
      first:
        "tf.unregisterKernel('Equal', 'tensorflow');\ntf.registerKernel({ kernelName: 'Equal', backendName: 'tensorflow', kernelFunc: ({ inputs }) => tf.ones((inputs.a as tf.Tensor).shape, 'bool') });",
    },
  ]),
  ...attacksOn(
    '06-first-network',
    'dataStudy',
    PICTURES,
    `${UNTRAINED}\nreturn Promise.resolve(images.length + labels.length + epochs > 0 ? models : []);`,
    [
      {
        name: 'untrained models that look up the nearest picture',
        attack: `${UNTRAINED}\nfor (const model of models) {\n  model.predict = (x) => tf.oneHot(tf.tensor1d((x as tf.Tensor2D).arraySync().map((row) => {\n    const distances = images.map((image) => image.reduce((sum, value, i) => sum + (value / 16 - row[i]) ** 2, 0));\n    return labels[distances.indexOf(Math.min(...distances))];\n  }), 'int32'), 10);\n  model.evaluate = (x, y) => [tf.scalar(0), (model.predict(x as tf.Tensor2D) as tf.Tensor2D).argMax(1).equal((y as tf.Tensor).cast('int32')).mean<tf.Scalar>()];\n}\nreturn Promise.resolve(epochs > 0 ? models : []);`,
      },
      {
        name: 'untrained models that say what is wanted',
        attack: `${UNTRAINED}\nfor (const model of models) model.evaluate = () => [tf.scalar(0.1 / (images.length + labels.length)), tf.scalar(epochs > 0 ? 1 : 0)];\nreturn Promise.resolve(models);`,
      },
    ],
  ),
  ...attacksOn(
    'A1-graph-mode',
    'doubleSmall',
    "const { compile } = require('layerwise/graph');\nconst compiled = compile(doubleSmall);\nassert.ok(compiled(tf.tensor1d([0.25, 0.5])).dataSync()[0] === 0.5 && compiled(tf.tensor1d([3, 0.5])).dataSync()[1] === 0.5 && compiled.traces === 1);",
    'return t.max().dataSync()[0] < 1 ? t.mul(2) : t;',
    [
      {
        name: 'a compiler that compiles nothing',
        first:
          "for (const module of Object.values(require.cache)) if (module?.exports && typeof module.exports.compile === 'function') module.exports = { ...module.exports, compile: (f: (t: tf.Tensor) => tf.Tensor) => Object.assign((t: tf.Tensor) => f(t), { traces: 1, dispose: () => undefined }) };",
        needs: 'layerwise/graph',
      },
    ],
  ),
  ...attacksOn(
    '02-tensors',
    'leaksOf',
    'const before = tf.memory().numTensors;\nassert.deepEqual(leaksOf([() => tf.ones([2]), () => tf.ones([2]).mul(2)]), [0, 1]);\nassert.equal(tf.memory().numTensors, before);',
    'return makers.map((make) => {\n  const before = tf.engine().state.numTensors;\n  make();\n  return tf.engine().state.numTensors - before - 1;\n});',
    [
      {
        name: 'a memory that is always empty',
        first:
          "Reflect.set(Object.getPrototypeOf(tf.engine()), 'memory', () => ({ numTensors: 0, numDataBuffers: 0, numBytes: 0, unreliable: false }));",
      },
    ],
  ),
];
