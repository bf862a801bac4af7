import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { meanSquaredError } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(meanSquaredError);

wrong('forgets to divide', 2, (yHat, y) => {
  if (yHat.length !== y.length) throw new RangeError('lengths');
  return yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0);
});

wrong('takes any lengths', 2, (yHat, y) => {
  return yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;
});

wrong('takes an empty list for nothing to do', 2, (yHat, y) => {
  if (y.length === 0) return 0;
  if (yHat.length !== y.length) throw new RangeError('lengths');
  return yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;
});

wrong('leaves out what is not a number', 3, (yHat, y) => {
  if (yHat.length !== y.length) throw new RangeError('lengths');
  return yHat.reduce((sum, value, i) => sum + ((value - y[i]) ** 2 || 0), 0) / y.length;
});

wrong('throws another error', 2, (yHat, y) => {
  if (yHat.length !== y.length) throw new Error('lengths');
  return yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;
});

slow(2, (yHat, y) => {
  if (yHat.length !== y.length) throw new RangeError('lengths');
  if (y.length > 3) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;
});

unusual('by recursion', (yHat, y) => {
  if (yHat.length !== y.length) throw new RangeError('lengths');
  const sum = (i: number): number => (i < 0 ? 0 : (yHat[i] - y[i]) ** 2 + sum(i - 1));
  return sum(y.length - 1) / y.length;
});

unusual('with tensors', (yHat, y) => {
  if (yHat.length !== y.length) throw new RangeError('lengths');
  return tf.tidy(() => tf.losses.meanSquaredError(tf.tensor1d(y), tf.tensor1d(yHat)).dataSync()[0]);
});

unusual('with typed arrays, and an error class of its own', (yHat, y) => {
  class Unequal extends RangeError {}
  if (yHat.length !== y.length) throw new Unequal('lengths');
  const [a, b] = [Float64Array.from(yHat), Float64Array.from(y)];
  return a.map((value, i) => (value - b[i]) ** 2).reduce((sum, value) => sum + value) / a.length;
});

mistake('notices only a first list that is shorter', (yHat, y) => {
  if (yHat.length < y.length) throw new RangeError('too short');
  return yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / yHat.length;
});

mistake('takes sizes for squares', (yHat, y) => {
  if (yHat.length !== y.length) throw new RangeError('lengths');
  return yHat.reduce((sum, value, i) => sum + Math.abs(value - y[i]), 0) / y.length;
});
