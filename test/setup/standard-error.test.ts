import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../support/root';

/** What a program of Node writes to its standard error output. */
function standardError(code: string): string {
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--require', inRoot('src', 'setup', 'node-shim.cjs'), '-e', code],
    { cwd: inRoot(), encoding: 'utf8', env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' } },
  );
  expect(status).toBe(0);
  return stderr;
}

describe('the standard error output', () => {
  it('is silent while TensorFlow is loaded, and open afterwards', () => {
    expect(standardError("require('@tensorflow/tfjs-node'); require('fs').writeSync(2, 'after')")).toBe('after');
  });

  it('loses what is written while it is closed, and nothing else', () => {
    const gate = JSON.stringify(
      inRoot('node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'standard_error.node'),
    );
    const code = `
      const { writeSync } = require('fs');
      const gate = require(${gate});
      writeSync(2, 'a');
      const kept = gate.close();
      writeSync(2, 'b');
      gate.open(kept);
      writeSync(2, 'c');
      gate.open(-1);
      gate.open('nonsense');
      writeSync(2, 'd');`;
    expect(standardError(code)).toBe('acd');
  });
});
