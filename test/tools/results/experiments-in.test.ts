import { describe, expect, it } from 'vitest';
import { experiment, trainDigitNetwork } from '../../../src/parts/experiments';
import { experimentsIn, experimentsOf, places, rowCode } from '../../../src/tools/results';

const run = (seed: number): Promise<{ value: number }> => Promise.resolve({ value: seed });
const named = (id: string): object => ({ id, label: 'A row', run });

describe('the experiments of a chapter', () => {
  it.each<[string, unknown, string]>([
    ['a module without them', {}, 'got nothing of that name'],
    ['no module', undefined, 'got nothing of that name'],
    ['a function that makes them', { experiments: () => [] }, 'got a function'],
    [
      'a list with something else',
      { experiments: [named('a'), { id: 'b', label: 'B' }] },
      'a list whose item 1 has no id',
    ],
    ['an id that is a number', { experiments: [{ id: 1, label: 'B', run }] }, 'a list whose item 0 has no id'],
    ['an id with a capital', { experiments: [named('Linear')] }, 'expected ids in kebab-case'],
    ['an id with a slash', { experiments: [named('mnist/linear')] }, 'got "mnist/linear"'],
    ['an empty id', { experiments: [named('')] }, 'got ""'],
    ['an id that leaves the folder', { experiments: [named('../a')] }, 'got "../a"'],
    ['an id twice', { experiments: [named('a'), named('b'), named('a')] }, 'the id "a" is there twice'],
  ])('are refused in %s', (_, loaded, message) => {
    expect(() => experimentsIn(loaded, 'the module')).toThrow(message);
  });

  it('come in their order', () => {
    expect(experimentsIn({ experiments: [named('b'), named('a')] }, 'the module').map(({ id }) => id)).toEqual([
      'b',
      'a',
    ]);
  });

  it('have functions that modules export, in every chapter: an edit elsewhere leaves their rows current', () => {
    for (const { module } of places()) {
      const chapter = experimentsOf({ module });
      expect(chapter.length).toBeGreaterThan(0);
      // A function that no module exported would give all rows the hash of the whole module, with equal settings.
      const whole = rowCode({ id: 'inline', label: 'L', run }, module).code;
      for (const item of chapter)
        expect(rowCode({ ...item, made: item.made && { ...item.made, settings: {} } }, module).code).not.toBe(whole);
    }
  });
});

describe('the settings of a row', () => {
  const module = places()[0].module;
  const codeOf = (settings: object): string =>
    rowCode({ id: 'row', label: 'L', run, made: { from: trainDigitNetwork, settings } }, module).code;

  it('count by what they say, not by their order', () => {
    const code = codeOf({ epochs: 3, hiddenUnits: [8, 4], nested: { a: true, b: null } });
    expect(codeOf({ nested: { b: null, a: true }, hiddenUnits: [8, 4], epochs: 3, left: undefined })).toBe(code);
    for (const other of [
      { epochs: 4, hiddenUnits: [8, 4], nested: { a: true, b: null } },
      { epochs: 3, hiddenUnits: [4, 8], nested: { a: true, b: null } },
      { epochs: 3, hiddenUnits: [8, 4], nested: { a: 'true', b: null } },
      { epochs: 3, hiddenUnits: [8, 4] },
    ])
      expect(codeOf(other)).not.toBe(code);
  });

  it('may hold nothing whose change would go unseen', () => {
    expect(() => codeOf({ hidden: { value: Math.tanh } })).toThrow(
      'the settings of row, hidden, value: expected numbers, texts, truth values, lists and objects of them, got a function',
    );
  });

  it('reach the function as they are', async () => {
    const made = experiment('a', 'A', (seed, { by }: { readonly by: number }) => ({ value: seed * by }), { by: 3 });
    expect(await made.run(4)).toEqual({ value: 12 });
    expect(made.made?.settings).toEqual({ by: 3 });
  });
});
