// The files for containers and for Kubernetes, which are not built or run here, pass their linters.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { inRoot } from '../../src/setup/paths.mjs';
import { pythonWith } from '../support/python-environment.mjs';

const bin = path.dirname(pythonWith('lint', inRoot('test', 'support', 'lint-requirements.txt')));
const deploy = (name) => inRoot('src', 'grader', 'deploy', name);
for (const [title, program, ...words] of [
  ['hadolint has nothing to say about the Containerfile', 'hadolint', deploy('Containerfile')],
  ['the manifests are valid for Kubernetes', 'kubernetes-validate', '--strict', deploy('workers.yaml')],
]) {
  const { status, stdout, stderr } = spawnSync(path.join(bin, program), words, { encoding: 'utf8' });
  const isFine = status === 0 && (program !== 'hadolint' || stdout === '');
  console.log(`[${isFine ? 'ok' : 'fail'}] ${title}${isFine ? '' : `:\n${stdout}${stderr}`}`);
}
