import * as tf from '@tensorflow/tfjs-node';

let undoing: (() => void)[] | undefined;
/** How many copies are held, by what they share. */
const held = new Map<object, number>();

/** How many copies of a variable are held, in case that what runs now fails. */
export const copiesHeld = ({ dataId }: tf.Variable): number => held.get(dataId) ?? 0;

/** Says how to take back something in JavaScript that the running {@link allOrNothing} does. */
export const onFailure = (undo: () => void): void => void undoing?.push(undo);

/** Runs `work`. Where it fails, variables and the counts of optimizers are what they were before. */
export function allOrNothing<T>(work: () => T): T {
  const before = Object.values(tf.engine().registeredVariables).map((variable) => ({
    variable,
    // Shares the memory: nothing is copied.
    value: variable.clone(),
  }));
  for (const { value } of before) held.set(value.dataId, (held.get(value.dataId) ?? 0) + 1);
  const outer = undoing;
  const undo: (() => void)[] = (undoing = []);
  try {
    const result = work();
    outer?.push(...undo);
    return result;
  } catch (error) {
    for (const step of undo.reverse()) step();
    for (const { variable, value } of before)
      if (!variable.isDisposed && variable.dataId !== value.dataId) variable.assign(value);
    throw error;
  } finally {
    undoing = outer;
    for (const { value } of before) {
      const left = (held.get(value.dataId) ?? 0) - 1;
      if (left > 0) held.set(value.dataId, left);
      else held.delete(value.dataId);
      value.dispose();
    }
  }
}
