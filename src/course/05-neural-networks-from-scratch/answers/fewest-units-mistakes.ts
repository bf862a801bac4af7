import { activations, NeuralNetwork } from '../../../parts/nn';
import { generator } from '../../../parts/random';
import { answersTo } from '../../../parts/grading/known-answers';
import { fewestUnits } from '../exercises';

const { unusual } = answersTo(fewestUnits);

unusual('with the defaults of NeuralNetwork and another generator for training', (x, y) => {
  for (const units of [1, 2, 3, 4, 5, 6]) {
    const learns = [0, 1, 2, 3, 4].some((seed) => {
      const network = new NeuralNetwork({
        sizes: [2, units, 1],
        output: 'sigmoid',
        hidden: activations.tanh,
        random: generator(seed),
      });
      network.train(x, y, { epochs: 500, learningRate: 1, random: generator(seed) });
      return network.predict(x).every(([p], i) => Math.round(p) === y[i][0]);
    });
    if (learns) return units;
  }
  return Infinity;
});
