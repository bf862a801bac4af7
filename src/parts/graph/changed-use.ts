import type * as tf from '@tensorflow/tfjs-node';
import type { Changing } from './changing';
import { kindOf } from './structure';
import type { Recorded } from './trace';

type Source = Recorded['captured'][number]['source'];

/**
 * Says what another recording of a function uses, changes or returns in another way, whatever the shapes; undefined:
 * nothing.
 */
export function changedUse(before: Recorded, now: Recorded): string | undefined {
  const isUsed =
    before.captured.length === now.captured.length &&
    before.captured.every(
      ({ name, source }, i) => name === now.captured[i].name && isSameSource(source, now.captured[i].source),
    );
  if (!isUsed) return 'it had come to use other tensors, variables or layers from outside';
  const others = otherVariables(before.changed, now.changed);
  if (others !== undefined) return others;
  const isReturned =
    String(before.outputNames) === String(now.outputNames) && kindOf([before.result]) === kindOf([now.result]);
  return isReturned ? undefined : 'it had come to return its results in another form';
}

/** Says which of a function's variables it changes in one call and not in another; undefined: none. */
export function otherVariables(before: readonly tf.Variable[], now: readonly tf.Variable[]): string | undefined {
  const left = before.find((variable) => !now.includes(variable));
  const added = now.find((variable) => !before.includes(variable));
  if (left) return `it had come to leave the variable ${left.name} as it is`;
  return added && `it had come to change the variable ${added.name}`;
}

const isSameSource = (one: Source, other: Source): boolean =>
  one === other || (isChanging(one) && isChanging(other) && one.of === other.of);

export const isChanging = (source: Source): source is Changing => typeof source === 'object' && 'of' in source;
