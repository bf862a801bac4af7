import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { escapeHtml } from '../display';
import { readNotebook } from '../notebook';
import { inRoot, venv } from './paths';

const run = promisify(execFile);
export const handoutFolder = inRoot('build', 'handouts');

/** Renders an executed notebook as a page that needs nothing but the folder it lies in. */
export async function renderHandout(executed: string): Promise<string> {
  mkdirSync(handoutFolder, { recursive: true });
  copyAssets();
  const name = path.basename(executed, '.ipynb');
  await run(
    venv('jupyter'),
    ['nbconvert', '--to', 'html', '--template', 'layerwise', `--TemplateExporter.extra_template_basedirs=${inRoot('src', 'book', 'template')}`, '--output-dir', handoutFolder, '--output', `${name}.html`, '--log-level', 'ERROR', executed],
    { maxBuffer: 2 ** 26 },
  );
  return path.join(handoutFolder, `${name}.html`);
}

/** Whether the page of an executed notebook is there, and younger than the notebook and the template. */
export function isRendered(executed: string): boolean {
  const page = statSync(path.join(handoutFolder, `${path.basename(executed, '.ipynb')}.html`), { throwIfNoEntry: false });
  const template = inRoot('src', 'book', 'template', 'layerwise');
  const sources = [executed, ...readdirSync(template).map((file) => path.join(template, file))];
  return page !== undefined && sources.every((file) => statSync(file).mtimeMs <= page.mtimeMs);
}

function copyAssets(): void {
  const assets = path.join(handoutFolder, 'assets');
  if (existsSync(path.join(assets, 'complete'))) return;
  mkdirSync(assets, { recursive: true });
  cpSync(inRoot('node_modules', 'plotly.js-dist', 'plotly.js'), path.join(assets, 'plotly.js'));
  const katex = inRoot('node_modules', 'katex', 'dist');
  for (const file of ['katex.min.css', 'katex.min.js', 'fonts', path.join('contrib', 'auto-render.min.js')]) cpSync(path.join(katex, file), path.join(assets, 'katex', file), { recursive: true });
  writeFileSync(path.join(assets, 'complete'), '');
}

/** Writes the front page: a list of those of the notebooks that have a handout. */
export function renderIndex(notebooks: readonly string[]): string {
  const rendered = notebooks.filter((file) => existsSync(path.join(handoutFolder, `${path.basename(file, '.ipynb')}.html`)));
  const items = rendered.map((file) => {
    const { name, content } = readNotebook(file);
    const title = content.cells.map((cell) => /^# (.*)$/m.exec(cell.source)?.[1]).find(Boolean) ?? name;
    return `<li><a href="${encodeURI(name)}.html">${escapeHtml(title)}</a></li>`;
  });
  const style = readFileSync(inRoot('src', 'book', 'template', 'index.css'), 'utf8');
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Layerwise</title><style>${style}</style></head><body><main><h1>Layerwise</h1><p>A deep-learning course in TypeScript that runs.</p><ol start="0">${items.join('')}</ol></main></body></html>\n`;
  mkdirSync(handoutFolder, { recursive: true });
  const file = path.join(handoutFolder, 'index.html');
  writeFileSync(file, page);
  return file;
}
