// What is explored in JupyterLab, with our own kernel: moved, loaded again, run again. Screenshots: build/test/lab/.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chromiumPath, launchChromium } from '../../support/chromium';
import { openLabIn, type Lab } from '../../support/lab';
import { makeNotebook, notebookFolder } from '../../support/make-notebook';
import { root } from '../../support/root';

const pictures = path.join(root, 'build', 'test', 'lab');
const PATIENCE = 60_000;
const SOURCE = `import { choice, explore, line, point, slider, toggle } from 'layerwise/plot';
explore({
  size: slider({ label: 'size', min: 1, max: 9, step: 1, value: 2 }),
  rate: slider({ label: 'rate', min: 0.001, max: 1, value: 0.1, scale: 'log' }),
  kind: choice({ label: 'kind', options: ['sine', 'cosine'] }),
  up: toggle({ label: 'up' }),
  at: point({ label: 'start', x: [0, 1], y: [0, 1], value: [0.5, 0.5] }),
}, ({ size, rate, kind, up, at }) => {
  if (size === 8) throw new RangeError('not eight');
  const y = Array.from({ length: 1000 }, (_, i) => size * (kind === 'sine' ? Math.sin : Math.cos)(i * rate) + Number(up));
  return line({
    title: [size, rate, kind, up, at.join(' ')].join(', '),
    alt: 'A curve of a thousand points that the controls above it change.',
    xLabel: 'x', yLabel: 'y', yRange: [-10, 10],
    series: [{ name: 'curve', x: y.map((_, i) => i), y }],
  });
});`;

