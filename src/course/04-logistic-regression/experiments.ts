import { experiment, fitRedundantFeatures } from '../../parts/experiments';

export const experiments = [
  experiment('redundant-features', "the source's setting: four features, 400 steps", fitRedundantFeatures, {}),
  experiment('redundant-features-longer', 'the same for 20,000 steps', fitRedundantFeatures, { steps: 20_000 }),
];
