import { layerTests } from './hidden/layer';
import { leaksOfTests } from './hidden/leaks-of';
import { productShapeTests } from './hidden/product-shape';
import { standardizeTests } from './hidden/standardize';
import { toBatchesTests } from './hidden/to-batches';
import { toChannelsLastTests } from './hidden/to-channels-last';

export const hidden = [
  productShapeTests,
  standardizeTests,
  layerTests,
  toChannelsLastTests,
  toBatchesTests,
  leaksOfTests,
];
