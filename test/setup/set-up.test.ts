// The real steps on the real project: what is changed or broken here is put back.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain, explainOutput } from '../../src/setup/explain.mjs';
import { utf8Locale } from '../../src/setup/locale.mjs';
import { checkNode } from '../../src/setup/node-version.cjs';
import { downloadOfficialBuild } from '../../src/setup/official-build.mjs';
import { checkSpace, findCompiler, findPython } from '../../src/setup/requirements.mjs';
import { setUp, type Step } from '../../src/setup/set-up.mjs';
import { hashOf, hashOfFiles, readStamp, removeStamp, writeStamp } from '../../src/setup/stamps.mjs';
import { steps, stepsForTests } from '../../src/setup/steps.mjs';
import { notebookFolder } from '../support/make-notebook';
import { inRoot } from '../support/root';

const silent = (): { detail: () => void; done: () => void; fail: () => void } => ({
  detail: () => undefined,
  done: () => undefined,
  fail: () => undefined,
});
const undone = (list = stepsForTests): string[] => list.filter((step) => !step.isDone()).map((step) => step.name);

/** Changes a file while `work` runs. */
async function withChanged<T>(
  file: string,
  change: (content: string) => string,
  work: () => T | Promise<T>,
): Promise<T> {
  const content = readFileSync(file, 'utf8');
  writeFileSync(file, change(content));
  try {
    return await work();
  } finally {
    writeFileSync(file, content);
  }
}

/** Moves a file or folder away while `work` runs. */
async function without<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  const away = `${file}.away`;
  renameSync(file, away);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true, recursive: true });
    renameSync(away, file);
  }
}

describe('the steps', () => {
  it('are all done after a set-up', () => expect(undone()).toEqual([]));

  it('want the packages of the tests only where tests run', async () => {
    const stamp = inRoot('node_modules', '.layerwise-made-from');
    await withChanged(
      stamp,
      (made) => made.replace(' with tests', ''),
      () => {
        expect(undone(steps)).toEqual([]);
        expect(undone()).toEqual(['packages']);
      },
    );
    await without(inRoot('node_modules', 'fast-check'), () => {
      expect(undone(steps)).toEqual([]);
      expect(undone()).toEqual(['packages']);
    });
  });

  it.each<[string, string, (content: string) => string, string[]]>([
    ['a changed lock file', 'package-lock.json', (content) => `${content}\n`, ['packages']],
    [
      'a changed pin',
      'package.json',
      (content) => content.replace('"typescript": "5.9.3"', '"typescript": "5.9.2"'),
      ['packages'],
    ],
    [
      'a changed script',
      'package.json',
      (content) => content.replace('"scripts": {', '"scripts": { "hello": "echo",'),
      [],
    ],
    ['a changed Python requirement', 'requirements.txt', (content) => `${content}\n`, ['python']],
    ['a changed source', 'src/parts/random/seed.ts', (content) => `${content}\n`, ['package']],
    [
      'a changed addon version',
      'node_modules/node-api-headers/package.json',
      (content) => content.replace(/"version": ".*?"/, '"version": "0.0.0"'),
      ['tensorflow', 'addon', 'operations'],
    ],
    [
      'a changed operation',
      'src/parts/graph/operations/lstm.cc',
      (content) => `${content}\n`,
      ['operations', 'package'],
    ],
  ])('%s undoes only its step', async (_, file, change, expected) => {
    expect(await withChanged(inRoot(file), change, () => undone())).toEqual(expected);
    expect(undone()).toEqual([]);
  });

  it.each([
    ['node_modules/.layerwise-made-from', ['packages']],
    ['.venv/made-from', ['python']],
    ['.venv/bin/jupyter-lab', ['python']],
    ['node_modules/zod/package.json', ['packages']],
    ['node_modules/.bin/layerwise', ['packages']],
    ['node_modules/@tensorflow/tfjs-node/lib/operations/layerwise_operations.node', ['operations']],
    ['node_modules/@tensorflow/tfjs-node/lib', ['addon']],
    ['src/dist/made-from', ['package']],
    ['.venv/share/jupyter/kernels/tslab/made-from', ['kernelspecs']],
    ['build/jupyter/kernels/tslab-plain/kernel.json', ['kernelspecs']],
  ])('a missing %s undoes its step', async (file, expected) =>
    expect(await without(inRoot(file), () => undone())).toEqual(expected),
  );

  it('a set-up that is killed while it compiles is repaired by the next', async () => {
    removeStamp(inRoot('src', 'dist', 'made-from'));
    const child = spawn(process.execPath, [inRoot('src', 'setup', 'index.cjs')], { detached: true, stdio: 'ignore' });
    await waitUntil(() => compilerRuns(child.pid ?? 0));
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    expect(undone()).toEqual(['package']);
    expect(spawnSync(process.execPath, [inRoot('src', 'setup', 'index.cjs')]).status).toBe(0);
    expect(undone()).toEqual([]);
    expect(execFileSync('ls', [inRoot('src')], { encoding: 'utf8' })).not.toMatch(/dist\./);
  });
});

