// Where the runner of mutants begins: Vitest starts it with this file, and it goes on with the tests of a part.
import { expect, it } from 'vitest';

it('begins with no mutant', () => {
  expect(Reflect.get(Object(Reflect.get(globalThis, '__stryker__')), 'activeMutant')).toBeUndefined();
});
