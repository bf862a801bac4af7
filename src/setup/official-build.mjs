// Where there is no C++ compiler: what tfjs-node itself would install, an addon and TensorFlow 2.9.1 from its makers'
// storage.
// Its own script downloads them. It checks nothing, so all that protects the download is the connection (HTTPS).
import { cpSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inRoot, tfjsNode } from './paths.mjs';
import { Problem } from './problem.mjs';
import { compilerProblem } from './requirements.mjs';
import { run } from './run.mjs';
import { folderBytes } from './wheel.mjs';

const LIMIT_MS = 10 * 60_000;
const SCRIPT_FILES = ['package.json', 'scripts', 'node_modules'];

/** Downloads the official build into `aside`. Rejects with a Problem that says how to do without it. */
export async function downloadOfficialBuild(aside, detail, limitMs = LIMIT_MS) {
  for (const name of SCRIPT_FILES) {
    const source = path.join(tfjsNode, name);
    if (existsSync(source)) cpSync(source, path.join(aside, name), { recursive: true });
  }
  const timer = setInterval(
    () => detail(`downloading the official build, ${(folderBytes(aside) / 1e6).toFixed(0)} MB so far`),
    300,
  );
  try {
    const PATH = `${inRoot('node_modules', '.bin')}${path.delimiter}${process.env.PATH}`;
    await run(process.execPath, [path.join('scripts', 'install.js'), 'cpu', 'download'], {
      name: "tfjs-node's own download",
      cwd: aside,
      env: { PATH },
      limitMs,
    });
    if (!existsSync(path.join(aside, 'lib', 'napi-v8', 'tfjs_binding.node'))) throw new Problem('it brought no addon');
  } catch (error) {
    const { message, cure } = compilerProblem();
    throw new Problem(
      `${message}, and the official build, tried in its place, could not be had.\n${error.message}`,
      `${cure}, then run the same command again: what is done is kept`,
    );
  } finally {
    clearInterval(timer);
  }
  for (const name of SCRIPT_FILES) rmSync(path.join(aside, name), { recursive: true, force: true });
}
