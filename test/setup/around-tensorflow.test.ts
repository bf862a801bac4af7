import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../support/root';

/** Runs a program of Node as one that loads TensorFlow. */
function run(code: string): { readonly stdout: string; readonly stderr: string } {
  const { stdout, stderr, status, signal } = spawnSync(
    process.execPath,
    ['--require', inRoot('src', 'setup', 'node-shim.cjs'), '-e', code],
    { cwd: inRoot(), encoding: 'utf8', env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' } },
  );
  expect([status, signal], stderr).toEqual([0, null]);
  return { stdout, stderr };
}
/** What it writes to its standard error output. */
const standardError = (code: string): string => run(code).stderr;

describe('the standard error output', () => {
  it('is silent while TensorFlow is loaded, and open afterwards', () => {
    expect(standardError("require('@tensorflow/tfjs-node'); require('fs').writeSync(2, 'after')")).toBe('after');
  });

  it('loses what is written while it is closed, and nothing else', () => {
    const gate = JSON.stringify(
      inRoot('node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'around_tensorflow.node'),
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

describe('signals', () => {
  it.skipIf(process.platform !== 'linux')('are kept off the main thread’s stack, are heard, and reach children', () => {
    const { stdout } = run(`
      const { execFileSync } = require('child_process');
      const { readFileSync } = require('fs');
      require('@tensorflow/tfjs-node');
      const isBlocked = (text, signal) => BigInt('0x' + /SigBlk:\\s*(\\w+)/.exec(text)[1]) >> BigInt(signal - 1) & 1n;
      const { SIGINT, SIGCHLD, SIGUSR2, SIGPROF, SIGSEGV } = require('os').constants.signals;
      const own = readFileSync('/proc/self/status', 'utf8');
      console.log([SIGINT, SIGCHLD, SIGUSR2, SIGPROF, SIGSEGV].map((signal) => isBlocked(own, signal)).join(''));
      const child = execFileSync('cat', ['/proc/self/status'], { encoding: 'utf8' });
      console.log([SIGINT, SIGUSR2].map((signal) => isBlocked(child, signal)).join(''));
      const alive = setInterval(() => undefined, 1000);
      process.on('SIGUSR2', () => {
        clearInterval(alive);
        console.log('heard');
      });
      process.kill(process.pid, 'SIGUSR2');`);
    expect(stdout).toBe('11100\n00\nheard\n');
  });
});

describe('a profiler', () => {
  it('leaves the memory whole while a transposed matrix is multiplied', () => {
    const { stdout } = run(`
      const { Session } = require('inspector');
      const tf = require('@tensorflow/tfjs-node');
      const session = new Session();
      session.connect();
      const ask = (what, settings) => {
        let answer;
        session.post(what, settings, (error, result) => { if (error) throw error; answer = result; });
        return answer;
      };
      ask('Profiler.enable');
      ask('Profiler.setSamplingInterval', { interval: 100 });
      ask('Profiler.start');
      const x = tf.ones([512, 64]);
      const backend = tf.backend();
      const { binding } = backend;
      const attributes = [
        { name: 'transpose_a', type: binding.TF_ATTR_BOOL, value: true },
        { name: 'transpose_b', type: binding.TF_ATTR_BOOL, value: false },
        { name: 'T', type: binding.TF_ATTR_TYPE, value: backend.getDTypeInteger('float32') },
      ];
      const [id] = backend.getInputTensorIds([x]);
      let product;
      for (let i = 0; i < 20_000; i++) {
        if (product) binding.deleteTensor(product.id);
        [product] = binding.executeOp('MatMul', attributes, [id, id], 1);
      }
      const { samples } = ask('Profiler.stop').profile;
      console.log(samples.length > 100, binding.tensorDataSync(product.id).every((value) => value === 512));`);
    expect(stdout).toBe('true true\n');
  });
});
