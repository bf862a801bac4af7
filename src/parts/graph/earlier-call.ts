import * as tf from '@tensorflow/tfjs-node';
import { otherVariables } from './changed-use';
import { changedNumber, notingNumbers, type Numbers } from './changing-numbers';
import { idOf } from './native';
import type { Recorded } from './trace';

/** What an eager call did, which nobody writes down. */
interface Noted {
  /** Variables that there were before it: an optimizer makes others in its first step. */
  readonly known: ReadonlySet<tf.Variable>;
  readonly changed: readonly tf.Variable[];
}

/** What a function did in an earlier call, the first one or a traced one, to see whether it goes another way by now. */
export class EarlierCall {
  private signature: string | undefined;
  private numbers: Numbers = new Map();
  private noted: Noted | undefined;

  /** Whether a call with such arguments can be compared, or is the first that is known. */
  compares(signature: string): boolean {
    return this.signature === undefined || this.signature === signature;
  }

  /** Runs an eager call, and notes what it does. */
  run<T>(signature: string, eagerly: () => T): T {
    const before = new Map(Object.values(tf.engine().registeredVariables).map((one) => [one, idOf(one)]));
    const numbers: Numbers = new Map();
    const result = notingNumbers(numbers, eagerly);
    this.signature = signature;
    this.numbers = numbers;
    this.noted = { known: new Set(before.keys()), changed: movedOf(before) };
    return result;
  }

  /** Says what a traced call does in another way; undefined: nothing, or its arguments have another form. */
  changeIn(signature: string, { numbers, changed }: Recorded): string | undefined {
    if (this.signature !== signature) return undefined;
    const { noted } = this;
    const others =
      noted &&
      otherVariables(
        noted.changed.filter(({ isDisposed }) => !isDisposed),
        changed.filter((variable) => noted.known.has(variable)),
      );
    return changedNumber(this.numbers, numbers) ?? others;
  }

  /** From now on calls are compared with this one. */
  replace(signature: string, { numbers }: Recorded): void {
    this.signature = signature;
    this.numbers = numbers;
    this.noted = undefined;
  }

  forget(): void {
    this.signature = undefined;
    this.numbers = new Map();
    this.noted = undefined;
  }
}

const movedOf = (before: ReadonlyMap<tf.Variable, number>): tf.Variable[] =>
  [...before].filter(([variable, id]) => !variable.isDisposed && idOf(variable) !== id).map(([variable]) => variable);
