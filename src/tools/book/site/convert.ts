import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot, venv } from '../../paths';
import { hashOf } from './files';

const folder = inRoot('build', 'fragments');

/**
 * The plain HTML of executed notebooks, by nbconvert. What is unchanged isn't converted again. Answers with the files,
 * in the same order.
 */
export async function convertNotebooks(executed: readonly string[]): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const template = inRoot('src', 'tools', 'book', 'template', 'layerwise-page');
  const templateHash = hashOf(
    ...readdirSync(template).map((file) => readFileSync(path.join(template, file))),
    readFileSync(inRoot('requirements.txt')),
    readFileSync(inRoot('src', 'tools', 'book', 'convert.py')),
  );
  const jobs = executed.map((file) => {
    const target = path.join(folder, `${path.basename(file, '.ipynb')}.html`);
    return { file, target, key: hashOf(templateHash, readFileSync(file)) };
  });
  const todo = jobs.filter(
    ({ target, key }) =>
      !existsSync(target) || !existsSync(`${target}.made-from`) || readFileSync(`${target}.made-from`, 'utf8') !== key,
  );
  // Each process takes every n-th notebook: the starts of the processes cost as much as two notebooks each.
  const processes = Math.min(os.availableParallelism(), 4, Math.ceil(todo.length / 2));
  await Promise.all(
    Array.from({ length: processes }, (_, n) =>
      convert(
        todo
          .filter((__, i) => i % processes === n)
          .map(({ file, target }) => `${file}\t${target}\n`)
          .join(''),
      ),
    ),
  );
  for (const { target, key } of todo) writeFileSync(`${target}.made-from`, key);
  return jobs.map(({ target }) => target);
}

function convert(lines: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(venv('python'), [inRoot('src', 'tools', 'book', 'convert.py')], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-4000)));
    child.on('error', reject);
    child.on('close', (status) =>
      status === 0
        ? resolve()
        : reject(new Error(`handouts: nbconvert ended with status ${status ?? 'none'}:\n${errors}`)),
    );
    child.stdin.end(lines);
  });
}
