// Cells in a page, of a notebook made for it: what they can't do, stop, errors, what they need. Real Chromium, from files.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { load } from 'cheerio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSite } from '../../../src/tools/book/site/build';
import { KERNELSPEC, LANGUAGE_INFO } from '../../../src/tools/notebook';
import { chromiumPath, launchChromium } from '../../support/chromium';
import { statusWhenEnded } from '../../support/live-page';
import { root } from '../../support/root';

const NAME = '93-live';
const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-live-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  for (const ending of ['.html', '.html.made-from'])
    rmSync(path.join(root, 'build', 'fragments', NAME + ending), { force: true });
});

const cells: ReadonlyArray<{ readonly id: string; readonly source: string; readonly metadata?: object }> = [
  { id: 'count', source: 'let count = 0;\nfunction countUp(): number {\n  return (count += 1);\n}' },
  { id: 'up', source: 'console.log(`at ${countUp()}`);' },
  { id: 'up-again', source: 'console.log(`then ${countUp()}`);', metadata: { tags: ['own-times'] } },
  { id: 'other', source: 'const other = [1, 2];\nother' },
  { id: 'anew', source: "const other = 'anew';\nother" },
  { id: 'endless', source: "console.log('begun');\nfor (;;) count;" },
  { id: 'thrower', source: "function fails(): never {\n  const words = 'out of ideas';\n  throw new Error(words);\n}" },
  { id: 'throws', source: '\nfails();' },
  { id: 'asks', source: "await fetch('https://example.org/').catch((error) => console.log(String(error.name)));" },
  {
    id: 'acts',
    source:
      'import { showHtml } from \'layerwise/display\';\nshowHtml(\'<p>shown</p><img alt="" src="x" onerror="document.title = 1"><script>document.title = 2</script>\');',
  },
  { id: 'reaches', source: "console.log(typeof Reflect.get(globalThis, 'document'));" },
  { id: 'native', source: 'const native = 1;', metadata: { 'node-only': "it needs TensorFlow's native library" } },
  { id: 'files', source: "import * as fs from 'node:fs';" },
  { id: 'reads', source: "fs.readFileSync('x');" },
  {
    id: 'compiled',
    source: `import * as tf from '@tensorflow/tfjs-node';
import { accelerate, compile } from 'layerwise/graph';
const double = compile((x: tf.Tensor) => x.mul(2));
console.log([1, 2, 3, 4].map((value) => tf.tidy(() => double(tf.scalar(value)).dataSync()[0])).join(' '), double.traces);`,
  },
  {
    id: 'accelerated',
    source: `const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })] });
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
const graphs = accelerate(model);
const { history } = await model.fit(tf.ones([4, 1]), tf.zeros([4, 1]), { epochs: 2, verbose: 0 });
console.log(history.loss.map((loss) => Number(loss).toFixed(3)).join(' '), graphs.isEager);`,
  },
  {
    id: 'table',
    source: `import * as danfo from 'danfojs-node';
const homes = await danfo.readCSV('../data/home-prices.csv');
console.log(homes.columns.join(' '), homes.shape.join(' x '), homes.tensor.shape.join(' x '));
console.log(new danfo.DataFrame([{ a: 1 }, { a: 4 }])['a'].mean());
for (const read of [() => danfo.readCSV('../data/none.csv'), () => danfo.readExcel('x.xlsx')])
  await read().catch((error: unknown) => console.log(String(error)));`,
  },
  { id: 'refused', source: "const wrong: number = 'text';", metadata: { tags: ['type-error'] } },
];
const printed = { output_type: 'stream', name: 'stdout', text: 'printed\n' };

beforeAll(async () => {
  const content = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: KERNELSPEC, language_info: LANGUAGE_INFO },
    cells: [
      { cell_type: 'markdown', id: 'title', metadata: {}, source: '# 93 Live' },
      ...cells.map(({ id, source, metadata = {} }) => ({
        ...{ cell_type: 'code', id, metadata, source, execution_count: 1, outputs: [printed] },
      })),
    ],
  };
  const file = path.join(folder, `${NAME}.ipynb`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(content));
  await buildSite([file], { folder: path.join(folder, 'site'), notebooks: folder, pdf: false });
}, 120_000);

