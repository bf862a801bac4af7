import { fork } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ResultRow } from '../../../src/parts/experiments/results';
import type { Place } from '../../../src/tools/results';
import { runResults } from '../../../src/tools/cli/results-command';
import { inRoot } from '../../support/root';
import { chapterFolder, tableOf } from './chapter-folder';

const HELPERS = `
const noisy = (seed, { by }) => ({ value: by + random_1.generator(seed).normal(), rows: 1 });
exports.noisy = noisy;
const fewDigits = (seed) => ({ digits: data_1.loadDigits().count + seed });
exports.fewDigits = fewDigits;
const throwing = (seed) => { if (seed === 2) throw new Error('no such luck'); return { value: seed }; };
exports.throwing = throwing;
const unrelated = () => 'unrelated';
exports.unrelated = unrelated;
`;
const noisy = (id: string, by: number): string =>
  `experiments_1.experiment("${id}", "noise around ${by}", noisy, { by: ${by} })`;
const GOOD = `${noisy('low', 1)}, ${noisy('high', 5)}, experiments_1.experiment("digits", "counts digits", fewDigits, {})`;

const folders: { remove(): void }[] = [];
function folder(experiments: string, helpers = HELPERS): Place {
  const made = chapterFolder(experiments, helpers);
  folders.push(made);
  return made;
}
async function results(
  place: Place,
  options: Parameters<typeof runResults>[1],
  chapter: string | undefined = '98',
): Promise<{ status: number; said: string }> {
  const said: string[] = [];
  const { log, error } = console;
  console.log = console.error = (text: string): void => void said.push(text);
  try {
    const status = await runResults(chapter, options, [place]);
    return { status, said: said.join('\n') };
  } finally {
    Object.assign(console, { log, error });
  }
}
afterEach(() => {
  folders.splice(0).forEach((made) => made.remove());
});

/** What must not depend on how it was computed. */
const lasting = (rows: readonly ResultRow[]): unknown[] =>
  rows.map(({ seconds, date, ...rest }) => ({ ...rest, timed: typeof seconds, date: /^\d{4}-\d\d-\d\d$/.test(date) }));

