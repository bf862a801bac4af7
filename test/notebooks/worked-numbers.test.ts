// Reads the worked numbers of the syllabus from the chapters that the stage before has executed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { coverageFile, missingWorkedNumbers, readCoverage } from '../../src/tools/book';
import { chapterNames, courseFolder } from '../../src/tools/course';
import { readNotebook } from '../../src/tools/notebook';
import { root } from '../support/root';

describe.each(chapterNames())('%s', (name) => {
  const coverage = readCoverage(coverageFile(courseFolder, name));
  const executed = path.join(root, 'build', 'executed', `${name}.ipynb`);

  it('shows every worked number', () => {
    expect(existsSync(executed), `${executed} is missing: run npm start first`).toBe(true);
    expect(missingWorkedNumbers(coverage, readNotebook(executed))).toEqual([]);
  });

  it('misses a number that is not there', () => {
    const changed = { covers: [], worked: [{ item: 'made up', cell: coverage.worked[0].cell, shows: ['31.4159'] }] };
    expect(missingWorkedNumbers(changed, readNotebook(executed))).toHaveLength(1);
  });
});
