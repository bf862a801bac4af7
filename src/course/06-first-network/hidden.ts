import { buildTests } from './hidden/build';
import { countStepsTests } from './hidden/count-steps';
import { dataStudyTests } from './hidden/data-study';
import { minMaxTests } from './hidden/min-max';
import { stopsAfterTests } from './hidden/stops-after';

export const hidden = [countStepsTests, minMaxTests, buildTests, stopsAfterTests, dataStudyTests];
