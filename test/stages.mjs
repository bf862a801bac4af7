// The stages of `npm test`: what each runs, and how its output is read.
import { nodeShim, inRoot } from '../src/setup/paths.mjs';
import { ofBook, ofLines, ofStatus, ofUnittest, ofVitest } from './support/results.mjs';

const node = (...args) => [process.execPath, ...args];
const launcher = inRoot('src', 'bin', 'layerwise.mjs');
const NO_WATCHING = inRoot('test', 'support', 'no-watching.cjs');

/**
 * A stage: its name; its command, or what makes it of the chapters to try; what reads its output; what is added to the
 * environment. Quick ones run in every `npm test`, the others in CI and where they are asked for.
 * `reach`: all that its outcome depends on (see support/tested.mjs). CI leaves out what has passed on that as it is, but for
 * a sample by seed. Where `byChapter` holds it, this goes by chapter (see support/chapters.mjs); its program finds the
 * chapters in LAYERWISE_CHAPTERS, and a quick run draws `quick` of them.
 */
const stage = (name, command, read, { env = {}, isQuick = false, reach, byChapter } = {}) => ({
  name,
  command,
  read,
  env,
  isQuick,
  reach,
  byChapter,
});
const script = (name, file, options) =>
  stage(name, node('--require', nodeShim, inRoot('test', file)), ofLines, options);
/** What a user has who has just cloned the course: no data but those that lie in it. */
const FRESH = { LAYERWISE_DATA: '' };
const book = (name, args, options) =>
  stage(
    name,
    (chapters = []) =>
      node(launcher, 'book', '--force', ...args, ...(chapters.length > 0 ? ['--only', ...chapters] : [])),
    ofBook(inRoot('build', 'book.json')),
    { env: FRESH, ...options },
  );
const QUICK = { isQuick: true };

/** What grades single answers, and the program that hands them in. */
const graded = (program) => ({
  code: ['grade.js', 'runner.js', 'compiler.js', 'release/solutions.js', 'inside', 'sandbox'].map(
    (name) => `tools/assignments/${name}`,
  ),
  places: [`test/${program}`],
});
const known = (name, { quick, isQuick } = {}) => {
  const program = `tools/assignments/${name}.mjs`;
  return script(name, program, { isQuick, byChapter: { reach: graded(program), quick } });
};
/** What runs and shows chapters. */
const SHOWN = ['tools/kernel', 'tools/book', 'tools/live'];
/** All of grading, and the chapters whose exercises its tests hand in. */
const GRADING = {
  code: ['tools/assignments', 'tools/cli'],
  places: ['test/tools/assignments'],
  chapters: ['02-tensors', '04-logistic-regression', '06-first-network'],
};
const SET_UP = { places: ['src/setup', 'src/bin', 'package.json', 'requirements.in', 'test/setup', '.ci'] };
const KERNEL = { code: ['tools/kernel', 'parts'], places: ['test/tools/kernel', 'src/setup'] };
const LABS = {
  code: [...SHOWN, 'tools/assignments', 'tools/cli', 'parts'],
  places: ['test/tools/kernel', 'src/setup', 'notebooks'],
};
const PARTS = { code: ['parts'], places: ['test/parts', 'test/golden', 'data'] };

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
const python = (name, files, options) => stage(name, inNotebooks(...files), ofUnittest, options);

/** Whole sessions in JupyterLab. */
export const LAB = ['lab', 'lab-theme', 'learner-lab', 'explore-lab'].map(
  (name) => `test/tools/kernel/${name}.test.ts`,
);
const SEPARATE = ['test/setup/**', 'test/parts/**', 'test/tools/book/**', 'test/notebooks/**', ...LAB];

