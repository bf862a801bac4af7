import { changedStep } from './changing-numbers';
import { changedUse, isChanging } from './changed-use';
import { areSameLengths } from './data-lengths';
import { differenceOf, formOf, type Form } from './argument-forms';
import { GrowingInputs } from './growing-inputs';
import type { Argument } from './structure';
import { graphOf, type Trace } from './recorded-graph';
import type { Recorded } from './trace';

interface Kept {
  readonly trace: Trace;
  readonly form: Form;
  /** What was written down, until another call has shown that it stays so. */
  readonly unproven?: Recorded;
}

/** What became of a recording. */
interface Keeping {
  readonly trace: Trace;
  readonly isNew: boolean;
  /** What JavaScript decided in another way when this was written down before. */
  readonly change?: string;
}

/** Why a graph is gone, and whether that was a setting or a name which changed. */
interface Gone {
  readonly why: string;
  readonly isChange: boolean;
}

export const FIRST_CALL = 'the first call';
/** Of how many graphs that are gone it is known why. */
const MOST_REASONS = 100;

/** The graphs of a function: one for each form of its arguments, or for several that differ in a length. */
export class KeptGraphs {
  /** Why each graph was made, in sentences. */
  readonly history: string[] = [];
  /** How many of them were not made because a setting or a name had changed. */
  forms = 0;
  private readonly kept = new Map<string, Kept>();
  /** The graph that was used last comes last. */
  private readonly byUse = new Set<Trace>();
  private readonly gone = new Map<string, Gone>();
  private readonly growing = new GrowingInputs();
  /** The library's numbers of tensors that were made while it was written down, and outlived that. */
  private readonly madeInside = new Set<number>();
  /** Forms of arguments for which it has made something once that it keeps, such as a mask. */
  private readonly lazily = new Set<string>();

  constructor(private readonly most: number) {}

  get isEmpty(): boolean {
    return this.kept.size === 0;
  }

  /** Whether a call is to be written down once more, to see that its graph gives what is computed eagerly. */
  isUnchecked(signature: string): boolean {
    const kept = this.kept.get(signature);
    return kept !== undefined && (kept.unproven !== undefined || this.growing.isUnchecked(kept.trace));
  }

  /** The graph for arguments that look so. */
  find(signature: string): Trace | undefined {
    const trace = this.kept.get(signature)?.trace;
    if (trace) this.noteUse(trace);
    return trace;
  }

  /** Makes a graph of what was written down, or finds the one that does the same. */
  keep(signature: string, args: readonly Argument[], recorded: Recorded): Keeping {
    const form = formOf(args);
    const known = this.kept.get(signature);
    let change: string | undefined;
    const isLazy = known !== undefined && this.usesWhatItMade(signature, recorded);
    for (const id of recorded.alive) this.madeInside.add(id);
    if (isLazy) this.free(known.trace, 'it uses a tensor that it had made in an earlier call');
    else if (known?.unproven) {
      const before = known.unproven;
      // With another length JavaScript may well compute otherwise: the graph tells lengths apart.
      if (areSameLengths(before.byData, recorded.byData))
        change =
          changedStep(before.builder, recorded.builder, undefined, recorded.numbers) ?? changedUse(before, recorded);
      this.kept.set(signature, { trace: known.trace, form });
      if (change === undefined) return { trace: known.trace, isNew: false };
      this.free(known.trace, change);
    } else if (known) {
      const checked = this.growing.check(signature, known.trace, args, recorded);
      change = checked.change;
      if (!checked.gives) this.free(known.trace, change ?? 'its graph for any length gave something else');
    }
    const grown = this.growing.graphFor(signature, args, recorded);
    const isNew = !grown || grown.insteadOf !== undefined;
    const trace = grown?.trace ?? graphOf(recorded);
    if (isNew) this.history.push(this.reason(signature, form) + (grown ? '; that length is open from now on' : ''));
    for (const earlier of grown?.insteadOf ?? []) this.replace(earlier, trace);
    this.add(signature, { trace, form, unproven: grown || change !== undefined ? undefined : recorded });
    return { trace, isNew, change };
  }

  /** Whether it made once what it keeps for arguments of this form, such as a mask: the next call tells. */
  private usesWhatItMade(signature: string, { captured }: Recorded): boolean {
    const isOwn = captured.some(({ source }) => typeof source === 'number' && this.madeInside.has(source));
    if (!isOwn || this.lazily.has(signature)) return false;
    this.lazily.add(signature);
    return true;
  }

  /** Says which number that a graph reads at each call the function itself changes, such as a rate; undefined: none. */
  ratesOf(signature: string): () => string | undefined {
    const held = (this.kept.get(signature)?.unproven?.captured ?? []).flatMap(({ source }) =>
      isChanging(source) && !source.back ? [{ source, before: String(source.read()) }] : [],
    );
    return () => {
      const changed = held.find(({ source, before }) => String(source.read()) !== before);
      return changed && `${changed.source.of.constructor.name}.learningRate`;
    };
  }

  private add(signature: string, kept: Kept): void {
    this.gone.delete(signature);
    this.kept.set(signature, kept);
    this.noteUse(kept.trace);
    const why = `its graph was freed: ${this.most} newer ${this.most === 1 ? 'is' : 'are'} kept (mostTraces)`;
    for (const oldest of this.byUse) if (this.byUse.size > this.most) this.free(oldest, why);
  }

  private noteUse(trace: Trace): void {
    this.byUse.delete(trace);
    this.byUse.add(trace);
  }

  private reason(signature: string, form: Form): string {
    const gone = this.gone.get(signature);
    if (!gone?.isChange) this.forms++;
    if (gone) return gone.why;
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
    this.kept.set(signature, { trace, form: earlier.form });
    // It may be open itself, and serve other lengths.
    if (![...this.kept.values()].some((kept) => kept.trace === earlier.trace)) this.end(earlier.trace);
  }

  /**
   * Frees a graph, for all arguments for which it is used.
   *
   * @param isChange whether a setting or a name has changed (default false).
   */
  forget(signature: string, why: string, isChange = false): void {
    const trace = this.kept.get(signature)?.trace;
    if (trace) this.free(trace, why, isChange);
  }

  private free(trace: Trace, why: string, isChange = false): void {
    this.end(trace);
    for (const [signature, kept] of this.kept) {
      if (kept.trace !== trace) continue;
      this.kept.delete(signature);
      this.gone.set(signature, { why, isChange });
    }
    for (const oldest of this.gone.keys()) if (this.gone.size > MOST_REASONS) this.gone.delete(oldest);
  }

  private end(trace: Trace): void {
    trace.dispose();
    this.byUse.delete(trace);
    this.growing.forget(trace);
  }

  dispose(): void {
    for (const trace of this.byUse) this.free(trace, 'its graphs were freed by dispose');
    this.growing.clear();
    this.madeInside.clear();
    this.lazily.clear();
  }
}
