// What a student handed in who had read the tasks and nothing else: natural mistakes, answers that fit the shown
// examples, edges forgotten, arguments changed. None may get full points.
const PERCEPTRON_BY_BATCH = `let w = x[0].map(() => 0);
let b = 0;
for (let epoch = 1; epoch <= 1000; epoch++) {
  const errors = x.map((row, i) => y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0));
  if (errors.every((error) => error === 0)) return epoch;
  w = w.map((value, j) => value + errors.reduce((sum, error, i) => sum + error * x[i][j], 0));
  b += errors.reduce((sum, error) => sum + error, 0);
}
return Infinity;`;
const TRAINED = `const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
const model = tf.sequential({ layers: [tf.layers.dense(LAYER)] });
const optimizer = tf.train.sgd(0.1);
model.compile({ loss: 'meanSquaredError', optimizer });
await model.fit(x, y, { epochs: 300, verbose: 0 });
const weight = model.getWeights()[PLACE].dataSync()[0];
tf.dispose([x, y]);
model.dispose();
optimizer.dispose();
return weight;`;
const EXPLOSION = `const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
for (const rate of learningRates) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(rate) });
  const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
  if (EXPLODES) return RESULT;
}
return undefined;`;
const DESCENT = `const rate = RATE;
let [w, b] = [0, 0];
for (let step = 0; step < 20_000; step++) {
  const errors = x.map((value, i) => w * value + b - y[i]);
  w -= rate * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0) / x.length;
  b -= rate * 2 * errors.reduce((sum, error) => sum + error, 0) / x.length;
}
return { w, b };`;
const RAVINE = `let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, 0];
while (FAR) {
  vx = momentum * vx - 0.02 * 2 * x;
  vy = momentum * vy - 0.02 * 50 * y;
  x += vx;
  y += vy;
  steps++;
}
return steps;`;

