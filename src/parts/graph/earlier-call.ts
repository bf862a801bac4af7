import type * as tf from '@tensorflow/tfjs-node';
import { otherVariables } from './changed-use';
import { changedNumber, notingNumbers, type Numbers } from './changing-numbers';
import { idOf } from './native';
import { Settings } from './settings';
import { onSeparate, separate, variablesOf, type Recorded } from './trace';
import { notingSettings } from './watched-layers';

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
  /** What it found as it was: where that changes, it may well go another way. */
  private settings: Settings | undefined;
  private noted: Noted | undefined;

  /** Whether a call with such arguments can be compared, or is the first that is known. */
  compares(signature: string): boolean {
    return this.signature === undefined || this.signature === signature;
  }

  /** Runs an eager call, and notes what it does. */
  run<T>(signature: string, eagerly: () => T): T {
    const variables = variablesOf();
    // To set a variable to what it shares memory with would leave no trace.
    separate(variables);
    const before = new Map(variables.map((variable) => [variable, idOf(variable)]));
    const stop = onSeparate((variable, from) => {
      if (before.get(variable) === from) before.set(variable, idOf(variable));
    });
    const numbers: Numbers = new Map();
    const settings = new Settings();
    for (const variable of variables) settings.watchOne(variable, 'trainable');
    let result: T;
    try {
      result = notingSettings(settings, () => notingNumbers(numbers, eagerly));
    } finally {
      stop();
    }
    settings.close();
    this.signature = signature;
    this.numbers = numbers;
    this.settings = settings;
    this.noted = { known: new Set(variables), changed: movedOf(before) };
    return result;
  }

  /** Says what a traced call does in another way; undefined: nothing, or its arguments or settings are others. */
  changeIn(signature: string, { numbers, changed, byData }: Recorded): string | undefined {
    if (this.signature !== signature || byData.length > 0) return undefined;
    if (this.settings?.change() !== undefined) return undefined;
    return changedNumber(this.numbers, numbers) ?? this.otherVariables(changed);
  }

  private otherVariables(now: readonly tf.Variable[]): string | undefined {
    if (!this.noted) return undefined;
    const { known, changed } = this.noted;
    return otherVariables(
      changed.filter(({ isDisposed }) => !isDisposed),
      now.filter((variable) => known.has(variable)),
    );
  }

  /** From now on calls are compared with this one. */
  replace(signature: string, { numbers, settings }: Recorded): void {
    this.signature = signature;
    this.numbers = numbers;
    this.settings = settings;
    this.noted = undefined;
  }

  forget(): void {
    this.signature = undefined;
    this.numbers = new Map();
    this.settings = undefined;
    this.noted = undefined;
  }
}

const movedOf = (before: ReadonlyMap<tf.Variable, number>): tf.Variable[] =>
  [...before].filter(([variable, id]) => !variable.isDisposed && idOf(variable) !== id).map(([variable]) => variable);
