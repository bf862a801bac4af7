import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/strict.ts'],
    pool: 'forks',
    execArgv: ['--require', new URL('../src/setup/node-shim.cjs', import.meta.url).pathname],
    env: { TF_CPP_MIN_LOG_LEVEL: '3' },
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // What is skipped says why, and the runner counts it.
    passWithNoTests: false,
  },
});
