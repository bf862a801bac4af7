import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFor, type Traced } from '../../../src/tools/live/plan';

interface Cell extends Traced {
  readonly id: string;
}

const cell = (id: string, uses: string, declares: string, changes = ''): Cell => {
  const [used, declared, changed] = [uses, declares, changes].map((names) => names.split(' ').filter(Boolean));
  return { id, uses: used, declares: declared, changes: changed };
};
const planned = (cells: readonly Cell[], at: number, ...log: number[]): string =>
  planFor(
    cells[at],
    cells,
    log.map((i) => cells[i]),
  )
    .map(({ id }) => id)
    .join(' ');

describe('the cells that must run first', () => {
  const chain = [cell('a', '', 'x'), cell('b', 'x', 'y'), cell('c', '', 'z'), cell('d', 'y', '')];

  it('are those that it needs, and what these need', () => {
    expect(planned(chain, 3)).toBe('a b');
  });

  it('are not those that have run', () => {
    expect(planned(chain, 3, 0, 1)).toBe('');
    expect(planned(chain, 3, 0)).toBe('b');
  });

  it('are all that build on what runs again', () => {
    expect(planned(chain, 3, 1, 0)).toBe('b');
  });

  it('are found at once where each cell builds on the two before it', () => {
    const long = Array.from({ length: 100 }, (_, i) => cell(`c${i}`, i < 2 ? '' : `x${i - 1} x${i - 2}`, `x${i}`));
    expect(planned(long, 99).split(' ')).toHaveLength(99);
  });

  const counter = [cell('make', '', 'n'), cell('up', 'n', '', 'n'), cell('up2', 'n', '', 'n'), cell('see', 'n', '')];

  it('are those that change what it uses, in the order of the chapter', () => {
    expect(planned(counter, 3)).toBe('make up up2');
    expect(planned(counter, 3, 0, 2)).toBe('make up up2');
  });

  it('begin anew where another cell, or the same, has changed it meanwhile', () => {
    expect(planned(counter, 1, 0, 1)).toBe('make');
    expect(planned(counter, 1, 0, 1, 2)).toBe('make');
    expect(planned(counter, 2, 0, 1)).toBe('');
  });

  it('are the last that declare a name before it', () => {
    const anew = [cell('first', '', 'x'), cell('uses', 'x', ''), cell('second', '', 'x'), cell('sees', 'x', '')];
    expect(planned(anew, 3)).toBe('second');
    expect(planned(anew, 1, 0, 2)).toBe('first');
  });

  it('are also what another cell, that must run, takes away', () => {
    // `b` declares `x` anew when it runs for `y`.
    const cells = [cell('a', '', 'x'), cell('b', '', 'x y'), cell('c', 'y', ''), cell('d', 'x', '')];
    expect(planned(cells, 3, 1, 0)).toBe('b');
  });
});

describe('whatever has run before', () => {
  const names = ['p', 'q', 'r'];
  const some = fc.subarray(names);
  const cells = fc
    .array(fc.record({ uses: some, declares: fc.subarray(names, { maxLength: 1 }), changes: some }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((all) =>
      all.map(({ uses, declares, changes }, i): Cell => {
        // As the compiler demands: a name is used after it was declared; what is changed is used.
        const isKnown = (name: string): boolean =>
          !declares.includes(name) && all.slice(0, i).some((earlier) => earlier.declares.includes(name));
        const changed = changes.filter(isKnown);
        return { id: String(i), uses: [...new Set([...uses.filter(isKnown), ...changed])], declares, changes: changed };
      }),
    );

  /** What each variable holds when cells have run: who has written it, with what each of them found. */
  function valuesAfter(runs: readonly Cell[]): { readonly seen: string } {
    const values = new Map<string, string>();
    let seen = '';
    for (const { id, uses, declares, changes } of runs) {
      const found = uses.map((name) => `${name}=${values.get(name) ?? ''}`).join();
      seen = found;
      for (const name of new Set([...declares, ...changes]))
        values.set(name, declares.includes(name) ? `${id}(${found})` : `${values.get(name) ?? ''}${id}(${found})`);
    }
    return { seen };
  }

  it('a cell finds what it finds when the chapter runs from its beginning', () => {
    fc.assert(
      fc.property(cells, fc.array(fc.nat(5), { maxLength: 8 }), fc.nat(5), (all, presses, at) => {
        const runs: Cell[] = [];
        for (const press of [...presses, at]) {
          const i = press % all.length;
          runs.push(...planFor(all[i], all, runs), all[i]);
          expect(valuesAfter(runs).seen).toBe(valuesAfter(all.slice(0, i + 1)).seen);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
