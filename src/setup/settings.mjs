// npm and pip read settings of the reader's from files and from the environment. Those that it takes to reach a
// registry hold for set-up too.
// Others may lead what it installs elsewhere, or leave parts of it out, so they are ignored.
import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';
import { Problem } from './problem.mjs';
import { environment, run } from './run.mjs';

const PIP = new Set([
  'index-url',
  'extra-index-url',
  'no-index',
  'find-links',
  'trusted-host',
  'cert',
  'client-cert',
  'proxy',
  'timeout',
  'default-timeout',
  'retries',
  'keyring-provider',
  'cache-dir',
  'no-cache-dir',
  'use-feature',
  'use-deprecated',
]);
const NPM =
  /^npm_config_(userconfig|globalconfig|(.*:)?registry|\/\/.*|_auth|_?password|username|email|ca|cafile|cert|key|keyfile|strict_ssl|https?_proxy|proxy|noproxy|local_address|maxsockets|fetch_.*|cache.*|prefer_.*line|offline|replace_registry_host|user_agent)$/i;

/**
 * What makes npm do as the lock file says, whatever its files of settings say; its own words for all that `npm ci` can
 * be told.
 */
const AS_LOCKED = [
  ...[
    '--no-global',
    '--location=project',
    '--workspaces=null',
    '--package-lock',
    '--no-package-lock-only',
    '--no-dry-run',
    '--no-force',
  ],
  ...[
    '--include=prod',
    '--include=optional',
    '--include=peer',
    '--no-legacy-peer-deps',
    `--os=${process.platform}`,
    `--cpu=${process.arch}`,
  ],
  ...[
    '--install-strategy=hoisted',
    '--no-install-links',
    '--bin-links',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=notice',
    '--no-json',
  ],
];

const without = (isLeftOut) =>
  Object.fromEntries(
    Object.keys(process.env)
      .filter(isLeftOut)
      .map((name) => [name, undefined]),
  );

/** Runs `npm ci`, with packages for development where `args` say `--include=dev`; options are those of `run`. */
export function npmCi(args, options) {
  const env = without((name) => /^npm_config_/i.test(name) && !NPM.test(name));
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', ...AS_LOCKED, ...args], { ...options, env });
}

/** Runs a command of the pip that belongs to `python`; options are those of `run`. */
export async function pip(python, args, options = {}) {
  const env = { ...(await pipEnvironment(python, args[0])), ...options.env };
  return run(python, ['-m', 'pip', ...args], { name: 'pip', ...options, env });
}

/**
 * What to change in the environment so that pip reads no other settings than those kept. A value that is undefined is
 * to be removed.
 */
export async function pipEnvironment(python, command) {
  const stdout = await listSettings(python);
  const found = [...stdout.matchAll(/^(:env:|[\w-]+)\.([\w-]+)=(.*)$/gm)].map(([, from, name, value]) => ({
    from,
    name,
    value: unquoted(value),
  }));
  // What comes later holds.
  const kept = ['global', command, ':env:'].flatMap((place) =>
    found.filter(({ from, name }) => from === place && PIP.has(name)),
  );
  return {
    ...without((name) => name.startsWith('PIP_')),
    ...Object.fromEntries(kept.map(({ name, value }) => [`PIP_${name.toUpperCase().replaceAll('-', '_')}`, value])),
    PIP_CONFIG_FILE: devNull,
  };
}

/** What pip says of its settings. It is told to speak of itself, and not quietly: that can be set too. */
async function listSettings(python) {
  try {
    return (
      await promisify(execFile)(python, ['-m', 'pip', '--python', python, 'config', 'list'], {
        env: { ...environment(), PIP_QUIET: '0' },
      })
    ).stdout;
  } catch (error) {
    throw new Problem(
      `pip can't read its settings: ${String(error.stderr || error.message)
        .trim()
        .replaceAll('\n', ' ')}`,
      'mend the file that it names, then run the same command again',
    );
  }
}

/** A text that Python's repr() put into quotes. */
const unquoted = (text) =>
  text.slice(1, -1).replace(/\\(.)/g, (_, letter) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);
