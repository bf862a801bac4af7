// A whole session in JupyterLab, as a learner has it, in Chromium. Screenshots: build/test/lab/.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chromiumPath, launchChromium } from '../../support/chromium';
import { makeNotebook, notebookFolder } from '../../support/make-notebook';
import { root } from '../../support/root';

const pictures = path.join(root, 'build', 'test', 'lab');
const PATIENCE = 60_000;
let server: ChildProcess;
let browser: Browser;
let page: Page;
let folder: string;

/** Starts JupyterLab on a free port of the loopback address and resolves with its address. */
function startLab(): Promise<string> {
  server = spawn(
    path.join(root, '.venv', 'bin', 'jupyter'),
    [
      'lab',
      '--no-browser',
      '--ip=127.0.0.1',
      '--port=0',
      '--IdentityProvider.token=test',
      '--allow-root',
      `--ServerApp.root_dir=${folder}`,
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, PATH: `${path.join(root, '.venv', 'bin')}:${process.env.PATH}` },
    },
  );
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:(\d+)\/lab\?token=/.exec(said);
      if (found) resolve(`http://127.0.0.1:${found[1]}`);
    });
    server.on('exit', () => reject(new Error(`JupyterLab ended:\n${said}`)));
  });
}

const cell = (number: number): string => `.jp-Notebook .jp-Cell:nth-child(${number})`;
const outputOf = (number: number): Promise<string> =>
  page
    .locator(`${cell(number)} .jp-OutputArea-output`)
    .first()
    .innerText();
const waitForText = (text: string): Promise<unknown> =>
  page.locator('.jp-OutputArea-output', { hasText: text }).first().waitFor({ timeout: PATIENCE });
const waitForIdle = (): Promise<unknown> =>
  page.waitForFunction(
    () =>
      document.querySelector('.jp-NotebookPanel .jp-Notebook-ExecutionIndicator')?.getAttribute('data-status') ===
      'idle',
    undefined,
    { timeout: PATIENCE },
  );

/**
 * The server says that the kernel has answered and that the page is connected to it; JupyterLab alone calls a kernel
 * idle that is still starting.
 */
async function waitForKernel(address: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const text = JSON.stringify(await (await fetch(`${address}/api/kernels?token=test`)).json());
      if (!/"execution_state":"idle","connections":[1-9]/.test(text))
        throw new Error(`the kernel is not there yet: ${text}`);
    },
    { timeout: PATIENCE - 5000, interval: 200 },
  );
  await waitForIdle();
}

async function menu(name: string, item: string): Promise<void> {
  await page.locator('.lm-MenuBar-itemLabel', { hasText: new RegExp(`^${name}$`) }).click();
  await page.locator('.lm-Menu-itemLabel', { hasText: item }).first().click();
}

async function typeInNewCell(code: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('.jp-Notebook .jp-Cell').last().click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('b');
  await page.keyboard.press('Enter');
  await page.keyboard.type(code);
}

describe.skipIf(!chromiumPath)('a session in JupyterLab', () => {
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    folder = notebookFolder();
    makeNotebook(folder, 'session', [
      { id: 'counter', code: 'let runs = 0;' },
      { id: 'lesson', code: "const n: number = 'a';", tags: ['raises-exception'] },
      { id: 'count', code: 'runs++;\nconsole.log(`runs ${runs}`);' },
      {
        id: 'figure',
        code: "import { show } from 'layerwise/display';\nimport { line } from 'layerwise/plot';\nshow(line({ title: 'Rising', alt: 'A line that rises from one to two between zero and one.', xLabel: 'x', yLabel: 'y', series: [{ name: 's', x: [0, 1], y: [1, 2] }] }));",
      },
    ]);
    const address = await startLab();
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
    await page.goto(`${address}/lab/tree/session.ipynb?token=test`);
    await page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: PATIENCE });
    await waitForKernel(address);
  }, 2 * PATIENCE);

  afterAll(async () => {
    await browser?.close();
    server?.removeAllListeners('exit');
    const ended = new Promise((resolve) => server?.on('exit', resolve));
    server?.kill('SIGTERM');
    await ended;
  });

  it('runs all cells, past a lesson that fails, and draws the figure', async () => {
    await menu('Run', 'Run All Cells');
    await page.locator('.js-plotly-plot .main-svg').first().waitFor({ timeout: PATIENCE });
    expect(await outputOf(2)).toContain("TS2322 Type 'string' is not assignable to type 'number'.");
    expect(await outputOf(3)).toContain('runs 1');
    await page.screenshot({ path: path.join(pictures, 'run-all.png') });
  });

  it('restarts and runs all: variables begin anew', async () => {
    await menu('Kernel', 'Restart Kernel and Run All Cells');
    await page.locator('.jp-Dialog .jp-mod-accept').click();
    await page.waitForFunction(
      () => document.querySelectorAll('.jp-InputPrompt')[3]?.textContent === '[4]:',
      undefined,
      { timeout: PATIENCE },
    );
    await waitForIdle();
    expect(await outputOf(3)).toContain('runs 1');
  });

  it('completes with Tab, also while a cell computes', async () => {
    await typeInNewCell("console.log('busy');\nconst until = Date.now() + 3000;\nwhile (Date.now() < until);");
    await page.keyboard.press('Shift+Enter');
    await waitForText('busy');
    await typeInNewCell('Math.sq');
    await page.keyboard.press('Tab');
    await page.waitForFunction(
      () =>
        document.querySelector('.jp-Notebook .jp-mod-active .cm-content')?.textContent === 'Math.sqrt' ||
        document.querySelector('.jp-Completer-item')?.textContent?.includes('sqrt'),
      undefined,
      { timeout: PATIENCE },
    );
    await page.screenshot({ path: path.join(pictures, 'completion.png') });
  });

  it('shows documentation with Shift+Tab', async () => {
    await typeInNewCell('parseFloat');
    await page.keyboard.press('Shift+Tab');
    await page
      .locator('.jp-Tooltip', { hasText: 'Converts a string to a floating-point number' })
      .waitFor({ timeout: PATIENCE });
    await page.screenshot({ path: path.join(pictures, 'tooltip.png') });
    await page.keyboard.press('Escape');
  });

  it('asks for input and takes the answer', async () => {
    await typeInNewCell("import { prompt } from 'layerwise/display';\nconsole.log('hello ' + prompt('name? '));");
    await page.keyboard.press('Shift+Enter');
    await page.locator('.jp-Stdin-input').waitFor({ timeout: PATIENCE });
    await page.screenshot({ path: path.join(pictures, 'input.png') });
    await page.locator('.jp-Stdin-input').fill('Ada');
    await page.locator('.jp-Stdin-input').press('Enter');
    await waitForText('hello Ada');
  });

  it('interrupts a loop and keeps the variables', async () => {
    await typeInNewCell("console.log('looping');\nwhile (true) {}");
    await page.keyboard.press('Shift+Enter');
    await waitForText('looping');
    await menu('Kernel', 'Interrupt Kernel');
    await waitForText('the cell was interrupted');
    await typeInNewCell('console.log(`still ${runs}`);');
    await page.keyboard.press('Shift+Enter');
    await waitForText('still 1');
    await page.screenshot({ path: path.join(pictures, 'interrupt.png') });
  });

  it('leaves the file a valid notebook', () => {
    expect(JSON.parse(readFileSync(path.join(folder, 'session.ipynb'), 'utf8'))).toMatchObject({ nbformat: 4 });
  });
});
