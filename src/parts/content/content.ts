/** What parts may ask of the course's chapters. They name none: they find what there is. */
export interface Content {
  /** Names of the chapters, in the course's order: `04-logistic-regression`. */
  readonly chapters: readonly string[];
  /** What a chapter's exercises export (their visible tests), or its table of results; undefined where it has none. */
  read(chapter: string, what: 'exercises' | 'results'): unknown;
}
