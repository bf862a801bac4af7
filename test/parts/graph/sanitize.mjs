// Our own operations built with sanitizers, on inputs that fit and that don't: `npm run sanitize`. A read or write beyond
// a tensor, or what C++ leaves undefined, ends the process and is printed.
import { spawnSync } from 'node:child_process';
import { compileOperations } from '../../../src/setup/operations.mjs';
import { inRoot } from '../../../src/setup/paths.mjs';
import { compilerOrNone } from '../../../src/setup/requirements.mjs';

const compiler = compilerOrNone();
if (!compiler || process.platform !== 'linux') {
  console.error('sanitize: expected Linux with a C++ compiler, whose libasan is loaded before Node');
  process.exit(1);
}
const folder = inRoot('build', 'sanitized-operations');
await compileOperations(compiler.command, folder, [
  '-O1',
  '-g',
  '-fno-omit-frame-pointer',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
]);
const [asan] = spawnSync(compiler.command, ['-print-file-name=libasan.so'], { encoding: 'utf8' }).stdout.split('\n');
const { status, signal } = spawnSync(
  process.execPath,
  [
    inRoot('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    inRoot('test', 'vitest.config.mjs'),
    inRoot('test', 'parts', 'graph', 'operations.test.ts'),
  ],
  {
    stdio: 'inherit',
    cwd: inRoot(),
    env: {
      ...process.env,
      LAYERWISE_OPERATIONS: folder,
      LD_PRELOAD: asan,
      // What Node and TensorFlow keep until they end is no leak of ours.
      ASAN_OPTIONS: 'detect_leaks=0:alloc_dealloc_mismatch=0',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
  },
);
if (signal) console.error(`sanitize: ended by ${signal}`);
process.exitCode = status ?? 1;
