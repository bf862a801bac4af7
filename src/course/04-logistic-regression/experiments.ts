import { fitRedundantFeatures, type Experiment } from '../../parts/experiments';

export const experiments: readonly Experiment[] = [
  {
    id: 'redundant-features',
    label: "the source's setting: four features, 400 steps",
    run: (seed) => Promise.resolve(fitRedundantFeatures(seed)),
  },
  {
    id: 'redundant-features-longer',
    label: 'the same for 20,000 steps',
    run: (seed) => Promise.resolve(fitRedundantFeatures(seed, { steps: 20_000 })),
  },
];
