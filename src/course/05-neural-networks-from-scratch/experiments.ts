import { trainDigitNetwork, trainGreedily, type DigitNetworkOptions, type Experiment } from '../../parts/experiments';
import { activations } from '../../parts/nn';

const digits = (id: string, label: string, options: DigitNetworkOptions): Experiment => ({
  id,
  label,
  run: (seed) => Promise.resolve(trainDigitNetwork(seed, options)),
});

export const experiments: readonly Experiment[] = [
  digits('linear', 'no hidden layer', { hiddenUnits: [] }),
  digits('relu', '32 hidden units, ReLU', {}),
  digits('leaky-relu', '32 hidden units, leaky ReLU', { hidden: activations.leakyRelu }),
  digits('tanh', '32 hidden units, tanh', { hidden: activations.tanh }),
  digits('sigmoid', '32 hidden units, sigmoid', { hidden: activations.sigmoid }),
  { id: 'greedy', label: 'two layers of 8, one after the other', run: (seed) => Promise.resolve(trainGreedily(seed)) },
  {
    id: 'joint',
    label: 'two layers of 8, together',
    run: (seed) => Promise.resolve(trainGreedily(seed, { jointly: true })),
  },
];
