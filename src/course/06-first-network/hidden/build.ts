import { build } from '../exercises';
import { heldOut } from '../../../parts/grading/held-out';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { drawWeights, shapesOf } from '../../../parts/grading/two-layers';
import { corners, follows, generalizes, SIZES, stepsAsAdam, WIDE } from './classifiers';
import { matrix } from '../../../parts/grading/draws';

const EPOCHS = 80;

export const buildTests = hiddenTests(build, (make) => [
  make.probe(
    'computes ReLU, then softmax, whatever its weights are',
    1,
    (draw) => {
      const sizes = [5, 7, 3] as const;
      const [ordinary, large] = [matrix(draw, 6, 5, 2), matrix(draw, 6, 5, 40)];
      const weights = drawWeights(draw, sizes);
      // Large sums, but no certain output: what limits them shows.
      const small = weights.map((list, l) => (l === 2 ? list.map((value) => value / 20) : list));
      return [
        [{ x: ordinary, sizes, weights, shapes: shapesOf(sizes) }, follows(weights, sizes, ordinary)],
        [{ x: large, sizes, weights: small, shapes: shapesOf(sizes) }, follows(small, sizes, large)],
      ];
    },
    (answer, { x, sizes, weights, shapes }, { tf }) => {
      const model = answer(sizes[0], sizes[1], sizes[2]);
      if (
        model
          .getWeights()
          .map(({ shape }) => shape)
          .join(' ') !== shapes.join(' ')
      )
        return { shapes: 'other' };
      model.setWeights(weights.map((list, i) => tf.tensor(list, shapes[i])));
      return [model.predict(tf.tensor2d(x))].flat()[0].arraySync();
    },
    {
      result: 'returned a model that, with weights of ours, gives',
      look: 'The hidden layer has ReLU, which has no upper end, and the last one softmax; each has weights and biases, and there is no further layer.',
    },
  ),
  heldOut(
    make,
    'learns classes that no line separates',
    1,
    (draw) => {
      const [train, others] = [corners(draw, 60), corners(draw, 60)];
      return [[{ train, heldOut: others, settings: { sizes: WIDE, epochs: EPOCHS } }, generalizes]];
    },
    async (answer, { train: { x, labels }, unseen, settings: { sizes, epochs } }, { tf }) => {
      const model = answer(sizes[0], sizes[1], sizes[2]);
      await model.fit(tf.tensor2d(x), tf.tensor1d(labels), {
        epochs,
        batchSize: 60,
        shuffle: false,
        verbose: 0,
        yieldEvery: 'never',
      });
      return {
        weights: model.getWeights().map((weight) => Array.from(weight.dataSync())),
        predictions: [model.predict(tf.tensor2d(unseen))].flat()[0].arraySync(),
      };
    },
    {
      look: 'Train it on class numbers yourself: does the loss fall? Its outputs are computed again from its weights, so layers other than those of the task fail here too.',
    },
  ),
  make.probe(
    'steps as Adam does, and measures the accuracy',
    1,
    (draw) => {
      const [rows, weights] = [corners(draw, 30), drawWeights(draw, SIZES)];
      return [[{ ...rows, sizes: SIZES, weights, shapes: shapesOf(SIZES) }, stepsAsAdam(weights, SIZES, rows)]];
    },
    async (answer, { x, labels, sizes, weights, shapes }, { tf }) => {
      const model = answer(sizes[0], sizes[1], sizes[2]);
      if (
        model
          .getWeights()
          .map(({ shape }) => shape)
          .join(' ') !== shapes.join(' ')
      )
        return { shapes: 'other' };
      model.setWeights(weights.map((list, i) => tf.tensor(list, shapes[i])));
      const [inputs, targets] = [tf.tensor2d(x), tf.tensor1d(labels)];
      const score = [model.evaluate(inputs, targets)].flat().map((item) => item.dataSync()[0]);
      const step = async (): Promise<number[][]> => {
        await model.fit(inputs, targets, { epochs: 1, batchSize: 30, shuffle: false, verbose: 0 });
        return model.getWeights().map((weight) => Array.from(weight.dataSync()));
      };
      return { score, first: await step(), second: await step() };
    },
    {
      result: 'returned a model that scores and steps as',
      look: 'Where its outputs are right, look at what `compile` is given (the optimizer, the loss, the metrics), and at whether a layer adds to the loss (a regularizer) or drops units.',
    },
  ),
]);
