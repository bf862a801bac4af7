// Settings of npm and pip that would lead set-up astray, with the real programs: a small project with the real steps,
// and a registry and an index of its own.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findPython } from '../../src/setup/requirements.mjs';
import { inRoot } from '../support/root';

const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-settings-'));
const at = (...parts: string[]): string => path.join(folder, ...parts);
const project = (...parts: string[]): string => at('project', ...parts);
const WHEEL = 'jupyterlab-4.0.0-py3-none-any.whl';
const SET_UP = `
const { setUp } = await import('./src/setup/set-up.mjs');
const lists = await import('./src/setup/steps.mjs');
const shown = { detail() {}, done() {}, fail() {} };
console.log(JSON.stringify(await setUp(() => shown, lists[process.argv[2]].filter(({ name }) => name === process.argv[1]), {})));
`;
const BUILD_WHEEL = `
import sys, zipfile
info = 'jupyterlab-4.0.0.dist-info/'
files = {'jupyterlab.py': 'def main(): print("a laboratory")\\n', info + 'METADATA': 'Metadata-Version: 2.1\\nName: jupyterlab\\nVersion: 4.0.0\\n',
         info + 'WHEEL': 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n', info + 'entry_points.txt': '[console_scripts]\\njupyter-lab = jupyterlab:main\\n'}
files[info + 'RECORD'] = ''.join(name + ',,\\n' for name in [*files, info + 'RECORD'])
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    for name, content in files.items(): wheel.writestr(name, content)
`;

const asked: string[] = [];
const server = createServer((request, response) => {
  const url = request.url ?? '';
  asked.push(url);
  if (url === '/simple/jupyterlab/')
    response.setHeader('content-type', 'text/html').end(`<a href="/files/${WHEEL}">${WHEEL}</a>`);
  else if (existsSync(at('files', path.basename(url)))) response.end(readFileSync(at('files', path.basename(url))));
  else response.writeHead(404).end();
});
let registry = '';

function makePackage(name: string): {
  version: string;
  resolved: string;
  integrity: string;
  bin: Record<string, string>;
} {
  mkdirSync(at(name, 'package'), { recursive: true });
  writeFileSync(
    at(name, 'package', 'package.json'),
    JSON.stringify({ name, version: '1.0.0', bin: { [name]: 'run.js' } }),
  );
  writeFileSync(at(name, 'package', 'run.js'), '');
  const file = at('files', `${name}-1.0.0.tgz`);
  execFileSync('tar', ['-czf', file, '-C', at(name), 'package']);
  return {
    version: '1.0.0',
    bin: { [name]: 'run.js' },
    resolved: `https://registry.npmjs.org/${name}/-/${name}-1.0.0.tgz`,
    integrity: `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`,
  };
}

