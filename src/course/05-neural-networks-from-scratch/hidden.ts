import { countParametersTests } from './hidden/count-parameters';
import { errorBelowTests } from './hidden/error-below';
import { fewestUnitsTests } from './hidden/fewest-units';
import { hiddenLayerTests } from './hidden/hidden-layer';
import { softmaxRowsTests } from './hidden/softmax-rows';
import { softplusTests } from './hidden/softplus';

export const hidden = [
  countParametersTests,
  softplusTests,
  softmaxRowsTests,
  hiddenLayerTests,
  errorBelowTests,
  fewestUnitsTests,
];
