// Right answers in unusual style: each must get full marks.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../src/dist/grader/${name}.js`);
const { assignment, referenceFile } = dist('assignment');
const { Compiler } = dist('compiler');
const { RunnerPool } = dist('runner');
const { grade } = dist('grade');
const { replaceSolution, hasSolution } = dist('release/solutions');
const { readNotebook, codeCells } = require('../../src/dist/notebook/index.js');

/** [assignment, function, style, the answer in place of the reference's, a cell before all others]. */
const unusual = [
  ['00-start-here', 'predict', 'by a detour through BigInt', 'const scaled = BigInt(Math.round(w * x * 2 ** 40)) + BigInt(Math.round(b * 2 ** 40));\nreturn Number(scaled) / 2 ** 40;'],
  ['00-start-here', 'predict', 'by destructuring and a fold', 'return [[w, x], [b, 1]].reduce((sum, [p, q]) => sum + p * q, 0);'],
  ['00-start-here', 'predict', 'rounded just inside the tolerance', 'return w * x + b + 9e-7;'],
  ['00-start-here', 'meanSquaredError', 'by recursion', "if (yHat.length !== y.length) throw new RangeError('lengths');\nconst sum = (i: number): number => (i < 0 ? 0 : (yHat[i] - y[i]) ** 2 + sum(i - 1));\nreturn sum(y.length - 1) / y.length;"],
  ['00-start-here', 'meanSquaredError', 'with tensors', "if (yHat.length !== y.length) throw new RangeError('lengths');\nreturn tf.tidy(() => tf.losses.meanSquaredError(tf.tensor1d(y), tf.tensor1d(yHat)).dataSync()[0]);"],
  ['00-start-here', 'meanSquaredError', 'with typed arrays, and an error class of its own', "class Unequal extends RangeError {}\nif (yHat.length !== y.length) throw new Unequal('lengths');\nconst [a, b] = [Float64Array.from(yHat), Float64Array.from(y)];\nreturn a.map((value, i) => (value - b[i]) ** 2).reduce((sum, value) => sum + value) / a.length;"],
  ['00-start-here', 'trainWeight', 'by the formula, warning as it goes', "console.warn('no training here');\nconsole.error('on stderr');\nprocess.stderr.write('and more\\n');\nconst mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;\nconst [mx, my] = [mean(xs), mean(ys)];\nreturn mean(xs.map((x, i) => (x - mx) * (ys[i] - my))) / mean(xs.map((x) => (x - mx) ** 2));"],
  ['02-tensors', 'standardize', 'by lists', 'const rows = table.arraySync();\nconst columns = rows[0].map((_, j) => rows.map((row) => row[j]));\nconst scaled = columns.map((column) => {\n  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;\n  const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);\n  return column.map((value) => (value - mean) / deviation);\n});\nreturn tf.tensor2d(rows.map((_, i) => scaled.map((column) => column[i])));'],
  ['02-tensors', 'standardize', 'with dispose in place of tidy', 'const { mean, variance } = tf.moments(table, 0);\nconst deviation = variance.sqrt();\nconst centered = table.sub(mean);\nconst result = centered.div<tf.Tensor2D>(deviation);\ntf.dispose([mean, variance, deviation, centered]);\nreturn result;'],
  ['02-tensors', 'layer', 'with one fused operation', "return tf.fused.matMul({ a: x, b: w, bias: b, activation: 'relu' }).as2D(x.shape[0], w.shape[1]);"],
  ['02-tensors', 'toChannelsLast', 'by splitting and stacking', 'return tf.tidy(() => tf.stack(tf.unstack(images, 1), 3) as tf.Tensor4D);'],
  ['02-tensors', 'toBatches', 'by tf.split', 'const full = Math.floor(x.shape[0] / batchSize);\nconst sizes = [...Array.from({ length: full }, () => batchSize), ...(x.shape[0] % batchSize ? [x.shape[0] % batchSize] : [])];\nreturn tf.split(x, sizes, 0);'],
  ['03-gradient-descent', 'bend', 'by Richardson extrapolation', 'const d = (h: number): number => (f(x + h) - 2 * f(x) + f(x - h)) / h ** 2;\nreturn (4 * d(1e-3) - d(2e-3)) / 3;'],
  ['03-gradient-descent', 'minimize', 'with a generator', "function* path(): Generator<[number, number]> {\n  for (let x = start, left = most; left-- > 0; ) {\n    const s = slope(x);\n    yield [x, s];\n    x -= lr * s;\n  }\n}\nfor (const [x, s] of path()) {\n  if (!Number.isFinite(s)) break;\n  if (Math.abs(s) < tolerance) return x;\n}\nthrow new RangeError('none found');"],
  ['03-gradient-descent', 'neuron', 'with tanh from exponentials', 'const z = b.add(w[1].mul(x[1])).add(w[0].mul(x[0]));\nconst e = z.mul(2).exp();\nreturn e.sub(1).div(e.add(1));'],
  ['03-gradient-descent', 'fitLine', 'by the normal equations', 'const n = x.length;\nconst sum = (f: (i: number) => number): number => x.reduce((total, _, i) => total + f(i), 0);\nconst [sx, sy, sxx, sxy] = [sum((i) => x[i]), sum((i) => y[i]), sum((i) => x[i] ** 2), sum((i) => x[i] * y[i])];\nconst w = (n * sxy - sx * sy) / (n * sxx - sx ** 2);\nreturn Object.freeze({ b: (sy - w * sx) / n, w });'],
  ['03-gradient-descent', 'ravineSteps', 'by recursion in blocks', 'let state = { place: [-1.8, 0.6], velocity: [0, 0], steps: 0 };\nconst next = ({ place: [x, y], velocity: [u, v], steps }: typeof state): typeof state => {\n  const velocity = [momentum * u - 0.04 * x, momentum * v - 0.02 * 50 * y];\n  return { place: [x + velocity[0], y + velocity[1]], velocity, steps: steps + 1 };\n};\nwhile (Math.sqrt(state.place[0] ** 2 + state.place[1] ** 2) >= 0.001) state = next(state);\nreturn state.steps;'],
  ['04-logistic-regression', 'stableLoss', 'by halves of tanh, logging much', "console.log('x'.repeat(100_000));\nconst one = (y: number, z: number): number => {\n  const s = (y === 1 ? -1 : 1) * z;\n  return s > 35 ? s : Math.log1p(Math.exp(s));\n};\nlet total = 0;\nlabels.forEach((y, i) => (total += one(y, z[i])));\nreturn total / labels.length;"],
  ['04-logistic-regression', 'precisionAndRecall', 'with a class instance', 'class Scores {\n  precision = 0;\n  recall = 0;\n}\nconst scores = new Scores();\nconst tp = y.reduce((n, label, i) => n + label * predicted[i], 0);\nconst [said, are] = [predicted, y].map((list) => list.reduce((n, value) => n + value, 0));\nif (said > 0) scores.precision = tp / said;\nif (are > 0) scores.recall = tp / are;\nreturn scores;'],
  ['04-logistic-regression', 'cheapestThreshold', 'with a map and spread', 'const costs = new Map(thresholds.map((t) => [t, probabilities.reduce((sum, p, i) => sum + Number(p > t && !y[i]) * alarm + Number(p <= t && !!y[i]) * miss, 0)]));\nconst lowest = Math.min(...costs.values());\nreturn Math.min(...[...costs].filter(([, cost]) => cost === lowest).map(([t]) => t));'],
  ['04-logistic-regression', 'epochsNeeded', 'by a recursive function', 'const go = (w: number[], b: number, epoch: number): number => {\n  if (epoch > 1000) return Infinity;\n  let mistakes = 0;\n  for (const [i, row] of x.entries()) {\n    const error = y[i] - Number(row.reduce((z, value, j) => z + w[j] * value, b) > 0);\n    mistakes += Math.abs(error);\n    w = w.map((value, j) => value + error * row[j]);\n    b += error;\n  }\n  return mistakes === 0 ? epoch : go(w, b, epoch + 1);\n};\nreturn go(x[0].map(() => 0), 0, 1);'],
  ['05-neural-networks-from-scratch', 'softmaxRows', 'with typed arrays inside', 'return z.map((row) => {\n  const t = Float64Array.from(row);\n  const most = t.reduce((a, b) => Math.max(a, b));\n  const e = t.map((value) => Math.exp(value - most));\n  const total = e.reduce((a, b) => a + b);\n  return Array.from(e, (value) => value / total);\n});'],
  ['05-neural-networks-from-scratch', 'softmaxRows', 'through logarithms', 'return z.map((row) => {\n  const most = Math.max(...row);\n  const logSum = most + Math.log(row.map((value) => Math.exp(value - most)).reduce((a, b) => a + b, 0));\n  return row.map((value) => Math.exp(value - logSum));\n});'],
  ['05-neural-networks-from-scratch', 'errorBelow', 'with a matrix product', 'const transposed = weights[0].map((_, k) => weights.map((row) => row[k]));\nreturn matMul(delta, transposed).map((row, i) => row.map((value, j) => (zBelow[i][j] > 0 ? value : 0)));'],
  ['05-neural-networks-from-scratch', 'softplus', 'with a frozen object and an integral', "const value = (z: number): number => (z > 40 ? z : Math.log1p(Math.exp(z)));\nreturn Object.freeze({ name: 'softplus', value, derivative: (z: number) => 1 - 1 / (1 + Math.exp(z)) });"],
  ['06-first-network', 'minMax', 'with tensors', 'return tf.tidy(() => {\n  const x = tf.tensor2d(rows);\n  const [low, high] = [x.min(0), x.max(0)];\n  return tf.where(high.equal(low), tf.zerosLike(x), x.sub(low).divNoNan(high.sub(low))).arraySync() as number[][];\n});'],
  ['06-first-network', 'build', 'with the functional style inside a sequential model', "const model = tf.sequential({ name: 'mine' });\nmodel.add(tf.layers.inputLayer({ inputShape: [inputs] }));\nmodel.add(tf.layers.dense({ units, kernelInitializer: 'heNormal' }));\nmodel.add(tf.layers.reLU());\nmodel.add(tf.layers.dense({ units: classes }));\nmodel.add(tf.layers.softmax());\nmodel.compile({ optimizer: tf.train.rmsprop(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['acc'] });\nreturn model;"],
  ['06-first-network', 'stopsAfter', 'by looking for a window', 'for (let stop = patience; stop < losses.length; stop++) {\n  const before = Math.min(...losses.slice(0, stop - patience + 1));\n  if (losses.slice(stop - patience + 1, stop + 1).every((loss) => loss >= before)) return stop + 1;\n}\nreturn losses.length;'],
  ['A1-graph-mode', 'countNeeded', 'with an explicit stack', 'const stack = [nodes.length - 1];\nconst seen = new Uint8Array(nodes.length);\nfor (let at = stack.pop(); at !== undefined; at = stack.pop()) {\n  if (seen[at]) continue;\n  seen[at] = 1;\n  stack.push(...nodes[at].inputs);\n}\nreturn seen.reduce((a, b) => a + b, 0);'],
  ['A1-graph-mode', 'doubleSmall', 'by arithmetic with a mask', "return t.mul(t.max().less(1).cast('float32').add(1));"],
];

const compiler = new Compiler('bubblewrap');
const pool = new RunnerPool('bubblewrap', 2);
const work = unusual.filter((item) => item.join().includes(process.argv[2] ?? ''));

async function worker() {
  for (let job = work.shift(); job; job = work.shift()) {
    const [name, exercise, style, code] = job;
    const current = assignment(name);
    const cells = codeCells(readNotebook(referenceFile(name))).map(({ id, source }) => ({ id, source: hasSolution(source) && new RegExp(`function ${exercise}\\(`).test(source) ? replaceSolution(source, code) : source }));
    const { exercises: [result], cells: problems } = await grade(current, cells, { compiler, freshRunner: () => pool.take(current.preload), secret: 'unusual', only: [exercise] });
    const isRight = result.points === result.max;
    console.log(`[${isRight ? 'ok' : 'fail'}] ${name}, ${exercise}, ${style}: ${result.points} of ${result.max}${isRight ? '' : `\n  ${[...result.tests, ...problems].map((test) => `${test.status} ${test.name ?? test.cell}: ${test.message ?? ''}`).join('\n  ')}`}`);
  }
}
await Promise.all([worker(), worker()]);
await pool.close();
await compiler.close();