/** Whether the set-up's process has started the compiler. */
function compilerRuns(pid: number): boolean {
  return (
    existsSync(`/proc/${pid}/task/${pid}/children`) &&
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() !== ''
  );
}

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('setUp', () => {
  const step = (name: string, state: { done: boolean; log: string[] }, fails = false): Step => ({
    name,
    title: name,
    isDone: () => state.done,
    run: async () => {
      state.log.push(name);
      if (fails) throw new Error(`${name} failed`);
      state.done = true;
    },
  });

  it('does what is not done, in order, and nothing twice', async () => {
    const log: string[] = [];
    const list = [step('a', { done: true, log }), step('b', { done: false, log }), step('c', { done: false, log })];
    expect(await setUp(silent, list, {})).toEqual(['b', 'c']);
    expect(await setUp(silent, list, {})).toEqual([]);
    expect(log).toEqual(['b', 'c']);
  });

  it('stops at a failure and goes on there the next time', async () => {
    const log: string[] = [];
    const state = { done: false, log };
    await expect(
      setUp(silent, [step('a', { done: false, log }), step('b', state, true), step('c', { done: false, log })], {}),
    ).rejects.toThrow('b failed');
    expect(log).toEqual(['a', 'b']);
  });

  it('looks for what later steps need before it begins', async () => {
    const log: string[] = [];
    const list = [step('packages', { done: false, log }), step('tensorflow', { done: false, log })];
    const needs = {
      tensorflow: () => {
        throw new Error('no compiler');
      },
    };
    await expect(setUp(silent, list, needs)).rejects.toThrow('no compiler');
    expect(log).toEqual([]);
  });

  it('takes a step whose check throws as not done', async () => {
    const log: string[] = [];
    const state = { done: false, log };
    const broken = { ...step('a', state), isDone: () => state.done || (JSON.parse('{') as boolean) };
    expect(await setUp(silent, [broken], {})).toEqual(['a']);
  });

  it('looks at what a step has made before it calls it done', async () => {
    const log: string[] = [];
    const idle = { ...step('a', { done: false, log }), isDone: () => false };
    await expect(setUp(silent, [idle, step('b', { done: false, log })], {})).rejects.toMatchObject({
      message: 'what "a" should have made is not there, although nothing failed',
      cure: expect.stringContaining('build/setup.log'),
    });
    expect(log).toEqual(['a']);
  });
});

describe('stamps', () => {
  it('hold what was written, and are gone when removed', () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'layerwise-stamp-')), 'deep', 'stamp');
    expect(readStamp(file)).toBeUndefined();
    writeStamp(file, 'key');
    expect(readStamp(file)).toBe('key');
    removeStamp(file);
    expect(readStamp(file)).toBeUndefined();
  });

  it('change with content, names and boundaries', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-hash-'));
    writeFileSync(path.join(folder, 'a'), '1');
    const before = hashOfFiles([folder]);
    writeFileSync(path.join(folder, 'a'), '2');
    const changed = hashOfFiles([folder]);
    renameSync(path.join(folder, 'a'), path.join(folder, 'b'));
    expect(new Set([before, changed, hashOfFiles([folder]), hashOfFiles([path.join(folder, 'none')])]).size).toBe(4);
    expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'));
  });
});

const thrown = (work: () => unknown): { message: string; cure: string } => {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && 'cure' in error) return { message: error.message, cure: String(error.cure) };
  }
  return { message: 'nothing was thrown', cure: '' };
};

