// What depends on Node, under Node 24: types, the kernel, files, processes, workers, modules, the native addon, a chapter.
// One line each.
// Left out, because another Node changes nothing in it: what the compiler says of cells, which is TypeScript's code alone;
// trainings, whose arithmetic is TensorFlow's, or JavaScript's in sums that don't depend on its version (its functions,
// random numbers, metrics and derivatives stay); pictures and JupyterLab, which are Chromium's and Python's; the examples,
// tables and old declarations of the package, of which only what loads it stays; what reads the output of other tests.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, kernelspecs, root } from '../src/setup/paths.mjs';
import { folderOfNode } from './support/other-node.mjs';
import { inNotebooks, LAB, vitest } from './stages.mjs';
import { ofBook, ofStatus, ofUnittest } from './support/results.mjs';

const TYPES = '@types/node@24.19.2';
const LEFT_OUT = [
  'test/setup/**',
  'test/package/**',
  'test/support/**',
  'test/notebooks/**',
  'test/tools/book/**',
  'test/tools/notebook/**',
  'test/tools/kernel/check-all.test.ts',
  'test/tools/kernel/completion.test.ts',
  'test/tools/kernel/kept-packages.test.ts',
  'test/tools/results/**',
  'test/tools/assignments/release.test.ts',
  'test/parts/experiments/experiments.test.ts',
  'test/parts/graph/attention.test.ts',
  'test/parts/graph/ctc.test.ts',
  'test/parts/graph/fused.test.ts',
  'test/parts/graph/generated-models.test.ts',
  'test/parts/graph/golden-models.test.ts',
  'test/parts/graph/layers.test.ts',
  'test/parts/graph/masked-recurrent.test.ts',
  'test/parts/graph/noise-layers.test.ts',
  'test/parts/graph/normalization-layers.test.ts',
  'test/parts/graph/operations*.test.ts',
  'test/parts/graph/same-as-eager.test.ts',
  'test/parts/graph/scan*.test.ts',
  'test/parts/nn/logistic-regression.test.ts',
  'test/parts/plot/render.test.ts',
  ...LAB,
];

const bin = folderOfNode(24, [TYPES]);
const node = path.join(bin, 'node');
const here = inRoot('build', 'node-24');

// The course's kernel as the learner's Jupyter would start it, but under this Node.
const spec = JSON.parse(readFileSync(path.join(kernelspecs, 'tslab', 'kernel.json'), 'utf8'));
mkdirSync(path.join(here, 'jupyter', 'kernels', 'tslab'), { recursive: true });
writeFileSync(
  path.join(here, 'jupyter', 'kernels', 'tslab', 'kernel.json'),
  JSON.stringify({ ...spec, argv: [node, ...spec.argv.slice(1)] }),
);
const env = {
  ...process.env,
  FORCE_COLOR: '0',
  PATH: `${bin}${path.delimiter}${process.env.PATH}`,
  JUPYTER_PATH: path.join(here, 'jupyter'),
};

const typesConfig = path.join(here, 'tsconfig.json');
writeFileSync(
  typesConfig,
  JSON.stringify({
    extends: inRoot('test', 'tsconfig.json'),
    compilerOptions: { typeRoots: [path.join(here, 'node_modules', '@types'), inRoot('node_modules', '@types')] },
    include: [inRoot('test', '**', '*.ts')],
  }),
);

function tell(title, [program, ...args], read) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const { passed, failed, skipped, details } = read(status ?? 1, `${stdout}${stderr}${error?.message ?? ''}`);
  console.log(
    `[${failed === 0 ? 'ok' : 'fail'}] ${title}: ${passed} passed, ${failed} failed, ${skipped} skipped${details && `\n${details}`}`,
  );
  if (failed > 0) process.exitCode = 1;
}

const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
console.log(`[${version.startsWith('v24.') ? 'ok' : 'fail'}] Node ${version || 'could not be had from the registry'}`);
tell(
  'types with those of Node 24',
  [node, inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', typesConfig],
  ofStatus,
);
const unit = vitest(
  'node-24-unit',
  LEFT_OUT.flatMap((pattern) => ['--exclude', pattern]),
);
tell('unit tests', [node, ...unit.command.slice(1)], unit.read);
const loading = vitest('node-24-package', ['test/package/package.test.ts', '-t', 'by plain Node|with their types']);
tell('the package', [node, ...loading.command.slice(1)], (...output) => ({ ...loading.read(...output), skipped: 0 }));
tell('the kernel', inNotebooks('test/tools/kernel/conformance.py', 'test/tools/kernel/behavior.py'), ofUnittest);
tell(
  'chapter 02',
  [node, inRoot('src', 'bin', 'layerwise.mjs'), 'book', '--force', '--only', '02'],
  ofBook(inRoot('build', 'book.json')),
);
