import { differenceOf, formOf, type Form } from './argument-forms';
import { GrowingInputs } from './growing-inputs';
import type { Argument } from './structure';
import { load, type Recorded, type Trace } from './trace';

interface Kept {
  readonly trace: Trace;
  readonly form: Form;
}

export const FIRST_CALL = 'the first call';
/** Of how many graphs that are gone it is known why. */
const MOST_REASONS = 100;

/** The graphs of a function: one for each form of its arguments, or for several that differ in a length. */
export class KeptGraphs {
  /** Why each graph was made, in sentences. */
  readonly history: string[] = [];
  private readonly kept = new Map<string, Kept>();
  private readonly gone = new Map<string, string>();
  private readonly growing = new GrowingInputs();

  constructor(private readonly most: number) {}

  get isEmpty(): boolean {
    return this.kept.size === 0;
  }

  /** The graph for arguments that look so. It becomes the one that was used last. */
  find(signature: string): Trace | undefined {
    const found = this.kept.get(signature);
    if (found) {
      this.kept.delete(signature);
      this.kept.set(signature, found);
    }
    return found?.trace;
  }

  /** Makes a graph of what was written down, or finds the one that does the same. Answers whether it is another one. */
  keep(signature: string, args: readonly Argument[], recorded: Recorded): { trace: Trace; isNew: boolean } {
    const form = formOf(args);
    const grown = this.growing.graphFor(signature, args, recorded);
    const isNew = !grown || grown.insteadOf !== undefined;
    const trace = grown?.trace ?? load(recorded);
    if (isNew) this.history.push(this.reason(signature, form) + (grown ? '; that length is open from now on' : ''));
    for (const earlier of grown?.insteadOf ?? []) this.replace(earlier, trace);
    this.gone.delete(signature);
    this.kept.set(signature, { trace, form });
    for (const [oldest, { trace: unused }] of this.kept) {
      if (new Set([...this.kept.values()].map((kept) => kept.trace)).size <= this.most) break;
      if (unused !== trace)
        this.forget(
          oldest,
          `its graph was freed: ${this.most} newer ${this.most === 1 ? 'is' : 'are'} kept (mostTraces)`,
        );
    }
    return { trace, isNew };
  }

  private reason(signature: string, form: Form): string {
    const why = this.gone.get(signature);
    if (why !== undefined) return why;
    return (
      differenceOf(
        form,
        [...this.kept.values()].map((kept) => kept.form),
      ) ?? FIRST_CALL
    );
  }

  private replace(signature: string, trace: Trace): void {
    const earlier = this.kept.get(signature);
    if (!earlier) return;
    this.kept.set(signature, { ...earlier, trace });
    // It may be open itself, and serve other lengths.
    if ([...this.kept.values()].some((kept) => kept.trace === earlier.trace)) return;
    earlier.trace.dispose();
    this.growing.forget(earlier.trace);
  }

  /** Frees a graph, for all arguments for which it is used. */
  forget(signature: string, why: string): void {
    const trace = this.kept.get(signature)?.trace;
    if (!trace) return;
    trace.dispose();
    this.growing.forget(trace);
    for (const [other, kept] of this.kept) {
      if (kept.trace !== trace) continue;
      this.kept.delete(other);
      this.gone.set(other, why);
    }
    for (const other of this.gone.keys()) if (this.gone.size > MOST_REASONS) this.gone.delete(other);
  }

  dispose(): void {
    for (const signature of [...this.kept.keys()]) this.forget(signature, 'its graphs were freed by dispose');
    this.growing.clear();
  }
}
