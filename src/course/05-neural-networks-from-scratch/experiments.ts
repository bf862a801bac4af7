import { experiment, trainDigitNetwork, trainGreedily } from '../../parts/experiments';

export const experiments = [
  experiment('linear', 'no hidden layer', trainDigitNetwork, { hiddenUnits: [] }),
  experiment('relu', '32 hidden units, ReLU', trainDigitNetwork, {}),
  experiment('leaky-relu', '32 hidden units, leaky ReLU', trainDigitNetwork, { hidden: 'leakyRelu' }),
  experiment('tanh', '32 hidden units, tanh', trainDigitNetwork, { hidden: 'tanh' }),
  experiment('sigmoid', '32 hidden units, sigmoid', trainDigitNetwork, { hidden: 'sigmoid' }),
  experiment('greedy', 'two layers of 8, one after the other', trainGreedily, {}),
  experiment('joint', 'two layers of 8, together', trainGreedily, { jointly: true }),
];
