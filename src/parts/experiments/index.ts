// Results that vary with the seed: bands, the tables that experiments made, and what several chapters train.
export { bandOf, bandText, isInBand, type Band } from './band';
export { differenceText, pairedDifferences, type PairedDifferences, type Verdict } from './paired-differences';
export { experiment, type Experiment, type Measures } from './experiment';
export { computeBands } from './compute';
export { compareRows, readResults, resultRow, type ResultRow, type Results } from './results';
export { fitRedundantFeatures } from './redundant-features';
export { digitRows, trainDigitNetwork, trainGreedily, type DigitNetworkOptions } from './digit-network';
export { buildVariant, runVariant, type Variant } from './image-network';
export { classifiers, variants } from './image-variants';
export { trainOnImages, variantData, type ImageTraining } from './image-data';