/** By notebook: `[exercise, what is wrong, code]`. */
export const studentAnswers = {
  '00-start-here': [
    [
      'meanSquaredError',
      'notices only a first list that is shorter',
      "if (yHat.length < y.length) throw new RangeError('too short');\nreturn yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / yHat.length;",
    ],
    [
      'meanSquaredError',
      'takes sizes for squares',
      "if (yHat.length !== y.length) throw new RangeError('lengths');\nreturn yHat.reduce((sum, value, i) => sum + Math.abs(value - y[i]), 0) / y.length;",
    ],
    [
      'trainWeight',
      'returns the bias',
      TRAINED.replace('LAYER', '{ units: 1, inputShape: [1] }').replace('PLACE', '1'),
    ],
    [
      'trainWeight',
      'leaves out the bias',
      TRAINED.replace('LAYER', '{ units: 1, inputShape: [1], useBias: false }').replace('PLACE', '0'),
    ],
    [
      'firstExplosion',
      'waits for NaN',
      EXPLOSION.replace('EXPLODES', 'Number.isNaN(losses[19])').replace('RESULT', 'rate'),
    ],
    [
      'firstExplosion',
      'returns the place of the rate',
      EXPLOSION.replace('EXPLODES', '!(losses[19] <= losses[0])').replace('RESULT', 'learningRates.indexOf(rate)'),
    ],
  ],
  '02-tensors': [
    [
      'productShape',
      'refuses a length of 0',
      "if (s[1] !== t[0] || !s[0] || !t[1]) throw new RangeError('lengths');\nreturn [s[0], t[1]];",
    ],
    [
      'standardize',
      'adds a little to the variance',
      'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  return table.sub(mean).div<tf.Tensor2D>(variance.add(1e-12).sqrt());\n});',
    ],
    [
      'standardize',
      'lets no deviation be small',
      'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  return table.sub(mean).div<tf.Tensor2D>(variance.sqrt().maximum(1e-6));\n});',
    ],
    [
      'standardize',
      'squares before it subtracts the mean',
      'return tf.tidy(() => {\n  const mean = table.mean(0);\n  const deviation = table.square().mean(0).sub(mean.square()).sqrt();\n  return table.sub(mean).div<tf.Tensor2D>(deviation);\n});',
    ],
    [
      'standardize',
      'clips what lies far off',
      'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  return table.sub(mean).div(variance.sqrt()).clipByValue(-3, 3) as tf.Tensor2D;\n});',
    ],
    ['layer', 'clips at 1000', 'return tf.tidy(() => x.matMul(w).add(b).clipByValue(0, 1000) as tf.Tensor2D);'],
    [
      'layer',
      'leaves the product',
      'const z = x.matMul<tf.Tensor2D>(w);\nreturn tf.tidy(() => z.add<tf.Tensor2D>(b).relu());',
    ],
    [
      'toChannelsLast',
      'knows three channels',
      'return tf.tidy(() => {\n  const planes = tf.unstack(images, 1);\n  return tf.stack([planes[0], planes[1] ?? planes[0], planes[2] ?? planes[0]], 3) as tf.Tensor4D;\n});',
    ],
    [
      'toChannelsLast',
      'makes whole numbers float',
      'return tf.tidy(() => images.transpose<tf.Tensor4D>([0, 2, 3, 1]).toFloat<tf.Tensor4D>());',
    ],
    ['toChannelsLast', 'leaves the planes', 'return tf.stack(tf.unstack(images, 1), 3) as tf.Tensor4D;'],
    [
      'toBatches',
      'hands the matrix back where it fits',
      'if (x.shape[0] > 0 && x.shape[0] <= batchSize) return [x];\nconst out: tf.Tensor2D[] = [];\nfor (let i = 0; i < x.shape[0]; i += batchSize) out.push(tf.slice(x, [i, 0], [Math.min(batchSize, x.shape[0] - i), -1]));\nreturn out;',
    ],
    [
      'toBatches',
      'goes through lists, and makes whole numbers float',
      'const rows = x.arraySync();\nconst out: tf.Tensor2D[] = [];\nfor (let i = 0; i < rows.length; i += batchSize) out.push(tf.tensor2d(rows.slice(i, i + batchSize)));\nreturn out;',
    ],
    [
      'toBatches',
      'leaves the rows',
      'const rows = x.shape[0] > 0 ? tf.unstack(x) : [];\nconst out: tf.Tensor2D[] = [];\nfor (let i = 0; i < rows.length; i += batchSize) out.push(tf.stack(rows.slice(i, i + batchSize)) as tf.Tensor2D);\nreturn out;',
    ],
    [
      'toBatches',
      'makes an empty batch of no rows',
      'const out: tf.Tensor2D[] = [];\nlet i = 0;\ndo {\n  out.push(tf.slice(x, [i, 0], [Math.min(batchSize, x.shape[0] - i), -1]));\n  i += batchSize;\n} while (i < x.shape[0]);\nreturn out;',
    ],
    [
      'leaksOf',
      'counts buffers',
      'return makers.map((make) => tf.tidy(() => {\n  const before = tf.memory().numDataBuffers;\n  make();\n  return tf.memory().numDataBuffers - before - 1;\n}));',
    ],
    [
      'leaksOf',
      'divides bytes',
      'return makers.map((make) => tf.tidy(() => {\n  const before = tf.memory().numBytes;\n  const { size } = make();\n  return Math.round((tf.memory().numBytes - before) / (4 * size)) - 1;\n}));',
    ],
    [
      'leaksOf',
      'counts to five',
      'return makers.map((make) => tf.tidy(() => {\n  const before = tf.memory().numTensors;\n  make();\n  return Math.min(5, tf.memory().numTensors - before - 1);\n}));',
    ],
    [
      'leaksOf',
      'calls each once before it counts',
      'return makers.map((make) => tf.tidy(() => {\n  make();\n  const before = tf.memory().numTensors;\n  make();\n  return tf.memory().numTensors - before - 1;\n}));',
    ],
    [
      'productShape',
      'compares for multiples',
      "if (s[1] % t[0] !== 0) throw new RangeError('lengths');\nreturn [s[0], t[1]];",
    ],
    [
      'standardize',
      'divides by n − 1',
      'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  const n = table.shape[0];\n  return table.sub(mean).div<tf.Tensor2D>(variance.mul(n / (n - 1)).sqrt());\n});',
    ],
    ['layer', 'clips at 6', 'return tf.tidy(() => x.matMul(w).add(b).clipByValue(0, 6) as tf.Tensor2D);'],
    [
      'toChannelsLast',
      'forgets that there may be several images',
      'const [n, c, h, w] = images.shape;\nreturn tf.tidy(() => images.reshape([c, n * h * w]).transpose().reshape([n, h, w, c]));',
    ],
    ['toBatches', 'cuts into equal parts alone', 'return tf.split(x, Math.ceil(x.shape[0] / batchSize), 0);'],
    [
      'leaksOf',
      'measures the first function for all',
      'const before = tf.memory().numTensors;\nconst leak = tf.tidy(() => {\n  makers[0]();\n  return tf.memory().numTensors - before - 1;\n});\nreturn makers.map(() => leak);',
    ],
  ],
  '03-gradient-descent': [
    [
      'fate',
      'takes each jump over the minimum for oscillating',
      "return bend * lr <= 1 ? 'converges' : bend * lr <= 2 ? 'oscillates' : 'diverges';",
    ],
    [
      'fate',
      'has a tolerance of a hundred thousandth',
      "const size = Math.abs(1 - bend * lr);\nreturn Math.abs(size - 1) < 1e-5 ? 'oscillates' : size < 1 ? 'converges' : 'diverges';",
    ],
    [
      'fate',
      'forgets negative rates',
      "return bend * lr === 2 ? 'oscillates' : bend * lr < 2 ? 'converges' : 'diverges';",
    ],
    [
      'fate',
      'tries it out',
      "let x = 1;\nfor (let i = 0; i < 100_000; i++) x *= 1 - bend * lr;\nreturn Math.abs(x) === 1 ? 'oscillates' : Math.abs(x) < 1e-6 ? 'converges' : 'diverges';",
    ],
    [
      'bend',
      'takes an h in proportion to x',
      'const h = 1e-4 * Math.abs(x);\nreturn (f(x + h) - 2 * f(x) + f(x - h)) / (h * h);',
    ],
    ['bend', 'takes a large h', 'const h = 0.01;\nreturn (f(x + h) - 2 * f(x) + f(x - h)) / (h * h);'],
    [
      'minimize',
      'has another default for the most moves',
      "let x = start;\nfor (let moves = 0; moves <= (most === 10_000 ? 1000 : most); moves++) {\n  const s = slope(x);\n  if (!Number.isFinite(x) || !Number.isFinite(s)) break;\n  if (Math.abs(s) < tolerance) return x;\n  x -= lr * s;\n}\nthrow new RangeError('none');",
    ],
    [
      'minimize',
      'takes large numbers for none',
      "let x = start;\nfor (let moves = 0; moves <= most; moves++) {\n  const s = slope(x);\n  if (!(Math.abs(x) < 1e9)) break;\n  if (Math.abs(s) < tolerance) return x;\n  x -= lr * s;\n}\nthrow new RangeError('none');",
    ],
    [
      'minimize',
      'takes a slope that grows for a path that diverges',
      "let x = start;\nlet before = Infinity;\nfor (let moves = 0; moves <= most; moves++) {\n  const s = Math.abs(slope(x));\n  if (!Number.isFinite(x) || s > before) break;\n  if (s < tolerance) return x;\n  before = s;\n  x -= lr * slope(x);\n}\nthrow new RangeError('none');",
    ],
    [
      'minimize',
      'looks at no start',
      "let x = start;\nfor (let moves = 0; moves <= most; moves++) {\n  const s = slope(x);\n  if (Math.abs(s) < tolerance) return x;\n  x -= lr * s;\n  if (!Number.isFinite(x)) break;\n}\nthrow new RangeError('none');",
    ],
    [
      'minimize',
      'throws another error where the numbers end',
      "let x = start;\nfor (let moves = 0; moves <= most; moves++) {\n  const s = slope(x);\n  if (!Number.isFinite(x) || !Number.isFinite(s)) throw new Error('no number');\n  if (Math.abs(s) < tolerance) return x;\n  x -= lr * s;\n}\nthrow new RangeError('none');",
    ],
    [
      'neuron',
      'divides exponentials',
      'const e = w[0].mul(x[0]).add(w[1].mul(x[1])).add(b).mul(2).exp();\nreturn e.sub(1).div(e.add(1));',
    ],
    [
      'neuron',
      'skips an input of 0',
      'let z = b;\nif (x[0]) z = z.add(w[0].mul(x[0]));\nif (x[1]) z = z.add(w[1].mul(x[1]));\nreturn z.tanh();',
    ],
    [
      'fitLine',
      'knows the formula',
      'const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;\nconst [mx, my] = [mean(x), mean(y)];\nconst w = mean(x.map((v, i) => (v - mx) * (y[i] - my))) / mean(x.map((v) => (v - mx) ** 2));\nreturn { w, b: my - w * mx };',
    ],
    ['fitLine', 'adds the errors up', DESCENT.replace('RATE', '0.01 * x.length')],
    ['fitLine', 'begins at 1 and 1', DESCENT.replace('[0, 0]', '[1, 1]').replace('RATE', '0.1')],
    ['fitLine', 'takes a rate that never settles at the edge', DESCENT.replace('RATE', '0.2')],
    [
      'ravineSteps',
      'gives up after five thousand steps',
      RAVINE.replace('FAR', 'Math.hypot(x, y) >= 0.001 && steps < 5000'),
    ],
    [
      'ravineSteps',
      'looks at each coordinate',
      RAVINE.replace('FAR', '(Math.abs(x) >= 0.001 || Math.abs(y) >= 0.001)'),
    ],
    ['bend', 'takes differences to one side', 'const h = 1e-4;\nreturn (f(x + 2 * h) - 2 * f(x + h) + f(x)) / h ** 2;'],
    [
      'minimize',
      'moves before it looks',
      "let x = start;\nfor (let step = 0; step < most; step++) {\n  x -= lr * slope(x);\n  if (!Number.isFinite(x)) break;\n  if (Math.abs(slope(x)) < tolerance) return x;\n}\nthrow new RangeError('none');",
    ],
    [
      'minimize',
      'stops when x hardly moves',
      "let x = start;\nfor (let step = 0; step <= most; step++) {\n  const move = lr * slope(x);\n  if (!Number.isFinite(move)) break;\n  if (Math.abs(move) < tolerance) return x;\n  x -= move;\n}\nthrow new RangeError('none');",
    ],
    [
      'neuron',
      'takes the second input for the first',
      'return w[0].mul(x[0]).add(w[1].mul(x[0]).mul(x[1])).add(b).tanh();',
    ],
    [
      'fitLine',
      'stops after a thousand steps',
      'let [w, b] = [0, 0];\nfor (let step = 0; step < 1000; step++) {\n  const errors = x.map((value, i) => w * value + b - y[i]);\n  w -= (0.1 * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0)) / x.length;\n  b -= (0.1 * 2 * errors.reduce((sum, error) => sum + error, 0)) / x.length;\n}\nreturn { w, b };',
    ],
    [
      'ravineSteps',
      'looks at the squared distance',
      'let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, 0];\nwhile (x * x + y * y >= 0.001) {\n  vx = momentum * vx - 0.02 * 2 * x;\n  vy = momentum * vy - 0.02 * 50 * y;\n  x += vx;\n  y += vy;\n  steps++;\n}\nreturn steps;',
    ],
  ],
  '04-logistic-regression': [
    [
      'oddsAndProbability',
      'clips z',
      'const odds = Math.exp(Math.min(z, 700));\nreturn { odds, probability: odds / (1 + odds) };',
    ],
    [
      'oddsAndProbability',
      'takes 700 for too large',
      'return { odds: z > 700 ? Infinity : Math.exp(z), probability: z > 20 ? 1 : 1 / (1 + Math.exp(-z)) };',
    ],
    [
      'stableLoss',
      'clips z',
      'return labels.reduce((sum, y, i) => {\n  const s = Math.max(-500, Math.min(500, z[i]));\n  return sum + Math.log(1 + Math.exp(s)) - y * s;\n}, 0) / labels.length;',
    ],
    [
      'oneStep',
      'moves the bias by the sum of the errors',
      'const errors = x.map((row, i) => 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i]);\nreturn { w: w.map((value, j) => value - lr * errors.reduce((sum, error, i) => sum + error * x[i][j], 0) / x.length), b: b - lr * errors.reduce((sum, error) => sum + error, 0) };',
    ],
    [
      'precisionAndRecall',
      'scores class 0 where class 1 never occurs',
      'const of = y.includes(1) ? 1 : 0;\nconst count = (truth: number, said: number): number => y.filter((label, i) => label === truth && predicted[i] === said).length;\nconst [tp, fp, fn] = [count(of, of), count(1 - of, of), count(of, 1 - of)];\nreturn { precision: tp / (tp + fp) || 0, recall: tp / (tp + fn) || 0 };',
    ],
    [
      'cheapestThreshold',
      'takes the first lowest cost of the list',
      'const costs = thresholds.map((t) => y.reduce((sum, label, i) => sum + (probabilities[i] > t && label === 0 ? alarm : probabilities[i] <= t && label === 1 ? miss : 0), 0));\nreturn thresholds[costs.indexOf(Math.min(...costs))];',
    ],
    [
      'cheapestThreshold',
      'sorts the thresholds in place',
      'const cost = (t: number): number => y.reduce((sum, label, i) => sum + (probabilities[i] > t && label === 0 ? alarm : probabilities[i] <= t && label === 1 ? miss : 0), 0);\nreturn thresholds.sort((a, b) => cost(a) - cost(b) || a - b)[0];',
    ],
    ['epochsNeeded', 'corrects once an epoch', PERCEPTRON_BY_BATCH],
    ['epochsNeeded', 'takes a sum of 0 for class 1', PERCEPTRON_BY_BATCH.replace('> 0 ? 1', '>= 0 ? 1')],
  ],
  '05-neural-networks-from-scratch': [
    [
      'countParameters',
      'knows one hidden layer',
      'return sizes.length === 2 ? sizes[0] * sizes[1] + sizes[1] : (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[sizes.length - 1];',
    ],
    [
      'softplus',
      'has the slope of ReLU',
      "return { name: 'softplus', value: (z) => (z > 30 ? z : Math.log(1 + Math.exp(z))), derivative: (z) => (z > 30 ? 1 : z < -30 ? 0 : z === 0 ? 0.5 : z > 0 ? 1 : 0) };",
    ],
    [
      'softmaxRows',
      'subtracts the first number of the row',
      'return z.map((row) => {\n  const e = row.map((value) => Math.exp(value - row[0]));\n  return e.map((value) => value / e.reduce((a, b) => a + b, 0));\n});',
    ],
    [
      'hiddenLayer',
      'looks for dead units in the first row',
      'const a = x.map((row) => b.map((bias, j) => Math.max(0, row.reduce((sum, value, k) => sum + value * w[k][j], bias))));\nreturn { a, dead: a[0].filter((value) => value === 0).length };',
    ],
    [
      'errorBelow',
      'multiplies by the weights the wrong way round',
      'return delta.map((row, i) => zBelow[i].map((z, j) => (z > 0 ? row.reduce((sum, error, k) => sum + error * (weights[k]?.[j] ?? weights[j][k]), 0) : 0)));',
    ],
  ],
  '06-first-network': [
    ['countSteps', 'leaves out the last batch', 'return Math.floor(rows / batchSize) * epochs;'],
    [
      'minMax',
      'divides by 0',
      'return rows.map((row) => row.map((value, j) => {\n  const column = rows.map((other) => other[j]);\n  return (value - Math.min(...column)) / (Math.max(...column) - Math.min(...column));\n}));',
    ],
    [
      'minMax',
      'takes what varies little for constant',
      'return rows.map((row) => row.map((value, j) => {\n  const column = rows.map((other) => other[j]);\n  const [low, high] = [Math.min(...column), Math.max(...column)];\n  return high - low < 1e-6 ? 0 : (value - low) / (high - low);\n}));',
    ],
    [
      'stopsAfter',
      'wants it lower by a thousandth',
      'let [best, bad] = [Infinity, 0];\nfor (let i = 0; i < losses.length; i++) {\n  if (losses[i] < best - 1e-3) [best, bad] = [losses[i], 0];\n  else if (++bad >= patience) return i + 1;\n}\nreturn losses.length;',
    ],
    [
      'stopsAfter',
      'counts an equal loss as better',
      'let best = Infinity;\nlet waited = 0;\nfor (const [epoch, loss] of losses.entries()) {\n  waited = loss <= best ? 0 : waited + 1;\n  best = Math.min(best, loss);\n  if (waited >= patience) return epoch + 1;\n}\nreturn losses.length;',
    ],
  ],
  'A1-graph-mode': [
    ['breakEven', 'rounds', 'return eager > graph ? Math.max(1, Math.round(trace / (eager - graph))) : Infinity;'],
    [
      'countNeeded',
      'counts a node as often as it is used',
      'const count = (node: number): number => 1 + nodes[node].inputs.reduce((sum, input) => sum + count(input), 0);\nreturn count(nodes.length - 1);',
    ],
    ['countGraphs', 'says two always', 'return rows < batchSize ? 1 : 2;'],
  ],
};
