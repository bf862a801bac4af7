// What a trace can't write down, in words, with the line that asked for it.
import type * as tf from '@tensorflow/tfjs-node';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

export function refuseDraw(): never {
  throw new TraceError(
    `compile: random numbers that JavaScript draws would be the same at each call of the graph (${whereCalled()}); use randomUniform, randomNormal or dropout of layerwise/graph, or pass them as an argument`,
  );
}

/** @param name what the graph calls the tensor whose value was read. */
export const valueRead = (name: string): TraceError =>
  new TraceError(
    `compile: a value was read while the function was traced (${name}, ${whereCalled()}); the graph would keep that value for ever. Return the tensor and read it outside, or write the decision with tf.where`,
  );

/** Fails for a layer that goes on from its last state. */
export function refuseState({ name, stateful }: Pick<tf.layers.Layer, 'name' | 'stateful'>): void {
  if (stateful)
    throw new TraceError(
      `compile: the layer ${name} keeps its state from call to call (stateful), which a graph can't (${whereCalled()}); make it without, and pass states as arguments`,
    );
}

/** A length in a step is the same at each step of the graph. */
export const lengthInLoop = (op: string): TraceError =>
  new TraceError(
    `scan: the data decide how much ${op} finds, which the steps of a graph can't follow (${whereCalled()}); use it outside of the scan`,
  );

export const changingInLoop = (): TraceError =>
  new TraceError(
    `scan: a number that changes from call to call, such as a random one, would be the same at each step (${whereCalled()}); draw it before and pass it as an input`,
  );

/** A text of a tensor; fails where it is none. */
export function textBytes(text: unknown): Uint8Array {
  if (!(text instanceof Uint8Array))
    throw new TraceError(`compile: expected the texts of a tensor as bytes, got ${typeof text} (${whereCalled()})`);
  return text;
}
