import type * as tf from '@tensorflow/tfjs-node';
import { isBoolean, isMethod, members } from './members';
import { engineMembers, type TapeNode } from './private-members';

// What a scan uses of TensorFlow.js's engine: the tape of a gradient.

/** An operation with a gradient of its own. Nothing flows back from outputs whose slope is missing. */
export interface OwnTapeNode extends TapeNode {
  readonly kernelName: string;
  readonly gradient: (slopes: readonly (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>;
}
/** Whether operations are being written on a tape. */
export function isTapeOn(engine: object): boolean {
  const { gradientDepth, kernelDepth } = engineMembers.of(engine).state;
  return gradientDepth > 0 && kernelDepth === 0;
}

/** The tape of the gradient that is being recorded; empty where none is. */
export const tapeOf = (engine: object): readonly TapeNode[] => engineMembers.of(engine).state.activeTape ?? [];

/** Writes an operation of our own on the tape, if there is one. */
export function putOnTape(engine: object, node: OwnTapeNode): void {
  if (!isTapeOn(engine)) return;
  const { state } = engineMembers.of(engine);
  const numbered = { saved: [], ...node, id: state.nextTapeNodeId++ };
  state.activeTape?.push(numbered);
}

/** Frees what the tape of a gradient that failed has kept. */
export function freeTape(engine: object): void {
  const { state } = engineMembers.of(engine);
  for (const { saved } of state.activeTape ?? []) for (const tensor of saved ?? []) tensor.dispose();
  state.activeTape = null;
}

/** Runs `work` with this tape, or without any, whatever is being recorded; what the tape kept is freed. */
export function withTape<T>(engine: object, tape: TapeNode[] | undefined, work: () => T): T {
  const { state } = engineMembers.of(engine);
  const { activeTape, gradientDepth } = state;
  [state.activeTape, state.gradientDepth] = [tape, tape ? 1 : 0];
  try {
    return work();
  } finally {
    freeTape(engine);
    [state.activeTape, state.gradientDepth] = [activeTape, gradientDepth];
  }
}

/** Takes a gradient of `f` by `xs`. */
export const gradientTaker = members('Engine', {
  gradients: isMethod<
    (this: unknown, f: () => tf.Tensor, xs: readonly tf.Tensor[], ...rest: readonly unknown[]) => unknown
  >,
});

export const tensorState = members('Tensor', { isDisposedInternal: isBoolean });

/** Runs `work`, which may use these tensors though they were disposed: something else must hold what is in them. */
export function withTensorsOf<T>(tensors: readonly tf.Tensor[], work: () => T): T {
  const disposed = tensors.map((tensor) => tensorState.of(tensor)).filter((state) => state.isDisposedInternal);
  for (const state of disposed) state.isDisposedInternal = false;
  try {
    return work();
  } finally {
    for (const state of disposed) state.isDisposedInternal = true;
  }
}