/** These read what is written, side by side. */
export const checks = [
  stage(
    'types',
    node(inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', inRoot('test', 'tsconfig.json')),
    ofStatus,
    QUICK,
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
    QUICK,
  ),
  stage('format', node(inRoot('node_modules', 'prettier', 'bin', 'prettier.cjs'), '--check', '.'), ofStatus, QUICK),
];

/** These run next and alone: `setup` breaks parts of the set-up on purpose and mends them again. */
export const first = [vitest('setup', ['test/setup', '--no-file-parallelism'], { reach: SET_UP })];

/**
 * What the course shows, one after another: the book's commands write to the same files, and `notebooks` reads what
 * `chapters` made.
 */
const course = [
  vitest(
    'unit',
    SEPARATE.flatMap((pattern) => ['--exclude', pattern]),
    QUICK,
  ),
  vitest('parts', ['test/parts'], { isQuick: true, reach: PARTS }),
  stage('check', node(launcher, 'check'), ofLines, QUICK),
  // Results whose code, data or TensorFlow changed: the quick ones are computed again, the others are warnings.
  stage('results', node(launcher, 'results', '--check', '--recompute', '60'), ofLines),
  vitest('book', ['test/tools/book', '--no-file-parallelism'], {
    env: FRESH,
    reach: { ...LABS, places: ['test/tools/book', 'src/setup', 'notebooks'] },
  }),
  book('exercises', ['--exercises'], { byChapter: { reach: { code: SHOWN } } }),
  book('plain-tslab', ['--only', '02', '--kernel', 'tslab-plain'], {
    env: { ...FRESH, NODE_OPTIONS: `--require=${JSON.stringify(NO_WATCHING)}` },
    reach: { code: ['tools/book'], places: ['test/support/no-watching.cjs', 'src/setup'], chapters: ['02-tensors'] },
  }),
  // The oldest Node that we promise is the one that all else runs on; this is the newest.
  stage('node-24', node(inRoot('test', 'node-24.mjs')), ofLines, {
    reach: { code: ['parts', 'tools'], places: ['src/setup', 'test/node-24.mjs', 'test/parts', 'test/tools'] },
  }),
  // Links lead from any chapter to any other: outside of a quick run all are made.
  book('chapters', [], { isQuick: true, byChapter: { quick: 3 } }),
  vitest('notebooks', ['test/notebooks'], {
    env: FRESH,
    byChapter: { reach: { code: SHOWN, places: ['test/notebooks'] } },
  }),
  vitest('lab', LAB, { reach: LABS }),
];

/**
 * Known answers, changed ones, unusual ones and hostile ones through the real grader; the queue on a real Redis; set-up
 * in copies of the project.
 */
const grading = [
  // Set-up on machines that it has never seen. It downloads everything several times.
  script('trials', 'setup/trials.mjs', { reach: SET_UP }),
  known('answers', { isQuick: true, quick: 2 }),
  // The reference answers, changed in every way that we know: none may keep full points.
  known('mutants'),
  // A hundred mutants of the parts, others at each commit: it prints what the tests don't notice, and fails only where it
  // can't try them. Those of graph take longer and are tried outside of CI.
  stage(
    'mutants-parts',
    node(
      '--require',
      nodeShim,
      inRoot('test', 'parts', 'mutants', 'index.mjs'),
      ...['autodiff', 'data', 'metrics', 'nn', 'plot', 'random', '--sample', '100', '--lanes', '1', '--print'],
    ),
    ofLines,
    { reach: PARTS },
  ),
  known('unusual'),
  known('secrets'),
  ...['endings', 'hostile', 'lying-models', 'queue'].map((name) =>
    script(name, `tools/assignments/${name}.mjs`, { reach: GRADING }),
  ),
];

/** Lists of stages that run side by side. */
export const lanes = [course, grading];

/** These run beside any others: whichever list is done first goes on with them. The longest come first. */
export const anywhere = [
  python(
    'kernel',
    ['conformance', 'behavior', 'interrupts', 'odd_values', 'tslab_api', 'front_ends'].map(
      (name) => `test/tools/kernel/${name}.py`,
    ),
    { isQuick: true, reach: KERNEL },
  ),
  // Thousands of cells, for what they leave in memory.
  python('soak', ['test/tools/kernel/soak.py'], { reach: KERNEL }),
  python('nbgrader', ['test/tools/assignments/nbgrader_cycle.py', 'test/tools/assignments/inert_markdown.py'], {
    reach: GRADING,
  }),
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
    { reach: PARTS },
  ),
  script('exported', 'parts/graph/exported.mjs', { reach: PARTS }),
  // The same models where our own operations couldn't be compiled.
  vitest('no-operations', ['test/parts/graph/generated-models.test.ts', 'test/parts/graph/golden-models.test.ts'], {
    env: { LAYERWISE_OPERATIONS: 'off' },
    reach: PARTS,
  }),
  script('containers', 'setup/containers.mjs', { reach: SET_UP }),
];
