// How long a function waits with a new graph, which changes again and again.
import { describe, expect, it } from 'vitest';
import { ChangingOften } from '../../../src/parts/graph/changing-often';

/** How many calls wait now. */
function waitsOf(often: ChangingOften): number {
  let calls = 0;
  while (calls < 1000 && often.isWaiting()) calls++;
  return calls;
}

const changed = (often: ChangingOften): [boolean, number] => [often.noteChange(), waitsOf(often)];
const runTimes = (often: ChangingOften, times: number): void => {
  for (let run = 0; run < times; run++) often.noteRun();
};

describe('what changes often', () => {
  it('waits from the sixth change on, twice as long each time, up to 64 calls, and says so once', () => {
    const often = new ChangingOften();
    expect(often.isWaiting()).toBe(false);
    const all = Array.from({ length: 12 }, () => changed(often));
    expect(all.map(([, waits]) => waits)).toEqual([0, 0, 0, 0, 0, 8, 16, 32, 64, 64, 64, 64]);
    expect(all.map(([isFirst]) => isFirst)).toEqual(Array.from({ length: 12 }, (_, i) => i === 5));
  });

  it('begins anew after fifty runs in a row, not after fewer', () => {
    const often = new ChangingOften();
    for (let change = 0; change < 5; change++) often.noteChange();
    runTimes(often, 49);
    expect(changed(often)).toEqual([true, 8]);
    runTimes(often, 49);
    expect(changed(often)).toEqual([false, 16]);
    runTimes(often, 50);
    for (let change = 0; change < 5; change++) expect(changed(often)).toEqual([false, 0]);
    expect(changed(often)).toEqual([true, 8]);
  });
});