describe('layerwise results NN', () => {
  it('stores each row with its code, data, versions, seconds and values, however many are computed at a time', async () => {
    const [one, three] = [folder(GOOD), folder(GOOD)];
    expect((await results(one, { seeds: 3, jobs: 1 })).status).toBe(0);
    expect((await results(three, { seeds: 3, jobs: 3 })).status).toBe(0);
    const rows = tableOf(one);
    expect(lasting(tableOf(three))).toEqual(lasting(rows));
    expect(rows.map(({ id }) => id)).toEqual(['low', 'high', 'digits']);
    const [low, high, digits] = rows;
    expect(low.code).toMatch(/^[0-9a-f]{64}$/);
    expect(high.code).not.toBe(low.code);
    expect([low.data, Object.keys(digits.data)]).toEqual([{}, ['digits.csv']]);
    expect(Object.keys(low.versions)).toEqual(['node', 'tensorflow', 'library']);
    expect(digits.values).toEqual({ digits: [1797, 1798, 1799] });
    expect(digits.measures.digits).toEqual({ mean: 1798, standardDeviation: 1, low: 1795, high: 1801 });
  });

  it('goes on after a row that fails, says why, and stores nothing of it', async () => {
    const place = folder(
      `experiments_1.experiment("throws", "T", throwing, {}),
       experiments_1.experiment("leaves", "L", (seed) => process.exit(3), {}),
       experiments_1.experiment("nan", "N", (seed) => ({ loss: seed / 0 - seed / 0 }), {}),
       experiments_1.experiment("other", "O", (seed) => seed === 0 ? { a: 1 } : { b: 1 }, {}),
       experiments_1.experiment("empty", "E", () => ({}), {}), ${noisy('low', 1)}`,
    );
    const { status, said } = await results(place, { seeds: 4 });
    expect(status).toBe(1);
    for (const line of [
      'throws: no such luck',
      'leaves: its process ended with status 3 before it was done',
      'nan: seed 0: expected a finite loss, got NaN',
      'other: seed 1: expected the measures a, got b',
      'empty: seed 0: expected at least one number by name, got none',
      '1 of 6 rows computed and stored',
    ])
      expect(said).toContain(line);
    expect(tableOf(place).map(({ id }) => id)).toEqual(['low']);
  });

  it('keeps rows that were not asked for, and puts new ones in the order of the experiments', async () => {
    const place = folder(GOOD);
    await results(place, { seeds: 2, only: 'digits' });
    const [digits] = tableOf(place);
    const stranger = { ...digits, id: 'full/digits' };
    writeFileSync(place.results, JSON.stringify({ chapter: '98', rows: [stranger, digits] }));
    await results(place, { seeds: 2, only: 'low' });
    expect(tableOf(place).map(({ id }) => id)).toEqual(['full/digits', 'low', 'digits']);
    expect(tableOf(place)[0]).toEqual(stranger);
  });

  it('takes --only as a name where a row is called so', async () => {
    const place = folder(`${noisy('low', 1)}, ${noisy('low-and-slow', 2)}`);
    await results(place, { seeds: 2, only: 'low' });
    expect(tableOf(place).map(({ id }) => id)).toEqual(['low']);
  });

  it('says what it expected', async () => {
    const place = folder(GOOD);
    for (const [options, chapter, message] of [
      [{}, '97', 'results: expected one of 98, got "97"'],
      [{ seeds: 1 }, '98', 'expected at least 2 seeds'],
      [{ only: 'medium' }, '98', 'has "medium" in its name; there are low, high, digits'],
      [{ recompute: 3 }, '98', '--recompute goes with --check'],
    ] as const)
      expect(await results(place, options, chapter)).toEqual({ status: 1, said: expect.stringContaining(message) });
    expect(existsSync(place.results)).toBe(false);
  });

  it('leaves a table as it is that it can’t read', async () => {
    const place = folder(GOOD);
    writeFileSync(place.results, '{"chapter": "98", "rows": [');
    const { status, said } = await results(place, { seeds: 2, only: 'low' });
    expect([status, said]).toEqual([1, expect.stringContaining('expected a table of results')]);
    expect(readFileSync(place.results, 'utf8')).toBe('{"chapter": "98", "rows": [');
  });

  it('never leaves half a table where it is killed, nor a process', async () => {
    const place = folder(
      `${noisy('low', 1)},
       experiments_1.experiment("endless", "E", async (seed) => {
         if (seed > 0) require("node:fs").writeFileSync(__dirname + "/pid", String(process.pid));
         while (seed > 0) await new Promise((resolve) => setImmediate(resolve));
         return { value: seed };
       }, {})`,
    );
    const command = inRoot('src', 'dist', 'tools', 'cli', 'results-command.js');
    const script = path.join(path.dirname(place.module), 'run.js');
    writeFileSync(
      script,
      `require(${JSON.stringify(command)}).runResults("98", { seeds: 3, jobs: 2 }, [${JSON.stringify(place)}]);`,
    );
    const parent = fork(script, { execArgv: ['--require', inRoot('src', 'setup', 'node-shim.cjs')], silent: true });
    const pid = path.join(path.dirname(place.module), 'pid');
    await vi.waitUntil(() => existsSync(pid) && readFileSync(pid, 'utf8') !== '' && existsSync(place.results), {
      timeout: 100_000,
    });
    const ended = new Promise((resolve) => parent.on('exit', resolve));
    parent.kill('SIGKILL');
    await ended;
    expect(tableOf(place).map(({ id }) => id)).toEqual(['low']);
    await vi.waitUntil(() => !isRunning(Number(readFileSync(pid, 'utf8'))), { timeout: 100_000 });
    expect(readdirSync(path.dirname(place.module)).filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('layerwise results --check', () => {
  /** Modules are loaded once in a process, so that a changed chapter is one in another folder with the same table. */
  function changed(place: Place, experiments: string, helpers = HELPERS): Place {
    const other = folder(experiments, helpers);
    writeFileSync(other.results, readFileSync(place.results));
    return other;
  }

  it('says which rows are old, why, and what computes them', async () => {
    const place = folder(GOOD);
    await results(place, { seeds: 3 });
    expect(await results(place, { check: true })).toEqual({ status: 0, said: '[ok] 98: 3 of 3 rows are current' });
    const unrelated = changed(place, GOOD, HELPERS.replace("'unrelated'", "'otherwise'"));
    expect((await results(unrelated, { check: true })).status).toBe(0);

    const moved = changed(place, GOOD.replace('{ by: 5 }', '{ by: 6 }'));
    const old = await results(moved, { check: true });
    expect(old.status).toBe(1);
    expect(old.said).toContain('[ok] 98: 2 of 3 rows are current');
    expect(old.said).toMatch(
      /\[warn\] 98 high: old: the code that it reaches has changed; \.\/layerwise results 98 --only high \(\d+ s\)/,
    );

    const code = changed(place, GOOD, HELPERS.replace('rows: 1', 'rows: 2'));
    expect((await results(code, { check: true })).said).toContain('[ok] 98: 1 of 3 rows are current');
  });

  it('knows rows of other data, of other checksums, without an experiment, and experiments without a row', async () => {
    const place = folder(GOOD);
    await results(place, { seeds: 2, only: 'digits' });
    const [digits] = tableOf(place);
    const rows = [
      { ...digits, id: 'elsewhere/digits', data: { 'digits.csv': '0'.repeat(64) } },
      { ...digits, id: 'gone' },
      digits,
    ];
    writeFileSync(place.results, JSON.stringify({ chapter: '98', rows }));
    const { status, said } = await results(place, { check: true }, undefined);
    expect(status).toBe(1);
    expect(said).toContain(
      '98 elsewhere/digits: old: the data file digits.csv has changed; ./layerwise results 98 --only elsewhere/digits where elsewhere are the data',
    );
    expect(said).toContain('98 gone: old: no experiment is called so any more; take it out of');
    expect(said).toContain('98 low: there is no row yet; ./layerwise results 98 --only low');

    const two = ['elsewhere/digits', 'elsewhere/low'].map((id) => ({ ...rows[0], id }));
    writeFileSync(place.results, JSON.stringify({ chapter: '98', rows: two }));
    expect(
      (await results(place, { check: true }, undefined)).said.split('\n').filter((line) => /elsewhere/.test(line)),
    ).toEqual([
      expect.stringMatching(/^\[warn\] 98 elsewhere\/digits: old: the data file digits\.csv has changed;/),
      expect.stringMatching(/^\[warn\] 98 elsewhere\/low: old: the code that it reaches has changed, the data file/),
    ]);
    const alike = two.map((row) => ({ ...row, code: 'other' }));
    writeFileSync(place.results, JSON.stringify({ chapter: '98', rows: alike }));
    expect((await results(place, { check: true }, undefined)).said).toMatch(
      /\[warn\] 98 2 rows \(elsewhere\/digits, elsewhere\/low\): old: .*; \.\/layerwise results 98 --only elsewhere\/ where elsewhere are the data/,
    );
  });

  it('computes quick old rows again: 0 where their bands hold, 1 where one is left, the table as it was', async () => {
    const place = folder(GOOD);
    await results(place, { seeds: 3 });
    const text = readFileSync(place.results, 'utf8');

    const same = changed(place, GOOD, HELPERS.replace('by + random_1', '0 + by + random_1'));
    const holds = await results(same, { check: true, recompute: 60 });
    expect(holds.status).toBe(0);
    expect(holds.said).toContain(
      '[ok] 98 high: old, but its band holds; to store it: ./layerwise results 98 --only high',
    );
    expect(readFileSync(same.results, 'utf8')).toBe(text);

    const shifted = changed(place, GOOD, HELPERS.replace('by + random_1', 'by + 100 + random_1'));
    const left = await results(shifted, { check: true, recompute: 60 });
    expect(left.status).toBe(1);
    expect(left.said).toMatch(/\[fail\] 98 low: old, and value is 10[\d.]+, outside its band/);
    expect(readFileSync(shifted.results, 'utf8')).toBe(text);

    const slow = changed(place, GOOD, HELPERS.replace('by + random_1', 'by + 100 + random_1'));
    writeFileSync(slow.results, text.replace(/"seconds": [\d.]+/g, '"seconds": 61'));
    const warned = await results(slow, { check: true, recompute: 60 });
    expect(warned.status).toBe(0);
    expect(warned.said).toContain(
      '[warn] 98 2 rows (low, high): old: the code that it reaches has changed; ./layerwise results 98 (122 s)',
    );
  });
});
