// The stages of `npm test`: what each runs, and how its output is read.
import { nodeShim, inRoot } from '../src/setup/paths.mjs';
import { ofBook, ofLines, ofStatus, ofUnittest, ofVitest } from './support/results.mjs';

const node = (...args) => [process.execPath, ...args];
const launcher = inRoot('src', 'bin', 'layerwise.mjs');

/**
 * A stage: its name, its command, what reads its output, what is added to the environment. Those that are optional run
 * in CI and where they are asked for.
 */
const stage = (name, command, read, { env = {}, isOptional = false } = {}) => ({
  name,
  command,
  read,
  env,
  isOptional,
});
const script = (name, file, options) =>
  stage(name, node('--require', nodeShim, inRoot('test', file)), ofLines, options);
const book = (name, ...args) =>
  stage(name, node(launcher, 'book', '--force', ...args), ofBook(inRoot('build', 'book.json')));

/** The stage that runs Vitest with these arguments. */
export function vitest(name, args, options) {
  const report = inRoot('build', 'test', `${name}.json`);
  const command = node(
    inRoot('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    inRoot('test', 'vitest.config.mjs'),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  );
  return stage(name, command, ofVitest(report), options);
}

/** The command that runs suites of Python's unittest, one file after the other, where the notebooks are. */
export function inNotebooks(...files) {
  const script = `cd '${inRoot('notebooks')}'; status=0; for file in "$@"; do '${inRoot('.venv', 'bin', 'python')}' "$file" || status=1; done; exit $status`;
  return ['/bin/sh', '-c', script, 'sh', ...files.map((file) => inRoot(file))];
}
const python = (name, ...files) => stage(name, inNotebooks(...files), ofUnittest);

const SEPARATE = ['test/setup/**', 'test/tools/book/**', 'test/notebooks/**'];

/** These run first and alone: `setup` breaks parts of the set-up on purpose and mends them again. */
export const first = [
  stage(
    'types',
    node(inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', inRoot('test', 'tsconfig.json')),
    ofStatus,
  ),
  stage(
    'lint',
    node(
      inRoot('node_modules', 'eslint', 'bin', 'eslint.js'),
      '--config',
      inRoot('test', 'eslint.config.mjs'),
      'src',
      'test',
    ),
    ofStatus,
  ),
  stage('format', node(inRoot('node_modules', 'prettier', 'bin', 'prettier.cjs'), '--check', '.'), ofStatus),
  vitest('setup', ['test/setup', '--no-file-parallelism']),
];

/**
 * What the course shows, one after another: the book's commands write to the same files, and `notebooks` reads what
 * `chapters` made.
 */
const course = [
  vitest(
    'unit',
    SEPARATE.flatMap((pattern) => ['--exclude', pattern]),
  ),
  stage('check', node(launcher, 'check'), ofLines),
  // Results whose code, data or TensorFlow changed: the quick ones are computed again, the others are warnings.
  stage('results', node(launcher, 'results', '--check', '--recompute', '60'), ofLines),
  vitest('book', ['test/tools/book', '--no-file-parallelism']),
  book('exercises', '--exercises'),
  book('plain-tslab', '--only', '02', '--kernel', 'tslab-plain'),
  // The oldest Node that we promise is the one that all else runs on; this is the newest.
  stage('node-24', node(inRoot('test', 'node-24.mjs')), ofLines, { isOptional: true }),
  book('chapters'),
  vitest('notebooks', ['test/notebooks']),
  // The same models where our own operations couldn't be compiled.
  vitest('no-operations', ['test/parts/graph/generated-models.test.ts', 'test/parts/graph/golden-models.test.ts'], {
    env: { LAYERWISE_OPERATIONS: 'off' },
  }),
];

/**
 * Known answers, changed ones, unusual ones and hostile ones through the real grader; the queue on a real Redis; set-up
 * in copies of the project.
 */
const grading = [
  // Set-up on machines that it has never seen. It downloads everything several times.
  script('trials', 'setup/trials.mjs', { isOptional: true }),
  script('answers', 'tools/assignments/answers.mjs'),
  // The reference answers, changed in every way that we know: none may keep full points.
  script('mutants', 'tools/assignments/mutants.mjs'),
  // A hundred mutants of the parts, others at each commit: it prints what the tests don't notice, and fails only where it
  // can't try them. Those of graph take longer and are tried outside of CI.
  stage(
    'mutants-parts',
    node(
      '--require',
      nodeShim,
      inRoot('test', 'parts', 'mutants', 'index.mjs'),
      ...['autodiff', 'data', 'metrics', 'nn', 'plot', 'random', '--sample', '100', '--print'],
    ),
    ofLines,
    { isOptional: true },
  ),
  script('unusual', 'tools/assignments/unusual.mjs'),
  script('secrets', 'tools/assignments/secrets.mjs'),
  script('endings', 'tools/assignments/endings.mjs'),
  script('hostile', 'tools/assignments/hostile.mjs'),
  script('lying-models', 'tools/assignments/lying-models.mjs'),
  script('queue', 'tools/assignments/queue.mjs'),
];

/** Lists of stages that run side by side. */
export const lanes = [course, grading];

/** These run beside any others: whichever list is done first goes on with them. The longest come first. */
export const anywhere = [
  python(
    'kernel',
    'test/tools/kernel/conformance.py',
    'test/tools/kernel/behavior.py',
    'test/tools/kernel/interrupts.py',
    'test/tools/kernel/odd_values.py',
    'test/tools/kernel/tslab_api.py',
    'test/tools/kernel/front_ends.py',
    'test/tools/kernel/soak.py',
  ),
  python('nbgrader', 'test/tools/assignments/nbgrader_cycle.py', 'test/tools/assignments/inert_markdown.py'),
  // What a long training leaves in memory. V8 optimizes nothing and does all in one thread there, so that its own
  // memory stays the same.
  stage(
    'memory',
    node(
      '--expose-gc',
      '--no-opt',
      '--single-threaded',
      '--require',
      nodeShim,
      inRoot('test', 'parts', 'graph', 'memory.mjs'),
    ),
    ofLines,
  ),
  script('exported', 'parts/graph/exported.mjs'),
  script('containers', 'setup/containers.mjs'),
];
