// A trace that takes long says so in a notebook, and can be stopped.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LongTrace } from '../../../src/parts/graph/long-trace';

const [OUTPUT, CHECKPOINT] = ['layerwise.output', 'layerwise.checkpoint'].map((name) => Symbol.for(name));

let now = 0;
beforeEach(() => {
  now = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const name of [OUTPUT, CHECKPOINT]) Reflect.deleteProperty(globalThis, name);
});

type Shown = [text: unknown, id: unknown, update: unknown];

/** What a notebook shows. */
function notebook(): Shown[] {
  const shown: Shown[] = [];
  Reflect.set(globalThis, OUTPUT, (bundle: Record<string, unknown>, options: Record<string, unknown>) =>
    shown.push([bundle['text/plain'], options.id, options.update]),
  );
  return shown;
}

/** Writes operations down at such times after the start, in milliseconds; returns how many of them were told. */
function tellsAt(trace: LongTrace, shown: readonly unknown[], times: readonly number[]): number[] {
  const start = now;
  return times.map((time, i) => {
    const { length } = shown;
    now = start + time;
    trace.step(i + 1);
    return shown.length - length;
  });
}

describe('a long trace', () => {
  it('says so after two seconds, and then each second, in one place', () => {
    const shown = notebook();
    const trace = new LongTrace();
    expect(tellsAt(trace, shown, [0, 1999, 2000, 2999, 3000, 3001, 4500])).toEqual([0, 0, 1, 0, 1, 0, 1]);
    now += 250;
    trace.done(9);
    expect(shown.map(([text]) => text)).toEqual([
      'graph: tracing, 3 operations so far, 2.0 s',
      'graph: tracing, 5 operations so far, 3.0 s',
      'graph: tracing, 7 operations so far, 4.5 s',
      'graph: traced, 9 operations, 4.8 s',
    ]);
    expect(shown.map(([, , update]) => update)).toEqual([false, true, true, true]);
    expect(new Set(shown.map(([, id]) => id)).size).toBe(1);
  });

  it('says nothing where it was short, nor outside of a notebook', () => {
    const shown = notebook();
    const short = new LongTrace();
    expect(tellsAt(short, shown, [0, 1500])).toEqual([0, 0]);
    short.done(2);
    expect(shown).toEqual([]);
    Reflect.deleteProperty(globalThis, OUTPUT);
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const long = new LongTrace();
    now += 9000;
    long.step(1);
    long.done(1);
    expect(log).not.toHaveBeenCalled();
  });

  it('asks at each operation whether to stop, where somebody may say so', () => {
    let asked = 0;
    Reflect.set(globalThis, CHECKPOINT, (...given: unknown[]) => {
      expect(given).toEqual([]);
      if (++asked === 2) throw new Error('stop');
    });
    const trace = new LongTrace();
    trace.step(1);
    expect(asked).toBe(1);
    expect(() => trace.step(2)).toThrow('stop');
    Reflect.set(globalThis, CHECKPOINT, 'no function');
    expect(() => trace.step(3)).not.toThrow();
  });
});
