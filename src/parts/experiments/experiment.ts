/** What came out of one run, by name. */
export type Measures = Readonly<Record<string, number>>;

/** Something that is run with several seeds. */
export interface Experiment {
  /** Names it in the table of results: kebab-case. */
  readonly id: string;
  /** What it is, for readers. */
  readonly label: string;
  /** Data and everything random depend on the seed alone. */
  readonly run: (seed: number) => Promise<Measures>;
}
