// The files for containers and for Kubernetes, which are not built or run here, pass their linters, and name what is
// there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../../src/setup/paths.mjs';
import { pythonWith } from '../support/python-environment.mjs';

const bin = path.dirname(pythonWith('lint', inRoot('test', 'support', 'lint-requirements.txt')));
const deploy = (name) => inRoot('src', 'tools', 'assignments', 'deploy', name);
const [binder, devcontainer] = [inRoot('.binder', 'Dockerfile'), inRoot('.devcontainer', 'devcontainer.json')];

function report(title, problems) {
  console.log(
    `[${problems.length === 0 ? 'ok' : 'fail'}] ${title}${problems.map((problem) => `\n${problem}`).join('')}`,
  );
}

const run = (program, ...args) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, stdout, output: `${stdout}${stderr}` };
};

for (const file of [deploy('Containerfile'), binder]) {
  const { status, output } = run(path.join(bin, 'hadolint'), file);
  report(
    `hadolint has nothing to say about ${path.relative(inRoot(), file)}`,
    status === 0 && output === '' ? [] : [output],
  );
}

const manifests = run(path.join(bin, 'kubernetes-validate'), '--strict', deploy('workers.yaml'));
report('the manifests are valid for Kubernetes', manifests.status === 0 ? [] : [manifests.output]);

// The reference implementation reads it; it asks no container engine for this.
const read = run(
  process.execPath,
  inRoot('node_modules', '@devcontainers', 'cli', 'devcontainer.js'),
  'read-configuration',
  '--workspace-folder',
  inRoot(),
  '--docker-path',
  'true',
);
const { configuration = {} } = JSON.parse(read.stdout || '{}');
const { dockerfile = '', target } = configuration.build ?? {};
const stages = [...readFileSync(binder, 'utf8').matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);
const { scripts } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
report('the development container is read, builds a stage that is there and runs the set-up', [
  ...(read.status === 0 ? [] : [read.output]),
  ...(existsSync(path.join(path.dirname(devcontainer), dockerfile)) && stages.includes(target)
    ? []
    : [`no stage ${target} in ${dockerfile}`]),
  ...(configuration.postCreateCommand === 'npm run setup' && scripts.setup
    ? []
    : [`it runs ${configuration.postCreateCommand}`]),
]);

const image = readFileSync(binder, 'utf8');
report(
  "Binder's image runs the set-up, as the user that Binder names",
  [/^RUN npm run setup/m, /^ARG NB_USER/m, /^ARG NB_UID/m, /^COPY --chown=\$NB_UID \. \.$/m]
    .filter((pattern) => !pattern.test(image))
    .map(String),
);
