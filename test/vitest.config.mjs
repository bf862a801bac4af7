import { defineConfig } from 'vitest/config';
import { inRoot, nodeShim } from '../src/setup/paths.mjs';

export default defineConfig({
  test: {
    root: inRoot(),
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/strict.ts'],
    pool: 'forks',
    execArgv: ['--require', nodeShim],
    env: { TF_CPP_MIN_LOG_LEVEL: '3' },
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // What is skipped says why, and the runner counts it.
    passWithNoTests: false,
  },
});