beforeAll(async () => {
  for (const name of ['files', 'home/.config/pip', 'project/src']) mkdirSync(at(name), { recursive: true });
  for (const name of ['setup', 'bin', 'package.json'])
    cpSync(inRoot('src', name), project('src', name), { recursive: true });
  const layerwise = JSON.parse(readFileSync(inRoot('src', 'package.json'), 'utf8')) as object;
  const manifest = {
    name: 'small',
    private: true,
    workspaces: ['src'],
    dependencies: { tiny: '1.0.0' },
    devDependencies: { 'tiny-dev': '1.0.0' },
  };
  writeFileSync(project('package.json'), JSON.stringify(manifest));
  const packages = {
    '': manifest,
    src: layerwise,
    'node_modules/layerwise': { resolved: 'src', link: true },
    'node_modules/tiny': makePackage('tiny'),
    'node_modules/tiny-dev': { ...makePackage('tiny-dev'), dev: true },
  };
  writeFileSync(
    project('package-lock.json'),
    JSON.stringify({ name: 'small', lockfileVersion: 3, requires: true, packages }),
  );
  execFileSync(findPython().executable, ['-c', BUILD_WHEEL, at('files', WHEEL)]);
  writeFileSync(
    project('requirements.txt'),
    `jupyterlab==4.0.0 \\\n    --hash=sha256:${createHash('sha256')
      .update(readFileSync(at('files', WHEEL)))
      .digest('hex')}\n`,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  registry = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
beforeEach(() => asked.splice(0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Runs Node in the project, with a home that holds the settings, and no other environment. */
function inProject(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, args, {
    cwd: project(),
    env: { PATH: process.env.PATH, HOME: at('home'), ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, output: output.trim() })));
}
const doStep = (
  name: string,
  env: Readonly<Record<string, string>>,
  list: 'steps' | 'stepsForTests' = 'stepsForTests',
): Promise<{ status: number | null; output: string }> =>
  inProject(['--input-type=module', '-e', SET_UP, name, list], env);
const installed = (): string[] => readdirSync(project('node_modules')).filter((name) => !name.startsWith('.'));

async function doctorSays(part: string): Promise<string> {
  const { output } = await inProject(['src/bin/layerwise.mjs', 'doctor']);
  return (
    output
      .split('\n')
      .find((line) => line.includes(`] ${part.padEnd(13)}`) || line.includes(`]   ${part.padEnd(13)}`)) ?? output
  );
}

describe('pip', () => {
  const settings = (text: string): void => writeFileSync(at('home', '.config', 'pip', 'pip.conf'), text);
  const removeLab = (): void => {
    if (!existsSync(project('.venv'))) return;
    const [python] = readdirSync(project('.venv', 'lib'));
    for (const name of readdirSync(project('.venv', 'lib', python, 'site-packages')))
      if (name.startsWith('jupyterlab'))
        rmSync(project('.venv', 'lib', python, 'site-packages', name), { recursive: true });
  };

  it.each<[string, string, Record<string, string>]>([
    ['another place to install to', `target = ${at('elsewhere')}\n`, {}],
    ['a prefix, only for install', `[install]\nprefix = ${at('elsewhere')}\n`, {}],
    ['another root, and the home of the user', `root = ${at('elsewhere')}\n[install]\nuser = true\n`, {}],
    [
      'only a rehearsal, without wheels, in the environment',
      '',
      { PIP_DRY_RUN: '1', PIP_NO_BINARY: ':all:', PIP_TARGET: at('elsewhere') },
    ],
    ["another Python's", `python = ${findPython().executable}\nquiet = 3\n`, {}],
  ])('is not led astray by %s, and asks the index that its settings name', async (_, text, env) => {
    settings(`[global]\nindex-url = ${registry}/simple\n${text}`);
    removeLab();
    expect(await doctorSays('Python')).toMatch(/^\[FAIL\] Python/);
    expect(await doStep('python', env)).toEqual({ status: 0, output: '["python"]' });
    expect(execFileSync(project('.venv', 'bin', 'jupyter-lab'), { encoding: 'utf8' })).toBe('a laboratory\n');
    expect(asked).toContain('/simple/jupyterlab/');
    expect(existsSync(at('elsewhere'))).toBe(false);
    expect(await doctorSays('Python')).toMatch(/^\[OK\] +Python .* packages as in requirements\.txt$/);
  });

  it("says which file of settings it can't read", async () => {
    settings('[global\n');
    removeLab();
    expect(await doStep('python', {})).toMatchObject({
      status: 1,
      output: expect.stringMatching(
        /Problem: pip can't read its settings: .*pip\.conf[\s\S]*cure: 'mend the file that it names/,
      ),
    });
  });
});

describe('npm', () => {
  const settings = (text: string): void => writeFileSync(at('home', '.npmrc'), `registry=${registry}\n${text}`);

  it.each<[string, string, Record<string, string>]>([
    ['another place to install to', `global=true\nlocation=global\nprefix=${at('elsewhere')}\n`, {}],
    [
      'parts to leave out',
      'omit[]=dev\nomit[]=optional\nbin-links=false\nworkspaces=false\n',
      { NODE_ENV: 'production', npm_config_workspace: 'other' },
    ],
    [
      'another form, or none',
      'install-strategy=linked\ndry-run=true\npackage-lock=false\npackage-lock-only=true\nloglevel=silent\n',
      { npm_config_global_style: 'true', npm_config_only: 'prod' },
    ],
  ])('is not led astray by %s, and asks the registry that its settings name', async (_, text, env) => {
    settings(text);
    rmSync(at('home', '.npm'), { recursive: true, force: true });
    rmSync(project('node_modules'), { recursive: true, force: true });
    expect(await doctorSays('packages')).toMatch(/^\[FAIL\] packages/);
    expect(await doStep('packages', env)).toEqual({ status: 0, output: '["packages"]' });
    expect(installed()).toEqual(['layerwise', 'tiny', 'tiny-dev']);
    expect(readdirSync(project('node_modules', '.bin')).sort()).toEqual(['layerwise', 'tiny', 'tiny-dev']);
    expect(asked.filter((url) => url.includes('tiny'))).toHaveLength(2);
    expect(existsSync(at('elsewhere'))).toBe(false);
    expect(await doctorSays('packages')).toMatch(/^\[OK\] +packages/);
  });

  it('leaves out what only tests need until they ask for it, and keeps it from then on', async () => {
    settings('include[]=dev\n');
    rmSync(project('node_modules'), { recursive: true, force: true });
    const done = { status: 0, output: '["packages"]' };
    expect(await doStep('packages', { npm_config_include: 'dev' }, 'steps')).toEqual(done);
    expect(installed()).toEqual(['layerwise', 'tiny']);
    expect(await doctorSays('packages')).toMatch(/as in package-lock\.json$/);
    expect(await doStep('packages', {})).toEqual(done);
    expect(await doctorSays('packages')).toMatch(/as in package-lock\.json, those of the tests too$/);
    rmSync(project('node_modules', 'tiny'), { recursive: true });
    expect(await doStep('packages', {}, 'steps')).toEqual(done);
    expect(installed()).toEqual(['layerwise', 'tiny', 'tiny-dev']);
  });
});
