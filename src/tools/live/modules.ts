/** The packs beside the runtime, which holds the parts: a page loads them when a cell imports what needs them. */
export type PackName = 'danfo' | 'data' | 'tensorflow' | 'exercises';

const PACKS = new Map<string, readonly PackName[]>([
  ['@tensorflow/tfjs-node', ['tensorflow']],
  ['danfojs-node', ['data', 'tensorflow', 'danfo']],
  ['layerwise/autodiff', []],
  ['layerwise/data', ['data']],
  ['layerwise/display', []],
  ['layerwise/experiments', ['data', 'tensorflow']],
  ['layerwise/grading', ['exercises']],
  ['layerwise/graph', ['tensorflow']],
  ['layerwise/memory', []],
  ['layerwise/metrics', []],
  ['layerwise/nn', ['tensorflow']],
  ['layerwise/plot', []],
  ['layerwise/random', []],
  ['layerwise/train', ['tensorflow']],
]);

/** What cells of a page can import. */
export const MODULES: readonly string[] = [...PACKS.keys()];

/** The packs that a module's import needs; undefined where no page has the module. */
export const packsOf = (module: string): readonly PackName[] | undefined => PACKS.get(module);

/** The worker's function by which a pack takes a part from the runtime: what has a state must be there once. */
export const PART = 'layerwise$part';

/** Whether a pack finds a part in the runtime: those that cells import, and the door to TensorFlow. */
export const isInRuntime = (part: string): boolean =>
  part === 'tensorflow' || PACKS.get(`layerwise/${part}`)?.includes('exercises') === false;