describe('what a failure means', () => {
  const npm = [
    'npm error code ECONNREFUSED',
    'npm error FetchError: request to http://127.0.0.1:9/zod failed, reason: connect ECONNREFUSED 127.0.0.1:9',
  ];
  const pip = [
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused')': /simple/anyio/",
    "Could not fetch URL http://127.0.0.1:9/simple/anyio/: connection error: HTTPConnectionPool(host='127.0.0.1', port=9): Max retries exceeded",
    'ERROR: No matching distribution found for anyio==4.16.0',
  ];
  const certificate = [
    "Could not fetch URL https://index.example/simple/six/: There was a problem confirming the ssl certificate: (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed')))",
  ];

  it.each<[string, string[], string, string]>([
    ['npm', npm, 'npm could not reach http://127.0.0.1:9/zod: connect ECONNREFUSED 127.0.0.1:9', 'check the network'],
    ['pip', pip, 'pip could not reach http://127.0.0.1:9/simple/anyio/: [Errno 111] Connection refused', 'HTTPS_PROXY'],
    [
      'pip',
      certificate,
      'pip does not trust the certificate of https://index.example/simple/six/: CERTIFICATE_VERIFY_FAILED',
      'PIP_CERT',
    ],
    [
      'npm',
      ['npm error request to https://ada:secret@mirror.example/zod failed, reason: connect ETIMEDOUT 192.0.2.1:443'],
      'npm could not reach https://mirror.example/zod: connect ETIMEDOUT 192.0.2.1:443',
      'mirror',
    ],
    [
      'npm',
      ['npm error code EROFS', "npm error EROFS: read-only file system, mkdir '/x'"],
      'npm could not write: npm error code EROFS',
      'a folder that you can write to',
    ],
    [
      'npm',
      ["npm error Error: EACCES: permission denied, mkdir '/x'"],
      "npm was not allowed to write: npm error Error: EACCES: permission denied, mkdir '/x'",
      'yours',
    ],
    [
      'g++',
      ['g++: fatal error: Killed signal terminated program cc1plus'],
      'g++: memory ran out',
      'close other programs',
    ],
  ])('%s: %#', (command, lines, message, cure) => {
    const problem = explainOutput(command, lines);
    expect(problem?.message).toBe(message);
    expect(problem?.cure).toContain(cure);
  });

  it.each([
    'npm error nospc ENOSPC: no space left on device, write',
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device: '/x'",
    '/usr/bin/ld: final link failed: No space left on device',
  ])('a full disk: %s', (line) => {
    expect(explainOutput('it', [line])?.message).toMatch(
      /^it: no space was left on the disk; \d+\.\d GB are free now where \/.* is$/,
    );
  });

  it('an unknown failure stays as it is', () => {
    expect(explainOutput('tsc', ["src/parts/data/index.ts(1,1): error TS2304: Cannot find name 'x'."])).toBeUndefined();
    const error = new Error('something else');
    expect(explain(error)).toBe(error);
  });

  it.each([
    ['ENOSPC', /no space was left/],
    ['EROFS', /can only be read/],
    ['EACCES', /you may not write to \/some\/where/],
  ])('of a system call: %s', (code, message) => {
    const explained = explain(Object.assign(new Error(code), { code, path: '/some/where' }));
    expect(explained).toMatchObject({ name: 'Problem', message: expect.stringMatching(message) });
  });
});

describe("the terminal's encoding", () => {
  it.each([
    [{}, { LC_CTYPE: 'C.UTF-8' }],
    [{ LANG: 'C' }, { LC_CTYPE: 'C.UTF-8' }],
    [{ LANG: 'de_DE.UTF-8' }, {}],
    [{ LANG: 'de_DE.utf8', LC_CTYPE: 'POSIX' }, { LC_CTYPE: 'C.UTF-8' }],
    [{ LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.ISO-8859-1' }, { LC_ALL: 'C.UTF-8' }],
  ])('%j gets %j', (env, more) => {
    expect(utf8Locale(env, 'linux')).toEqual(more);
  });

  it.runIf(process.platform === 'linux')('lets Python read what the C locale refuses', () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'layerwise-locale-')), 'λ.ini');
    writeFileSync(file, 'größer');
    const read = (env: Record<string, string>) =>
      spawnSync(
        findPython().executable,
        ['-c', 'import sys; print(ascii(open(sys.argv[1], encoding="locale").read()))', file],
        { encoding: 'utf8', env: { PATH: process.env.PATH ?? '', ...env } },
      );
    const plain = { LC_ALL: 'C', PYTHONUTF8: '1' };
    expect(read(plain).stderr).toContain("'ascii' codec can't decode");
    expect(read({ ...plain, ...utf8Locale(plain) }).stdout.trim()).toBe(String.raw`'gr\xf6\xdfer'`);
  });
});

