// Kernelspecs: `tslab` is what learners get; `tslab-plain`, for tests only, is the unmodified kernel.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, kernelspecs, nodeShim } from './paths.mjs';
import { hashOf, readStamp, writeStamp } from './stamps.mjs';

const QUIET_TENSORFLOW = { TF_CPP_MIN_LOG_LEVEL: '3' };
const tslab = inRoot('node_modules', 'tslab', 'bin', 'tslab');

export const plainJupyterPath = inRoot('build', 'jupyter');
const plainSpecs = path.join(plainJupyterPath, 'kernels');

const ours = {
  argv: [process.execPath, '--expose-gc', '--require', nodeShim, inRoot('src', 'dist', 'kernel', 'main.js'), '{connection_file}'],
  display_name: 'TypeScript (Layerwise)',
  language: 'typescript',
  interrupt_mode: 'message',
  env: QUIET_TENSORFLOW,
};

// Three layers, one above the other.
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="10" fill="#0072b2"/><g fill="none" stroke="#fff" stroke-width="4" stroke-linejoin="round"><path d="M32 12 54 23 32 34 10 23Z"/><path d="m10 32 22 11 22-11M10 41l22 11 22-11"/></g></svg>\n`;

const plain = {
  argv: [process.execPath, '--require', nodeShim, tslab, 'kernel', '--config-path={connection_file}'],
  display_name: 'TypeScript (plain tslab)',
  language: 'typescript',
  env: QUIET_TENSORFLOW,
};

const LAB_SETTINGS = {
  // JupyterLab asks the network for news and updates unless told not to.
  '@jupyterlab/apputils-extension:notification': { checkForUpdates: false, doNotDisturbMode: false, fetchNews: 'false' },
  // No part of a line is out of sight.
  '@jupyterlab/notebook-extension:tracker': { codeCellConfig: { lineNumbers: false, lineWrap: true } },
};
const labSettings = inRoot('.venv', 'share', 'jupyter', 'lab', 'settings', 'overrides.json');

// `jupyter nbconvert --template layerwise` finds its template here; the pages hold all that they need.
const template = inRoot('.venv', 'share', 'jupyter', 'nbconvert', 'templates', 'layerwise');
const templateSources = inRoot('src', 'book', 'template', 'layerwise');
const SCRIPTS = [['plotly.js-dist-min', 'plotly.min.js'], ['katex', 'dist', 'katex.min.js'], ['katex', 'dist', 'contrib', 'auto-render.min.js']];

function writeTemplate() {
  const fixed = path.join(template, 'static');
  rmSync(template, { recursive: true, force: true });
  mkdirSync(fixed, { recursive: true });
  for (const name of readdirSync(templateSources)) copyFileSync(path.join(templateSources, name), path.join(template, name));
  for (const parts of SCRIPTS) copyFileSync(inRoot('node_modules', ...parts), path.join(fixed, parts.at(-1)));
  const katex = inRoot('node_modules', 'katex', 'dist');
  const styles = readFileSync(path.join(katex, 'katex.min.css'), 'utf8').replace(/src:url\((fonts\/[^)]+\.woff2)\)[^;}]*/g, (_, font) => `src:url(data:font/woff2;base64,${readFileSync(path.join(katex, font)).toString('base64')}) format("woff2")`);
  writeFileSync(path.join(fixed, 'katex.css'), styles);
}

// What the kernelspecs, settings and template hold: when it changes they are written anew.
const key = () => hashOf(JSON.stringify([ours, LOGO, plain, LAB_SETTINGS, SCRIPTS, readdirSync(templateSources).map((name) => readFileSync(path.join(templateSources, name), 'utf8'))]));

const stamp = path.join(kernelspecs, 'tslab', 'made-from');
const plainSpecFile = path.join(plainSpecs, 'tslab-plain', 'kernel.json');

export const kernelspecsAreWritten = () => readStamp(stamp) === key() && existsSync(plainSpecFile);

/** Writes both kernelspecs, JupyterLab's settings and nbconvert's template. */
export async function writeKernelspecs() {
  writeTemplate();
  for (const [folder, content] of [
    [path.join(kernelspecs, 'tslab'), ours],
    [path.dirname(plainSpecFile), plain],
  ]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    if (content === ours) writeFileSync(path.join(folder, 'logo-svg.svg'), LOGO);
    writeFileSync(path.join(folder, 'kernel.json'), `${JSON.stringify(content, undefined, 2)}\n`);
  }
  mkdirSync(path.dirname(labSettings), { recursive: true });
  writeFileSync(labSettings, `${JSON.stringify(LAB_SETTINGS, undefined, 2)}\n`);
  writeStamp(stamp, key());
}