describe.skipIf(!chromiumPath)('what is explored in JupyterLab', () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  let folder: string;
  const problems: string[] = [];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    folder = notebookFolder();
    makeNotebook(folder, 'explore', [{ id: 'explored', code: SOURCE }]);
    lab = await openLabIn(folder);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
    page.on('console', (message) => {
      if (message.type() === 'error' && /widget|comm/i.test(message.text())) problems.push(message.text());
    });
    await open();
    await waitForKernel();
    await runCell();
    await title('2, 0.1, sine, false, 0.5 0.5');
    await page.screenshot({ path: path.join(pictures, 'explore.png') });
  }, 2 * PATIENCE);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  async function open(): Promise<void> {
    await page.goto(`${lab.address}/lab/tree/explore.ipynb?token=test`);
    await page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: PATIENCE });
  }
  /** The server says that the kernel has answered and that the page is connected to it. */
  const waitForKernel = (): Promise<void> =>
    vi.waitFor(
      async () => {
        const kernels = JSON.stringify(await (await fetch(`${lab.address}/api/kernels?token=test`)).json());
        if (!/"execution_state":"idle","connections":[1-9]/.test(kernels)) throw new Error(`no kernel yet: ${kernels}`);
      },
      { timeout: PATIENCE - 5000, interval: 200 },
    );
  async function runCell(): Promise<void> {
    await page.locator('.jp-Notebook .jp-Cell .cm-content').first().click();
    await page.keyboard.press('Control+Enter');
  }
  const title = (text: string): Promise<void> =>
    page.locator('.jp-OutputArea .gtitle', { hasText: text }).first().waitFor({ timeout: PATIENCE });
  const slider = (at: number) => page.locator('.layerwise-explore .widget-slider').nth(at);
  const press = async (at: number, key: string): Promise<void> => {
    await slider(at).locator('.noUi-handle').focus();
    await page.keyboard.press(key);
  };

  it('each control changes the figure', async () => {
    await press(0, 'ArrowRight');
    await title('3, 0.1, sine');
    await press(1, 'End');
    await title('3, 1, sine');
    await page.locator('.layerwise-explore select').selectOption('cosine');
    await title('3, 1, cosine, false');
    await page.locator('.layerwise-explore input[type=checkbox]').check();
    const pad = page.locator('.layerwise-pad');
    await pad.locator('circle').focus();
    await page.keyboard.press('ArrowUp');
    await title('3, 1, cosine, true, 0.5 0.51');
    const area = await pad.boundingBox();
    if (!area) throw new Error('the pad is not shown');
    await page.mouse.move(area.x + area.width / 2, area.y + area.height / 2);
    await page.mouse.down();
    await page.mouse.move(area.x + 0.25 * area.width, area.y - 50, { steps: 4 });
    await page.mouse.up();
    await title('3, 1, cosine, true, 0.25 1');
    expect(await pad.locator('circle').getAttribute('aria-label')).toBe('start (0.250, 1.00); arrow keys move it');
    await page.screenshot({ path: path.join(pictures, 'explore-moved.png') });
    expect(problems).toEqual([]);
  });

  it('what draw throws is shown in its place, and the controls go on', async () => {
    for (let size = 3; size < 8; size++) await press(0, 'ArrowRight');
    await page.locator('.layerwise-explore', { hasText: 'RangeError: not eight' }).waitFor();
    await press(0, 'ArrowRight');
    await title('9, 1, cosine');
  });

  it('a page that is loaded again finds the controls as they stand, with the kernel alive', async () => {
    await page.keyboard.press('Control+s');
    await page.waitForTimeout(1500);
    await open();
    await title('9, 1, cosine, true, 0.25 1');
    await press(0, 'ArrowLeft');
    await press(0, 'ArrowLeft');
    await title('7, 1, cosine');
    await page.screenshot({ path: path.join(pictures, 'explore-again.png') });
    expect(problems).toEqual([]);
  });

  it('the notebook on disk holds no state of widgets, and the picture for where there are none', () => {
    const saved: unknown = JSON.parse(readFileSync(path.join(folder, 'explore.ipynb'), 'utf8'));
    expect(saved).not.toHaveProperty('metadata.widgets');
    expect(saved).toHaveProperty(['cells', 0, 'outputs', 0, 'data', 'application/vnd.plotly.v1+json', 'layout']);
  });

  it('prints how long a figure of 1,000 points takes', async () => {
    await slider(0).locator('.noUi-handle').focus();
    const times: number[] = [];
    for (let turn = 0; turn < 10; turn++) {
      const key = turn % 2 === 0 ? 'ArrowLeft' : 'ArrowRight';
      const wanted = turn % 2 === 0 ? '6, ' : '7, ';
      const begun = performance.now();
      await page.keyboard.press(key);
      await page.waitForFunction(
        (text) => document.querySelector('.jp-OutputArea .gtitle')?.textContent?.startsWith(text),
        wanted,
      );
      times.push(performance.now() - begun);
      await page.waitForTimeout(500);
    }
    times.sort((a, b) => a - b);
    process.stdout.write(`JupyterLab: 1,000 points redrawn in ${times[5].toFixed(0)} ms (median of 10)\n`);
  });

  it('run again, the cell has new controls, and the old ones are closed', async () => {
    await runCell();
    await title('2, 0.1, sine, false, 0.5 0.5');
    await press(0, 'ArrowRight');
    await title('3, 0.1, sine');
    expect(await page.locator('.layerwise-explore').count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it('where the kernel is gone the cell asks to be run', async () => {
    await page.keyboard.press('Control+s');
    await page.waitForTimeout(1500);
    const kernels: unknown = await (await fetch(`${lab.address}/api/kernels?token=test`)).json();
    const [{ id }] = kernels as [{ id: string }];
    await fetch(`${lab.address}/api/kernels/${id}/restart?token=test`, { method: 'POST' });
    await open();
    const gone = page.locator('.jp-OutputArea-output.jupyter-widgets', { hasText: 'model not found' });
    await gone.waitFor({ timeout: PATIENCE });
    expect(await gone.evaluate((element) => getComputedStyle(element, '::after').content)).toMatch(/Run this cell/);
    await page.screenshot({ path: path.join(pictures, 'explore-gone.png') });
  });
});
