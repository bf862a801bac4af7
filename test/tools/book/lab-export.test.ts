// File → Save and Export Notebook As, as a learner has it: by the running server, and by the menu in Chromium. What
// comes out lies in build/test/export/.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import type { Browser, Download } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from '../../support/chromium';
import { openLab, type Lab } from '../../support/lab';
import { makeNotebook, notebookFolder } from '../../support/make-notebook';
import { inRoot } from '../../support/root';

const PATIENCE = 90_000;
const results = inRoot('build', 'test', 'export');
const PLOTLY = 'application/vnd.plotly.v1+json';
const line = {
  data: [{ type: 'scatter', x: [0, 1], y: [1, 2] }],
  layout: {
    title: { text: 'Rising' },
    height: 300,
    xaxis: { title: { text: 'steps' } },
    meta: { alt: 'A line that rises.' },
  },
};
const surface = {
  data: [
    {
      type: 'surface',
      z: [
        [1, 2],
        [2, 4],
      ],
      showscale: false,
    },
  ],
  layout: { title: { text: 'Slope' }, height: 300, meta: { alt: 'A slope.' } },
};
const red = redSquare();
const outputs: Readonly<Record<string, unknown>> = {
  line: { output_type: 'display_data', metadata: {}, data: { [PLOTLY]: line, 'text/plain': 'Figure' } },
  surface: { output_type: 'display_data', metadata: {}, data: { [PLOTLY]: surface, 'text/plain': 'Figure' } },
  table: {
    output_type: 'display_data',
    metadata: {},
    data: { 'text/html': '<table><tr><th>name</th></tr><tr><td>Ada</td></tr></table>', 'text/plain': 'name' },
  },
  picture: {
    output_type: 'display_data',
    metadata: {},
    data: { 'image/png': red.toString('base64'), 'text/plain': 'image' },
  },
  error: {
    output_type: 'error',
    ename: 'Error',
    evalue: 'boom',
    traceback: ['\u001b[31mError\u001b[0m: boom', '  cell 5, line 1'],
  },
};
const WORDS = ['A notebook with everything', 'Ada', 'boom', 'cell 5, line 1', 'graph TD', 'Last words'];

function redSquare(): Buffer {
  const png = new PNG({ width: 8, height: 8 });
  png.data.fill(Buffer.from([255, 0, 0, 255]));
  return PNG.sync.write(png);
}

function everything(folder: string): void {
  mkdirSync(path.join(folder, 'images'));
  writeFileSync(path.join(folder, 'images', 'red.png'), red);
  const text =
    '# A notebook with everything\n\nInline $e^{i\\pi}$.\n\n$$\\sum_i p_i, \\quad a<b$$\n\n| a | b |\n|---|---|\n| 1 | $x^2$ |\n\n![A file](images/red.png)\n\n```mermaid\ngraph TD; A-->B;\n```\n';
  makeNotebook(
    folder,
    'everything',
    [
      { id: 'text', markdown: text },
      ...Object.keys(outputs).map((id) => ({ id, code: `show(${id});` })),
      { id: 'end', markdown: 'Last words.' },
    ],
    (notebook) => {
      for (const cell of notebook.cells as Record<string, unknown>[])
        if (cell.cell_type === 'code') cell.outputs = [outputs[String(cell.id)]];
    },
  );
}

