// Tables of results that vary with the seed. A row is computed in a process of its own (compute-rows, worker), stored
// (table) with a hash of the code that its function reaches (row-code, from reached-code, from compiled-module), and is
// old when that code, its data or TensorFlow have changed (row-state). Old rows that take little time can be computed
// again and compared (recompute).
export { computeRows, type ComputeOptions } from './compute-rows';
export { experimentsIn } from './experiments-in';
export { experimentsOf, places, type Place } from './place';
export { reachedCode } from './reached-code';
export { quickOnes, recompute, type Recomputed } from './recompute';
export { rowCode } from './row-code';
export { rowIdOf, stateOf, type RowState } from './row-state';
export { readRows, storeRow } from './table';
export { type Task } from './task';
