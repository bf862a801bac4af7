import * as tf from '@tensorflow/tfjs-node';
import { openLength, type OpenGraph, type Recording } from './open-length';
import { changedUse, isChanging } from './changed-use';
import { fedOf, kindOf, tensorsOf, type Argument } from './structure';
import { TraceError } from './trace-error';
import { graphOf, type Trace } from './recorded-graph';
import type { Recorded } from './trace';

/** How many calls that differ in one length alone must have been traced before it is left open. */
const CALLS = 3;
const MOST_SEEN = 6;
/** How often it is tried for arguments of one form. */
const MOST_FAILURES = 3;

/** Where a length is: which of the tensors that are fed, and which of its axes. */
interface Axis {
  readonly tensor: number;
  readonly axis: number;
}

/** A call that was written down with arguments of known lengths. */
interface Seen {
  readonly signature: string;
  /** What stays the same: all but the lengths. */
  readonly kind: string;
  /** The lengths of all that is fed, one after the other. */
  readonly lengths: readonly number[];
  readonly axes: readonly Axis[];
  readonly recorded: Recorded;
}

interface Open extends Seen {
  /** Which of the lengths are the open one. */
  readonly places: readonly number[];
  readonly graph: OpenGraph;
  readonly trace: Trace;
  readonly insteadOf: readonly string[];
  /** Whether it has given what was computed eagerly. */
  isChecked: boolean;
}

/** The graph for a call, and, where it was made just now, of which earlier calls it takes the place. */
interface Found {
  readonly trace: Trace;
  readonly insteadOf?: readonly string[];
}

/**
 * Finds calls that differ in one length alone, such as sentences that grow, and makes one graph for all of them.
 *
 * JavaScript may go another way at another length. So each new length is written down once, while it runs eagerly, and
 * the graph takes it over only where it would do exactly the same. It is loaded when a length comes again, and then
 * must give once what is computed eagerly: loading takes as long as many short calls.
 */
export class GrowingInputs {
  private seen: readonly Seen[] = [];
  private open: readonly Open[] = [];
  private readonly failures = new Map<string, number>();

  /** Whether a graph with an open length has yet to show that it gives what is computed eagerly. */
  isUnchecked(trace: Trace): boolean {
    return this.open.some((open) => open.trace === trace && !open.isChecked);
  }

  /**
   * Whether a graph with an open length gives what was computed eagerly. If not, it isn't tried many times.
   * `change` says what JavaScript decides in another way by now.
   */
  check(
    signature: string,
    trace: Trace,
    args: readonly Argument[],
    recorded: Recorded,
  ): { readonly gives: boolean; readonly change?: string } {
    const open = this.open.find((each) => each.trace === trace);
    if (!open || open.isChecked) return { gives: true };
    const now = seenIn(signature, args, recorded);
    const change = open.graph.change(recordingOf(now, open.places));
    open.isChecked = change === undefined && gives(trace, fedOf([...args]), recorded);
    if (!open.isChecked) this.noteFailure(open.kind);
    return { gives: open.isChecked, change };
  }

  private noteFailure(kind: string): void {
    this.failures.set(kind, (this.failures.get(kind) ?? 0) + 1);
  }

  /** The graph with an open length that does what was written down. */
  graphFor(signature: string, args: readonly Argument[], recorded: Recorded): Found | undefined {
    const now = seenIn(signature, args, recorded);
    const like = this.open.filter((candidate) => isForLengthsOf(candidate, now));
    const open = like.find(({ graph, places }) => graph.change(recordingOf(now, places)) === undefined);
    if (open) return { trace: open.trace };
    // By this length, or by the time: the next call with a length that they know tells.
    for (const other of like) other.isChecked = false;
    const made = this.opened(now);
    if (made) {
      this.open = [...this.open, made];
      this.seen = this.seen.filter((other) => other.kind !== now.kind);
      return { trace: made.trace, insteadOf: made.insteadOf };
    }
    this.seen = [...this.seen, now].slice(-MOST_SEEN);
    return undefined;
  }

  /** The graph is no longer there. */
  forget(trace: Trace): void {
    this.open = this.open.filter((open) => open.trace !== trace);
    // What was written down with other settings is no use any more, and holds what these were.
    this.seen = this.seen.filter(({ recorded }) => recorded.settings.change() === undefined);
  }

  clear(): void {
    this.seen = [];
    this.open = [];
  }