const html = (name: string): ReturnType<typeof load> =>
  load(readFileSync(path.join(folder, 'site', `${name}.html`), 'utf8'));

describe('without scripts', () => {
  it('the page says nothing of running', () => {
    const text = html(NAME)('main').text();
    expect(text).toContain('printed');
    expect(text).not.toMatch(/\bRun\b|notebook:/);
  });

  it('only pages with cells may make workers, and nothing may ask the network', () => {
    const policyOf = (name: string): string => html(name)('meta[http-equiv]').attr('content') ?? '';
    const [chapter, index] = [NAME, 'index'].map(policyOf);
    expect(chapter).toContain("script-src 'self' file: blob: 'wasm-unsafe-eval'; worker-src blob:;");
    expect(index).toContain("script-src 'self' file:;");
    for (const policy of [chapter, index]) expect(policy).toContain("connect-src 'none'");
    expect(html('index')('script[src*="live"]').length).toBe(0);
  });
});

describe.skipIf(!chromiumPath)('in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let asked: string[];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    await page?.context().close();
    page = await browser.newPage();
    asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(path.join(folder, 'site', `${NAME}.html`)).href);
  });

  const press = (cell: string, name: 'Run' | 'Stop' | 'Reset'): Promise<void> =>
    page.getByRole('button', { name: `${name} the cell ${cell}`, exact: name !== 'Reset' }).click();
  const statusOf = (cell: string): Promise<string> => page.locator(`#${cell} .live-status`).innerText();
  const outputOf = (cell: string): Promise<string[]> => page.locator(`#${cell} .output`).allInnerTexts();
  async function run(cell: string): Promise<string[]> {
    await press(cell, 'Run');
    await statusWhenEnded(page, cell);
    return (await outputOf(cell)).map((text) => text.trim());
  }

  it('loads 6 kB, and nothing more until a cell is run', async () => {
    expect(await outputOf('up')).toEqual(['printed\n']);
    const loaded = asked.filter((address) => /live\//.test(address)).map((address) => path.basename(address));
    expect(loaded).toEqual(['live.css', 'live.js']);
    const sizes = loaded.map(
      (name) => gzipSync(readFileSync(path.join(folder, 'site', 'assets', 'live', name))).length,
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(6000);
    await run('up');
    expect(asked.some((address) => address.endsWith('runtime.js'))).toBe(true);
    expect(asked.some((address) => address.endsWith('tensorflow.js'))).toBe(false);
  });

  it('says of cells that show times that they are this browser’s', async () => {
    expect(await page.locator('.live-own-times').allInnerTexts()).toEqual(["Run here, its times are your browser's."]);
    expect(await page.locator('#up-again .live-own-times').count()).toBe(1);
  });

  it('runs what a cell needs, and no more', async () => {
    expect(await run('up')).toEqual(['at 1']);
    expect(await outputOf('count')).toEqual([]);
    expect(await outputOf('other')).toEqual(['printed\n']);
    expect(await run('up-again')).toEqual(['then 2']);
  });

  it('shows the same however often and in which order cells are run', async () => {
    expect(await run('up-again')).toEqual(['then 2']);
    expect(await run('up-again')).toEqual(['then 2']);
    expect(await run('up')).toEqual(['at 1']);
    expect(await run('up')).toEqual(['at 1']);
  });

  it('a name that is declared again is what the cell says', async () => {
    expect(await run('anew')).toEqual(["'anew'"]);
    expect(await run('other')).toEqual(['[ 1, 2 ]']);
  });

  it('stops an endless loop, and runs cells again', async () => {
    await press('endless', 'Run');
    await page.locator('#endless .output', { hasText: 'begun' }).waitFor();
    await press('endless', 'Stop');
    await page.waitForFunction(() =>
      document.querySelector('#endless .live-status')?.textContent?.startsWith('stopped'),
    );
    expect(await run('up')).toEqual(['at 1']);
  });

  it('tells where an error comes from, in lines of the cells', async () => {
    expect(await run('throws')).toEqual([
      'Error: out of ideas\n    at fails, cell thrower, line 3\n    at cell throws, line 2',
    ]);
    expect(await statusOf('throws')).toMatch(/^failed/);
  });

  it('Reset brings back what was printed', async () => {
    await run('up');
    await press('up', 'Reset');
    expect(await outputOf('up')).toEqual(['printed\n']);
    expect(await page.getByRole('button', { name: 'Reset the cell up' }).count()).toBe(0);
  });

  it('says of cells that can not run here why not', async () => {
    const reasons = await page.locator('section.code-cell:not(:has(.live-bar button)) .live-status').allInnerTexts();
    expect(reasons).toEqual([
      "Runs in the notebook: it needs TensorFlow's native library.",
      "Runs in the notebook: it imports node:fs, which a page doesn't have.",
      'Runs in the notebook: it builds on files, which does not run here.',
    ]);
  });

  it('cells reach neither the network nor the page', async () => {
    expect(await run('asks')).toEqual(['TypeError']);
    expect(asked.filter((address) => address.startsWith('http'))).toEqual([]);
    expect(await run('reaches')).toEqual(['undefined']);
    expect(await run('acts')).toEqual(['shown']);
    expect(await page.title()).toBe('93 Live · Layerwise');
  });

  it('what is compiled runs eagerly', async () => {
    expect(await run('compiled')).toEqual(['2 4 6 8 0']);
    expect(await run('accelerated')).toEqual(['1.000 0.922 true']);
  });

  it('tables are read from the data sets that the page was packed with', async () => {
    expect(await run('table')).toEqual([
      [
        'area bedrooms price 20 x 3 20 x 3',
        '2.5',
        'Error: data/none.csv is not part of this page',
        'Error: readExcel needs files of the machine: run it in the notebook, not in a page',
      ].join('\n'),
    ]);
  });

  it('Run all ends at the first cell that fails', async () => {
    await page.getByRole('button', { name: 'Run all cells of this page' }).click();
    await page.locator('#endless .output', { hasText: 'begun' }).waitFor();
    expect(await outputOf('up-again')).toEqual(['then 2\n']);
    await press('endless', 'Stop');
    await page.waitForFunction(() =>
      document.querySelector('#endless .live-status')?.textContent?.startsWith('stopped'),
    );
    expect(await outputOf('throws')).toEqual(['printed\n']);
  });

  it('Stop ends also what is just being loaded', async () => {
    await page.evaluate(`[...document.querySelectorAll('.live-page-bar button')]
      .filter(({ textContent }) => ['Run all', 'Stop'].includes(textContent)).forEach((each) => each.click())`);
    await page.locator('.live-page-bar .live-status').filter({ hasText: 'stopped' }).waitFor();
    expect(await outputOf('up')).toEqual(['printed\n']);
  });

  it('Reset all ends what runs, and nothing is left of it', async () => {
    await page.getByRole('button', { name: 'Run all cells of this page' }).click();
    await page.locator('#endless .output', { hasText: 'begun' }).waitFor();
    await page.getByRole('button', { name: 'Reset all cells' }).click();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.live-page-bar .live-status, #endless .live-status')].every(
        ({ textContent }) => textContent === '',
      ),
    );
    expect(await outputOf('up-again')).toEqual(['printed\n']);
    expect(await run('up-again')).toEqual(['then 2']);
  });

  it('says what is missing where a script of the site is', async () => {
    const script = path.join(folder, 'site', 'assets', 'live', 'runner.js');
    renameSync(script, `${script}.away`);
    try {
      await press('up', 'Run');
      await page.waitForFunction(() =>
        document.querySelector('#up .live-status')?.textContent?.includes('runner.js is missing'),
      );
    } finally {
      renameSync(`${script}.away`, script);
    }
    expect(await run('up')).toEqual(['at 1']);
  });
});
