// Programs of the system that only some parts need. As root on Debian they can be installed with apt-get.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { howToInstall } from './requirements.mjs';

export const systemParts = [
  {
    name: 'Chromium',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    variable: 'LAYERWISE_CHROMIUM',
    debian: 'chromium',
    mac: 'brew install --cask chromium',
    neededFor: 'tests that look at figures and pages',
    testsNeedIt: true,
  },
  {
    name: 'Firefox',
    programs: ['firefox-esr', 'firefox'],
    variable: 'LAYERWISE_FIREFOX',
    debian: 'firefox-esr',
    mac: 'brew install --cask firefox',
    neededFor: 'tests that run the cells of pages in a second browser',
    testsNeedIt: true,
  },
  {
    name: 'redis-server',
    programs: ['redis-server', 'valkey-server'],
    debian: 'redis-server',
    mac: 'brew install redis',
    neededFor: 'grading on several machines',
    testsNeedIt: true,
  },
  {
    name: 'bubblewrap',
    programs: ['bwrap'],
    debian: 'bubblewrap',
    mac: 'use Linux for grading',
    neededFor: 'grading in a sandbox',
    testsNeedIt: true,
  },
];

/** Path of the first of the part's programs that is on the PATH, or undefined. */
export function findProgram(part, env = process.env) {
  if (part.variable && env[part.variable]) return existsSync(env[part.variable]) ? env[part.variable] : undefined;
  for (const program of part.programs) {
    for (const folder of (env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, program);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        continue;
      }
    }
  }
  return undefined;
}

/** The command that installs the part here. */
export const cureFor = (part) =>
  howToInstall(part.debian, part.mac, `install ${part.programs[0]} with your system's package manager`);

/**
 * Installs with apt-get the parts that tests need, where that is possible without asking: as root on Debian. Returns
 * what is still missing.
 */
export function installForTests(log = console.log) {
  const missing = systemParts.filter((part) => part.testsNeedIt && !findProgram(part));
  const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (missing.length > 0 && canInstall) {
    const packages = missing.map((part) => part.debian);
    log(`Installing ${packages.join(', ')} with apt-get …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore', env });
    try {
      execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env,
      });
    } catch (error) {
      log(`apt-get could not install ${packages.join(', ')}: ${error.message}`);
    }
  }
  return missing.filter((part) => !findProgram(part));
}