describe.skipIf(!chromiumPath)('a notebook is exported', () => {
  let browser: Browser;
  let lab: Lab;
  const folder = notebookFolder();
  const get = (address: string): Promise<Response> =>
    fetch(`${lab.address}${address}`, { headers: { Authorization: 'token test' } });

  beforeAll(async () => {
    mkdirSync(results, { recursive: true });
    everything(folder);
    [lab, browser] = await Promise.all([openLab('--folder', folder), launchChromium()]);
  }, PATIENCE);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  it(
    'as HTML that shows everything without a network',
    async () => {
      const response = await get('/nbconvert/html/everything.ipynb?download=true');
      expect(response.status).toBe(200);
      const file = path.join(results, 'everything.html');
      writeFileSync(file, await response.text());
      const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url().slice(0, 200)));
      await page.goto(pathToFileURL(file).href);
      await page.evaluate('globalThis.readyForPaper');
      await page.locator('.js-plotly-plot').nth(1).waitFor({ timeout: PATIENCE });
      expect(asked.filter((address) => !/^(?:data|blob):/.test(address))).toEqual([pathToFileURL(file).href]);
      const text = await page.locator('body').innerText();
      for (const word of WORDS) expect(text).toContain(word);
      expect(await page.locator('.katex').count()).toBe(3);
      expect(
        await page
          .locator('img')
          .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth)),
      ).toEqual([8, 680, 680, 8]);
      await page.screenshot({ path: path.join(results, 'html.png'), fullPage: true });
      await page.close();
    },
    PATIENCE,
  );

  it(
    'as a PDF with page numbers, words and pictures of the figures',
    async () => {
      const response = await get('/nbconvert/pdf/everything.ipynb?download=true');
      expect([response.status, response.headers.get('content-disposition')]).toEqual([
        200,
        expect.stringContaining('everything.pdf'),
      ]);
      const bytes = new Uint8Array(await response.arrayBuffer());
      writeFileSync(path.join(results, 'everything.pdf'), bytes);
      const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
      const pdf = await getDocument({ data: bytes, verbosity: 0 }).promise;
      const pages = await Promise.all(
        Array.from({ length: pdf.numPages }, async (_, i) =>
          (await (await pdf.getPage(i + 1)).getTextContent()).items
            .map((item) => ('str' in item ? item.str : ''))
            .join(' '),
        ),
      );
      const text = pages.join(' ').replace(/\s+/g, ' ');
      for (const word of [...WORDS, 'Rising', 'steps', 'Slope', `1 / ${pdf.numPages}`]) expect(text).toContain(word);
      await pdf.destroy();
    },
    PATIENCE,
  );

  it(
    'from the menu, which offers what works',
    async () => {
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      const listed = page.waitForResponse((answer) => answer.url().includes('/api/nbconvert'), { timeout: PATIENCE });
      await page.goto(`${lab.address}/lab/tree/everything.ipynb?token=test&reset`);
      await page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: PATIENCE });
      await (await listed).finished();
      await page.locator('.lm-MenuBar-itemLabel', { hasText: /^File$/ }).click();
      await page.locator('.lm-Menu-itemLabel', { hasText: 'Save and Export Notebook As' }).click();
      const items = page.locator('.lm-Menu-item[data-command="notebook:export-to-format"] .lm-Menu-itemLabel');
      await items.filter({ hasText: /^PDF$/ }).waitFor({ timeout: PATIENCE });
      await page.screenshot({ path: path.join(results, 'menu.png') });
      expect((await items.allInnerTexts()).sort()).toEqual(['Executable Script', 'HTML', 'Markdown', 'PDF']);
      // The window that is opened for a download closes by itself; the download is then told of there, or here.
      const started = new Promise<Download>((resolve) => {
        page.on('download', resolve);
        page.context().on('page', (opened) => opened.on('download', resolve));
      });
      await items.filter({ hasText: /^PDF$/ }).click();
      const download = await started;
      expect(download.suggestedFilename()).toBe('everything.pdf');
      expect(
        readFileSync(await download.path())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');
      await page.close();
    },
    2 * PATIENCE,
  );

  it.each([
    ['script', 'everything.ts'],
    ['markdown', 'everything.zip'],
  ])(
    'as %s',
    async (format, file) => {
      const response = await get(`/nbconvert/${format}/everything.ipynb?download=true`);
      expect([response.status, response.headers.get('content-disposition')]).toEqual([
        200,
        expect.stringContaining(file),
      ]);
    },
    PATIENCE,
  );
});

describe('a PDF', () => {
  it(
    'without Chromium is refused with what to do',
    () => {
      const folder = notebookFolder();
      makeNotebook(folder, 'short', [{ id: 'a', markdown: 'Words.' }]);
      const { status, stderr } = spawnSync(
        inRoot('.venv', 'bin', 'jupyter'),
        ['nbconvert', '--to', 'pdf', path.join(folder, 'short.ipynb')],
        { encoding: 'utf8', env: { ...process.env, LAYERWISE_CHROMIUM: path.join(folder, 'none') } },
      );
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/a PDF needs Chromium.*apt-get install chromium.*export HTML and print/s),
      ]);
    },
    PATIENCE,
  );
});
