import { cheapestThresholdTests } from './hidden/cheapest-threshold';
import { epochsNeededTests } from './hidden/epochs-needed';
import { oddsAndProbabilityTests } from './hidden/odds-and-probability';
import { oneStepTests } from './hidden/one-step';
import { precisionAndRecallTests } from './hidden/precision-and-recall';
import { stableLossTests } from './hidden/stable-loss';

export const hidden = [
  oddsAndProbabilityTests,
  stableLossTests,
  oneStepTests,
  precisionAndRecallTests,
  cheapestThresholdTests,
  epochsNeededTests,
];
