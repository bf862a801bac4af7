// What fails a run besides its assertions: output on the console.
import { afterEach, beforeEach, expect, vi, type MockInstance } from 'vitest';

const methods = ['log', 'info', 'warn', 'error'] as const;
let spies: MockInstance<(...words: unknown[]) => void>[] = [];

beforeEach(() => {
  spies = methods.map((method) => vi.spyOn(console, method).mockImplementation(() => undefined));
});

afterEach(() => {
  const printed = spies.flatMap((spy) => spy.mock.calls.map((call) => call.join(' ')));
  for (const spy of spies) spy.mockRestore();
  expect(printed, 'a test printed to the console').toEqual([]);
});
