// How good predictions are: counts, rates, curves.
export { accuracy, confusionCounts } from './confusion';
export { f1Score, precision, recall, type ClassMetricOptions } from './precision-recall';
export { areaUnderRoc, rocCurve, type RocPoint } from './roc';
export { logLoss } from './log-loss';
