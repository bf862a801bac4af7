import { isNative } from './native';
import { passThrough } from './native-door';
import { checkingDoor } from './numerics';

let runsEagerly = false;
let checksNumerics = false;

/** Whether functions run eagerly instead of as graphs; in a page always. */
export const isRunningEagerly = (): boolean => runsEagerly || checksNumerics || !isNative();

/**
 * Lets all compiled functions and accelerated models run eagerly, operation by operation, to look for a mistake: values
 * may be read inside, and errors name the line. Graphs are kept for later.
 *
 * @param isOn false: graphs again.
 * @example
 * import { runEagerly } from 'layerwise/graph';
 * runEagerly();
 * runEagerly(false);
 */
export function runEagerly(isOn = true): void {
  runsEagerly = isOn;
}

/**
 * Looks for NaN in what each operation makes, and fails at the first one with an error that names the operation and
 * its line; in a gradient, the line that took it. Everything runs eagerly meanwhile, and many times more slowly.
 *
 * @param isOn false: no more.
 * @example
 * import { checkNumerics } from 'layerwise/graph';
 * checkNumerics();
 * // … the steps that go wrong
 * checkNumerics(false);
 */
export function checkNumerics(isOn = true): void {
  passThrough(isOn ? checkingDoor() : undefined);
  checksNumerics = isOn;
}
