// Results that vary with the seed: bands, the experiments of the chapters, the tables that they made.
export { bandOf, bandText, isInBand, type Band } from './band';
export { type Experiment, type Measures } from './experiment';
export { computeBands, readResults, resultRow, resultsFile, type ResultRow, type Results } from './results';
export { chapter04, fitRedundantFeatures } from './chapter-04';
export { chapter05, digitRows, trainDigitNetwork, trainGreedily, type DigitNetworkOptions } from './chapter-05';
export { buildVariant, chapter06, classifiers, runVariant, variantData, variants, type Variant } from './chapter-06';