describe('the official build', () => {
  it('is given up after its time limit, in words', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const folder = notebookFolder();
    process.env.TFJS_NODE_CDN_STORAGE = `http://127.0.0.1:${port}/`;
    try {
      await expect(downloadOfficialBuild(folder, () => undefined, 2000)).rejects.toMatchObject({
        message: expect.stringMatching(
          /^no C\+\+ compiler was found .*, and the official build, tried in its place, could not be had\.\ntfjs-node's own download was not done after 2\.0 s$/,
        ),
        cure: expect.stringContaining('g++'),
      });
    } finally {
      delete process.env.TFJS_NODE_CDN_STORAGE;
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what the machine needs', () => {
  it('names an old Node and where to get a new one', () => {
    expect(thrown(() => checkNode('18.20.4'))).toEqual({
      message: 'Node 18.20.4 is too old: Layerwise needs 20.19 or newer',
      cure: expect.stringContaining('nodejs.org'),
    });
    expect(thrown(() => checkNode('20.18.9')).message).toContain('too old');
    expect(checkNode('24.0.0')).toBe('24.0.0');
  });

  it('names a missing Python, an old one, and one without venv', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-python-'));
    const fake = (name: string, version: string, venv: string): string => {
      const file = path.join(folder, name);
      writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' ${file} ${version} ${venv}\n`, { mode: 0o755 });
      return file;
    };
    expect(thrown(() => findPython(['no-such-python'])).message).toBe(
      'no Python from 3.11 to 3.13 with the venv module was found',
    );
    const old = thrown(() => findPython([fake('old', '3.9', 'True'), fake('bare', '3.12', 'False')]));
    expect(old.message).toMatch(/found: .*old is 3\.9, .*bare is 3\.12 without venv/);
    expect(old.cure).toMatch(/python3-venv|brew|install Python/);
    expect(findPython([fake('good', '3.12', 'True')]).version).toBe('3.12');
  });

  it('names a missing compiler and the command that installs it', () => {
    const missing = thrown(() => findCompiler(['no-such-compiler']));
    expect(missing.message).toContain('no C++ compiler was found (tried: no-such-compiler)');
    expect(missing.cure).toMatch(/g\+\+|xcode-select/);
  });

  it('names the space that is missing', () => {
    const full = thrown(() => checkSpace(2.4e9, 0.35e9));
    expect(full.message).toContain('set-up needs 2.4 GB more, and only 0.3 GB are free on the disk that holds ');
    expect(full.cure).toContain('make space');
    expect(thrown(() => checkSpace(1e9, 1e9)).message).toBe('nothing was thrown');
  });

  it('is said before anything is installed: a clone on a machine with neither', () => {
    const clone = mkdtempSync(path.join(os.tmpdir(), 'layerwise-clone-'));
    for (const name of ['package.json', 'package-lock.json', 'requirements.txt', 'tsconfig.json'])
      cpSync(inRoot(name), path.join(clone, name));
    mkdirSync(path.join(clone, 'src'));
    for (const name of ['setup', 'tsconfig.json'])
      cpSync(inRoot('src', name), path.join(clone, 'src', name), { recursive: true });
    const bin = path.join(clone, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, path.join(bin, 'node'));
    const ran = spawnSync(path.join(bin, 'node'), [path.join(clone, 'src', 'setup', 'index.cjs')], {
      encoding: 'utf8',
      env: { PATH: bin, HOME: clone },
    });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(
      /Set-up stopped: no Python from 3\.11 to 3\.13 with the venv module was found\nTo mend it: /,
    );
    expect(existsSync(path.join(clone, 'node_modules'))).toBe(false);
  });
});
