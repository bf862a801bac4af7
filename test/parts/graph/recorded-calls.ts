import * as tf from '@tensorflow/tfjs-node';
import { expect } from 'vitest';
import type { GrowingInputs } from '../../../src/parts/graph/growing-inputs';
import type { Trace } from '../../../src/parts/graph/recorded-graph';
import { signatureOf, type Argument, type Result } from '../../../src/parts/graph/structure';
import { record, type Recorded } from '../../../src/parts/graph/trace';

export type Way = (x: tf.Tensor, setting?: Argument) => Result;
/** A call as it was written down. */
export interface Call {
  readonly signature: string;
  readonly args: readonly Argument[];
  readonly recorded: Recorded;
}

/** A call with ones in such a shape and, maybe, a setting. */
export function call(way: Way, shape: readonly number[], ...settings: Argument[]): Call {
  const x = tf.ones([...shape]);
  return callWith(way, x, ...settings);
}

export function callWith(way: Way, x: tf.Tensor, ...settings: Argument[]): Call {
  const args = [x, ...settings];
  const run = (...given: Argument[]): Result => {
    const [first, second] = given;
    if (!(first instanceof tf.Tensor)) throw new TypeError('expected a tensor');
    return way(first, second);
  };
  return { signature: args.map(signatureOf).join('|'), args, recorded: record(run, args, (recorded) => recorded) };
}

export const find = (
  growing: GrowingInputs,
  { signature, args, recorded }: Call,
): ReturnType<GrowingInputs['graphFor']> => growing.graphFor(signature, args, recorded);

/** A graph of three calls. */
export function opened(growing: GrowingInputs, calls: readonly Call[]): Trace {
  const results = calls.map((one) => find(growing, one));
  expect(results.map((result) => result !== undefined)).toEqual([false, false, true]);
  const trace = results[2]?.trace;
  if (!trace) throw new Error('expected a graph');
  return trace;
}
