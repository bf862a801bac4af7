import type { MimeBundle } from '../display';
import type { ControlForm } from './explore-controls';

/** A figure as it is shown, or why there is none. */
export type Redrawn = { readonly figure: MimeBundle } | { readonly problem: string };

/** Controls and the picture that they make, as a front end needs them. */
export interface Explored {
  readonly forms: Readonly<Record<string, ControlForm>>;
  readonly first: MimeBundle;
  /** What a front end's controls say, by name; whatever else comes is ignored. */
  redraw(raw: unknown): Redrawn;
}
