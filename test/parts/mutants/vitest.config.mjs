// The tests of one part on its instrumented sources, in one process that stays alive over many mutants.
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { inRoot } from '../../../src/setup/paths.mjs';
import base from '../../vitest.config.mjs';

const { sources, mutants } = JSON.parse(readFileSync(process.env.LAYERWISE_MUTANTS, 'utf8'));
const byPath = new Map(sources.map(({ file, content }) => [inRoot(file), content]));

export default defineConfig({
  plugins: [{ name: 'instrumented', enforce: 'pre', load: (id) => byPath.get(id) }],
  test: {
    ...base.test,
    include: ['test/parts/mutants/begin.ts'],
    runner: inRoot('test', 'parts', 'mutants', 'runner.mjs'),
    isolate: false,
    maxWorkers: 1,
    // What a mutant makes wait forever; the tests that judge it are quick ones.
    testTimeout: mutants ? 15_000 : 600_000,
    hookTimeout: mutants ? 15_000 : 600_000,
    disableConsoleIntercept: true,
  },
});
