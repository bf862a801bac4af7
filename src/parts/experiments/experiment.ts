/** What came out of one run, by name. */
export type Measures = Readonly<Record<string, number>>;

/** Something that is run with several seeds: an id and a function. */
export interface Experiment {
  /** Names it in the table of results: kebab-case. */
  readonly id: string;
  /** What it is, for readers. */
  readonly label: string;
  /** Data and everything random depend on the seed alone. */
  readonly run: (seed: number) => Promise<Measures>;
  /** The function and the settings behind `run`: what the results depend on. */
  readonly made?: { readonly from: (seed: number, settings: never) => unknown; readonly settings: object };
  /**
   * Names the data where they depend on the machine, as `mnist-5000`; rows of the table are then called
   * `mnist-5000/id`. Undefined where this machine has not what it takes.
   */
  readonly data?: () => Promise<string | undefined>;
}

/**
 * An experiment: an id, a label, and a function with its settings.
 *
 * @param train runs with a seed and the settings. Export it: then results get old when the code that it reaches changes;
 *   else they get old when anything changes that the chapter's experiments reach.
 * @param settings numbers, texts, lists and objects of them: they tell whether results are old.
 * @example
 * import { experiment, trainDigitNetwork } from 'layerwise/experiments';
 * const linear = experiment('linear', 'no hidden layer', trainDigitNetwork, { hiddenUnits: [] });
 */
export const experiment = <const Settings extends object>(
  id: string,
  label: string,
  train: (seed: number, settings: Settings) => Measures | Promise<Measures>,
  settings: Settings,
  data?: Experiment['data'],
): Experiment => ({
  id,
  label,
  run: async (seed) => train(seed, settings),
  made: { from: train, settings },
  ...(data ? { data } : {}),
});
