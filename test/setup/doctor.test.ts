// Breaks each part of the real set-up, looks at doctor's line, and puts the part back.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/setup/doctor.mjs';
import { inRoot } from '../support/root';

interface Report {
  readonly status: number | null;
  readonly lines: ReadonlyMap<string, string>;
  readonly cures: ReadonlyMap<string, string>;
}

function doctor(env: NodeJS.ProcessEnv = process.env): Report {
  const { status, stdout } = spawnSync(process.execPath, [inRoot('src', 'bin', 'layerwise.mjs'), 'doctor'], {
    encoding: 'utf8',
    env,
  });
  const lines = new Map<string, string>();
  const cures = new Map<string, string>();
  let part = '';
  for (const line of stdout.split('\n')) {
    const found = /^(\[(?:OK|WARN|FAIL)\]) +(.{13}) (.*)$/.exec(line);
    if (found) lines.set((part = found[2].trim()), `${found[1]} ${found[3]}`);
    else if (line.includes('→')) cures.set(part, line.split('→')[1].trim());
  }
  return { status, lines, cures };
}

function withMoved(file: string, work: () => void): void {
  renameSync(file, `${file}.away`);
  try {
    work();
  } finally {
    rmSync(file, { recursive: true, force: true });
    renameSync(`${file}.away`, file);
  }
}

function withContent(file: string, change: (content: string) => string, work: () => void): void {
  const content = readFileSync(file, 'utf8');
  writeFileSync(file, change(content));
  try {
    work();
  } finally {
    writeFileSync(file, content);
  }
}

