// How good predictions are: counts, rates, curves; how far two results are apart.
export { accuracy, confusionCounts } from './confusion';
export { f1Score, precision, recall, type ClassMetricOptions } from './precision-recall';
export { areaUnderRoc, rocCurve, type RocPoint } from './roc';
export { logLoss } from './log-loss';
export { largestDifference } from './largest-difference';
