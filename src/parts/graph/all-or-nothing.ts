import * as tf from '@tensorflow/tfjs-node';

let undoing: (() => void)[] | undefined;

/** Says how to take back something in JavaScript that the running {@link allOrNothing} does. */
export const onFailure = (undo: () => void): void => void undoing?.push(undo);

/** Runs `work`. Where it fails, variables and the counts of optimizers are what they were before. */
export function allOrNothing<T>(work: () => T): T {
  const before = Object.values(tf.engine().registeredVariables).map((variable) => ({
    variable,
    // Shares the memory: nothing is copied.
    value: variable.clone(),
  }));
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
    for (const { value } of before) value.dispose();
  }
}