describe('doctor', () => {
  it('has one line a part, each OK, and ends with status 0', () => {
    const { status, lines } = doctor();
    expect([...lines.keys()]).toEqual(checks.map(([part]) => part));
    expect([...lines].filter(([, line]) => line.startsWith('[FAIL]'))).toEqual([]);
    expect(lines.get('addon')).toMatch(/^\[OK\] tfjs-node 4\.22\.0 on TensorFlow 2\.21\.0$/);
    expect(lines.get('TypeScript')).toBe('[OK] 5.9.3');
    expect(lines.get('one tfjs')).toBe('[OK] 4.22.0, a single copy');
    expect(status).toBe(0);
  });

  const broken = (part: string, line: RegExp, cure = /npm run setup/): void => {
    const report = doctor();
    expect(report.lines.get(part)).toMatch(line);
    expect(report.cures.get(part)).toMatch(cure);
    expect(report.status).toBe(1);
  };

  it('Python: no environment, or one with other packages', () => {
    withMoved(inRoot('.venv', 'bin', 'python'), () =>
      broken('Python', /^\[FAIL\] \.venv is missing; the system has Python 3\.\d+/),
    );
    withContent(
      inRoot('requirements.txt'),
      (content) => `${content}#`,
      () => broken('Python', /^\[FAIL\] Python 3\.\d+\.\d+ in \.venv, but not with the packages of requirements\.txt/),
    );
  });

  it('packages: not what the lock file says', () => {
    withContent(
      inRoot('package-lock.json'),
      (content) => `${content}\n`,
      () => broken('packages', /^\[FAIL\] node_modules is missing or not what package-lock\.json says/),
    );
  });

  it('operations: missing', () => {
    withMoved(inRoot('node_modules', '@tensorflow', 'tfjs-node', 'lib', 'operations'), () =>
      expect(doctor().lines.get('operations')).toMatch(/^\[WARN\] graph mode's own operations are missing/),
    );
  });

  it('addon: not linked', () => {
    withMoved(inRoot('node_modules', '@tensorflow', 'tfjs-node', 'lib'), () =>
      broken('addon', /^\[FAIL\] tfjs-node's addon is not built or not linked/),
    );
  });

  it('one tfjs: a second copy is named', () => {
    const second = inRoot('node_modules', 'danfojs-node', 'node_modules', '@tensorflow', 'tfjs-core');
    mkdirSync(second, { recursive: true });
    try {
      broken(
        'one tfjs',
        /^\[FAIL\] more than one copy: node_modules\/danfojs-node\/node_modules\/@tensorflow\/tfjs-core/,
        /rm -rf node_modules && npm run setup/,
      );
    } finally {
      rmSync(inRoot('node_modules', 'danfojs-node', 'node_modules', '@tensorflow'), { recursive: true });
    }
  });

  it('TypeScript: another version', () => {
    withContent(
      inRoot('node_modules', 'typescript', 'package.json'),
      (content) => content.replace('"version": "5.9.3"', '"version": "7.0.1"'),
      () => broken('TypeScript', /^\[FAIL\] 7\.0\.1, expected 5\.9\.3/),
    );
  });

  it('layerwise: older than its sources', () => {
    withContent(
      inRoot('src', 'parts', 'random', 'index.ts'),
      (content) => `${content}\n`,
      () => broken('layerwise', /^\[FAIL\] src\/dist is missing or older than the sources/),
    );
  });

  it('kernelspec: unknown to Jupyter, or its files have moved', () => {
    const spec = inRoot('.venv', 'share', 'jupyter', 'kernels', 'tslab', 'kernel.json');
    withMoved(spec, () => broken('kernelspec', /^\[FAIL\] the kernel is not known to Jupyter/));
    withContent(
      spec,
      (content) => content.replace(/"\/[^"]*node-shim\.cjs"/, '"/nowhere/node-shim.cjs"'),
      () => broken('kernelspec', /^\[FAIL\] the kernel's files have moved: \/nowhere\/node-shim\.cjs/),
    );
  });

  it('figures: JupyterLab without its extension', () => {
    withMoved(inRoot('.venv', 'share', 'jupyter', 'labextensions', 'jupyterlab-plotly', 'package.json'), () =>
      broken('figures', /^\[FAIL\] JupyterLab lacks the plotly extension/),
    );
  });

  it('data sets: a damaged one is named', () => {
    withContent(
      inRoot('data', 'iris.csv'),
      (content) => content.replace('5.1', '5.2'),
      () => broken('data sets', /^\[FAIL\] damaged: .*iris\.csv: its content is not iris\.csv/, /git checkout -- data/),
    );
  });

  it('system programs: a warning where one is missing, its path where it is there, and the status stays 0', () => {
    const bin = mkdtempSync(path.join(os.tmpdir(), 'layerwise-bin-'));
    symlinkSync(process.execPath, path.join(bin, 'node'));
    const { LAYERWISE_CHROMIUM: _, ...rest } = process.env;
    const without = doctor({ ...rest, PATH: bin });
    for (const [part, cure] of [
      ['Chromium', /chromium/],
      ['redis-server', /redis/],
      ['bubblewrap', /bubblewrap|Linux/],
    ] as const) {
      expect(without.lines.get(part)).toMatch(/^\[WARN\] not installed; needed for /);
      expect(without.cures.get(part)).toMatch(cure);
    }
    expect(without.status).toBe(0);
    for (const name of ['chromium', 'redis-server', 'bwrap'])
      writeFileSync(path.join(bin, name), '#!/bin/sh\n', { mode: 0o755 });
    const present = doctor({ ...rest, PATH: bin });
    for (const [part, name] of [
      ['Chromium', 'chromium'],
      ['redis-server', 'redis-server'],
      ['bubblewrap', 'bwrap'],
    ])
      expect(present.lines.get(part)).toBe(`[OK] ${path.join(bin, name)}`);
  });

  it('works where nothing is set up, and other commands then say what to do', () => {
    withMoved(inRoot('src', 'dist'), () => {
      broken('data sets', /^\[FAIL\] unknown until the package is compiled/);
      const { status, stderr } = spawnSync(process.execPath, [inRoot('src', 'bin', 'layerwise.mjs'), 'book'], {
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([
        1,
        'Layerwise is not set up yet. Run: npm start (or npm run setup, which runs no chapters)\n',
      ]);
    });
  });
});
