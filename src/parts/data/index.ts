// Data sets: finding, downloading and checking them, reading file formats, embedded sets, splitting, scaling, batching.
export { DataError, DataNotFoundError } from './data-error';
export { describeDataSet, listDataSets, type DataFile, type DataSet, type DataVariant } from './registry';
export { cacheFolder, findDataSets, readDataFile, searchFolders, tier, type ReadOptions, type Tier } from './find-file';
export { downloadFile, type DownloadOptions } from './download';
export { openFile } from './open-file';
export { parseIdx, readIdx, type IdxArray } from './idx';
export { CIFAR10_CLASSES, parseCifar, readCifar } from './cifar';
export {
  numberColumn,
  parseTable,
  readTable,
  type Cell,
  type ColumnType,
  type Table,
  type TableOptions,
} from './table';
export { parseJson, readJson } from './json';
export { parseTar, readTar, type TarEntry } from './tar';
export { selectImages, type ImageSet } from './image-set';
export {
  loadBlobs,
  loadBreastCancer,
  loadCircles,
  loadDiabetes,
  loadDigits,
  loadHomePrices,
  loadInsurance,
  loadIris,
  loadMoons,
  loadMovingDigit,
  loadSeasonalSeries,
  loadSpirals,
  loadWine,
  type Clip,
  type TabularSet,
  type TimeSeries,
} from './embedded';
export {
  FASHION_CLASSES,
  loadFashionMnist,
  loadMnist,
  type ImageLoaderOptions,
  type TrainTestImages,
} from './image-loaders';
export { makeBlobs, makeCircles, makeMoons, makeSpirals, type LabeledPoints, type PointOptions } from './synthetic';
export {
  iteratedKFold,
  kFold,
  pick,
  shuffledSplit,
  stratifiedSplit,
  timeSplit,
  type Fold,
  type Split,
  type SplitOptions,
} from './split';
export { minMaxScaler, standardScaler, type Scaler } from './scale';
export { argMax, oneHot } from './one-hot';
export { batches, type BatchOptions } from './batch';