  private opened(now: Seen): Open | undefined {
    const failures = this.failures.get(now.kind) ?? 0;
    if (now.recorded.byData.length > 0) return undefined;
    const family = this.seen.filter((other) => isLike(other, now));
    const [latest] = family.slice(-1);
    if (failures >= MOST_FAILURES || !latest) return undefined;
    const places = differing(latest, now);
    const same = family.filter((other) => String(differing(other, now)) === String(places)).slice(1 - CALLS);
    const rows = [...same, now].map(({ lengths }) => places.map((place) => lengths[place]));
    const haveOneLength = rows.every(([first, ...rest]) => rest.every((length) => length === first));
    if (!haveOneLength || new Set(rows.map(([first]) => first)).size < CALLS) return undefined;
    const made = this.attempt(same, now, places);
    if (!made) this.noteFailure(now.kind);
    return made;
  }

  private attempt(earlier: readonly Seen[], now: Seen, places: readonly number[]): Open | undefined {
    const [first, second] = earlier;
    const { inputNames } = first.recorded;
    const { tensor, axis } = now.axes[places[0]];
    try {
      const input = inputNames[tensor];
      const graph = openLength([recordingOf(first, places), recordingOf(second, places)], { input, axis });
      if (graph.change(recordingOf(now, places)) !== undefined) return undefined;
      const { builder } = graph;
      inputNames.forEach((name, i) => {
        const lengths = now.lengths.map((length, place) => (places.includes(place) ? -1 : length));
        const shape = lengths.filter((_, place) => now.axes[place].tensor === i);
        const placeholder = builder.placeholders.get(name);
        if (placeholder) builder.placeholders.set(name, { ...placeholder, shape });
      });
      const insteadOf = earlier.map(({ signature }) => signature);
      const trace = graphOf({ ...now.recorded, builder });
      return { ...now, places, graph, insteadOf, trace, isChecked: false };
    } catch (error) {
      if (error instanceof TraceError) return undefined;
      throw error;
    }
  }
}

/** Whether a graph gives what was computed eagerly; where it changes variables or draws, whether it gives such shapes. */
function gives(trace: Trace, inputs: readonly tf.Tensor[], { result, changed, captured }: Recorded): boolean {
  const isDrawing = captured.some(({ source }) => isChanging(source) && source.back !== undefined);
  return tf.tidy(() => {
    let made: tf.Tensor[];
    try {
      made = trace.try(inputs);
    } catch {
      return false;
    }
    return tensorsOf(result).every((expected, i) => {
      if (String(made[i].shape) !== String(expected.shape)) return false;
      if (isDrawing || changed.length > 0) return true;
      const [a, b] = [made[i], expected].map((tensor) => Array.from<number | string>(tensor.dataSync()));
      const largest = Math.max(
        0,
        ...b.map((value) => (typeof value === 'number' && isFinite(value) ? Math.abs(value) : 0)),
      );
      return a.every((value, j) => isClose(value, b[j], largest));
    });
  });
}

/** Sums in another order differ in the last digits; of texts, the largest number is 0. */
const isClose = (a: number | string, b: number | string, largest: number): boolean =>
  a === b || Object.is(a, b) || Math.abs(Number(a) - Number(b)) < 1e-4 * largest;

function seenIn(signature: string, args: readonly Argument[], recorded: Recorded): Seen {
  const shapes = fedOf([...args]).map(({ shape }) => shape);
  return {
    signature,
    kind: kindOf(args),
    lengths: shapes.flat(),
    axes: shapes.flatMap((shape, tensor) => shape.map((_, axis) => ({ tensor, axis }))),
    recorded,
  };
}

const differing = (one: Seen, other: Seen): number[] =>
  one.lengths.flatMap((length, place) => (length === other.lengths[place] ? [] : [place]));

const recordingOf = ({ recorded, lengths }: Seen, [place]: readonly number[]): Recording => ({
  builder: recorded.builder,
  numbers: recorded.numbers,
  rows: lengths[place],
});

/** Whether it is the same call but for the open length, and the graph still holds. */
function isForLengthsOf(open: Open, now: Seen): boolean {
  const { places } = open;
  const [rows] = places.map((place) => now.lengths[place]);
  return (
    isLike(open, now) &&
    now.lengths.every((length, place) => length === (places.includes(place) ? rows : open.lengths[place])) &&
    open.trace.whyInvalid() === undefined
  );
}

/** Whether both take, use, change and give the same things, and none has changed since. */
function isLike(one: Seen, other: Seen): boolean {
  const [a, b] = [one.recorded, other.recorded];
  return (
    one.kind === other.kind &&
    changedUse(a, b) === undefined &&
    a.settings.isLike(b.settings) &&
    a.settings.change() === undefined
  );
}
