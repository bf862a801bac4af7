// Reads the worked numbers of the syllabus from the chapters that the stage before has executed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingWorkedNumbers, readCoverage } from '../../src/tools/book';
import { readNotebook } from '../../src/tools/notebook';
import { root } from '../support/root';

const coverage = readCoverage(path.join(root, 'notebooks', 'coverage.json'));
const chapters = Object.keys(coverage);

describe.each(chapters)('%s', (name) => {
  const executed = path.join(root, 'build', 'executed', `${name}.ipynb`);

  it('shows every worked number', () => {
    expect(existsSync(executed), `${executed} is missing: run npm start first`).toBe(true);
    expect(missingWorkedNumbers(coverage, readNotebook(executed))).toEqual([]);
  });

  it('misses a number that is not there', () => {
    const changed = { [name]: { covers: [], worked: [{ item: 'made up', cell: coverage[name].worked[0].cell, shows: ['31.4159'] }] } };
    expect(missingWorkedNumbers(changed, readNotebook(executed))).toHaveLength(1);
  });
});
