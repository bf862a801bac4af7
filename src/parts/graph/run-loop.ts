import * as tf from '@tensorflow/tfjs-node';
import { GraphLoop } from './graph-loop';
import { idOf } from './native';
import type { Recorder } from './recorder';
import { copyOf, rowOf, typeOf } from './scan-parts';
import { StepBody } from './step-body';

interface Loop {
  /** What goes from step to step, before the first one. */
  readonly starts: readonly tf.Tensor[];
  /** Of these each step gets its row. */
  readonly whole: readonly tf.Tensor[];
  /** From the last row to the first (default false). */
  readonly isBackward?: boolean;
  readonly step: (now: readonly tf.Tensor[], rows: readonly tf.Tensor[]) => Made;
}

interface Made {
  readonly next: readonly tf.Tensor[];
  /** Put in the row's place. */
  readonly items: readonly tf.Tensor[];
}

/** What a step made, with the names of all of it in the graph. */
interface Named extends Made {
  readonly names: readonly string[];
}

/**
 * Writes a loop into the graph, and computes it. Its first step is written down; the others are computed too, so that
 * tracing gives what it should, and must do the same as the first one.
 *
 * @returns what goes from step to step, after the last one, and the items, stacked.
 */
export function runLoop(
  recorder: Recorder,
  { starts, whole, isBackward = false, step }: Loop,
): { readonly last: readonly tf.Tensor[]; readonly items: readonly tf.Tensor[] } {
  const count = whole[0].shape[0];
  const nameOf = (x: tf.Tensor): string => recorder.nameOf(idOf(x));
  const know = (x: tf.Tensor, name: string): string => recorder.know(idOf(x), typeOf(x), name);
  const [startNames, wholeNames] = [starts.map(nameOf), whole.map(nameOf)];
  const loop = new GraphLoop(recorder, count);
  const place = isBackward ? loop.fromEnd() : loop.index;
  const carried = starts.map((x, i) => loop.variable(typeOf(x), startNames[i]));
  const rowNames = whole.map((x, i) => loop.row(typeOf(x), wholeNames[i], place));
  const body = new StepBody(recorder.builder);

  const run = (before: readonly tf.Tensor[], t: number): Named => {
    const row = isBackward ? count - 1 - t : t;
    const [now, rows] = recorder.aside(() => [before.map(copyOf), whole.map((x) => rowOf(x, row))]);
    now.forEach((x, i) => know(x, carried[i].now));
    rows.forEach((x, i) => know(x, rowNames[i]));
    return loop.step(body, () => {
      const { next, items } = step(now, rows);
      return { next, items, names: [...next, ...items].map(nameOf) };
    });
  };
  const runAgain = (before: readonly tf.Tensor[], t: number): Named => {
    body.again();
    let made: Named = { next: [], items: [], names: [] };
    tf.tidy(() => {
      made = run(before, t);
      return [...made.next, ...made.items];
    });
    body.checkResults(first.names, made.names);
    return made;
  };

  const steps = [run(starts, 0)];
  const [first] = steps;
  for (let t = 1; t < count; t++) steps.push(runAgain(steps[t - 1].next, t));
  carried.forEach(({ next }, i) => next(first.names[i]));
  const stacks = first.items.map((x, i) => loop.collect(typeOf(x), first.names[starts.length + i], place));
  const values = recorder.aside(() => ({
    last: steps[count - 1].next.map(copyOf),
    items: first.items.map((_, i) => {
      const all = steps.map(({ items }) => items[i]);
      return tf.stack(isBackward ? all.reverse() : all);
    }),
  }));
  values.last.forEach((x, i) => know(x, carried[i].result));
  values.items.forEach((x, i) => know(x, stacks[i]));
  return values;
}
