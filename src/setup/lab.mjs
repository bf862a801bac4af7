// What JupyterLab and nbconvert in .venv get of the course: settings, colors, and how notebooks are exported.
import { cpSync, copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';

const jupyter = inRoot('.venv', 'share', 'jupyter');

const SETTINGS = {
  // JupyterLab asks the network for news and updates unless told not to.
  '@jupyterlab/apputils-extension:notification': {
    checkForUpdates: false,
    doNotDisturbMode: false,
    fetchNews: 'false',
  },
  // Where the machine or the kernel is busy an answer takes longer than the second that JupyterLab waits; then Tab would
  // do nothing.
  '@jupyterlab/completer-extension:manager': { providerTimeout: 10_000 },
  // No part of a line is out of sight.
  '@jupyterlab/notebook-extension:tracker': { codeCellConfig: { lineNumbers: false, lineWrap: true } },
};

// LaTeX, pandoc or Qt would be needed for these, and the slides' script is on the network: they are not in the menu.
const NOT_OFFERED = [
  'LatexExporter',
  'WebPDFExporter',
  'QtPDFExporter',
  'QtPNGExporter',
  'SlidesExporter',
  'ASCIIDocExporter',
  'RSTExporter',
];
const SERVER = {
  LabApp: { custom_css: true },
  ...Object.fromEntries(NOT_OFFERED.map((name) => [name, { enabled: false }])),
};

// `jupyter nbconvert` finds its template here; the pages hold all that they need.
const template = path.join(jupyter, 'nbconvert', 'templates', 'layerwise');
const templateSources = inRoot('src', 'tools', 'book', 'template', 'layerwise');
const exporters = { source: inRoot('src', 'tools', 'book', 'export'), made: inRoot('.venv', 'share', 'layerwise') };
const style = inRoot('src', 'tools', 'cli', 'lab.css');
const SCRIPTS = [
  ['plotly.js-dist-min', 'plotly.min.js'],
  ['katex', 'dist', 'katex.min.js'],
  ['katex', 'dist', 'contrib', 'auto-render.min.js'],
];
const sitePackages = () =>
  readdirSync(inRoot('.venv', 'lib'))
    .filter((name) => name.startsWith('python3'))
    .map((name) => inRoot('.venv', 'lib', name, 'site-packages'));

/** All that the files are made from. */
export const labSources = () => [
  SETTINGS,
  SERVER,
  SCRIPTS,
  [templateSources, exporters.source].flatMap(textsIn),
  readFileSync(style, 'utf8'),
];

const textsIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, readFileSync(path.join(entry.parentPath, entry.name), 'utf8')]);

export function writeLab() {
  writeTemplate();
  rmSync(exporters.made, { recursive: true, force: true });
  cpSync(exporters.source, exporters.made, { recursive: true });
  for (const folder of sitePackages()) {
    // Before nbconvert's own folder: of two exporters with one name the first one found holds. Python reads this file
    // in the terminal's encoding, so it names no path.
    writeFileSync(
      path.join(folder, 'layerwise.pth'),
      'import os, sys; sys.path.insert(0, os.path.join(sys.prefix, "share", "layerwise"))\n',
    );
    // The server looks in the learner's own folder first, then here.
    cpSync(style, path.join(folder, 'jupyter_server', 'static', 'custom', 'custom.css'));
  }
  writeJson(path.join(jupyter, 'lab', 'settings', 'overrides.json'), SETTINGS);
  writeJson(inRoot('.venv', 'etc', 'jupyter', 'jupyter_server_config.json'), SERVER);
}

function writeTemplate() {
  const fixed = path.join(template, 'static');
  rmSync(template, { recursive: true, force: true });
  mkdirSync(fixed, { recursive: true });
  for (const name of readdirSync(templateSources))
    copyFileSync(path.join(templateSources, name), path.join(template, name));
  for (const parts of SCRIPTS) copyFileSync(inRoot('node_modules', ...parts), path.join(fixed, parts.at(-1)));
  const katex = inRoot('node_modules', 'katex', 'dist');
  const styles = readFileSync(path.join(katex, 'katex.min.css'), 'utf8').replace(
    /src:url\((fonts\/[^)]+\.woff2)\)[^;}]*/g,
    (_, font) =>
      `src:url(data:font/woff2;base64,${readFileSync(path.join(katex, font)).toString('base64')}) format("woff2")`,
  );
  writeFileSync(path.join(fixed, 'katex.css'), styles);
}

function writeJson(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
