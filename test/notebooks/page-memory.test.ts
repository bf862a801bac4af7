// What a page and its worker hold after many runs of a cell: in the system's Chromium, which tells of both.
import { pathToFileURL } from 'node:url';
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '../support/chromium';
import { inRoot } from '../support/root';

const [BEFORE, RUNS] = [40, 200];
/** Kilobytes a run: less than a forgotten tensor or output. */
const FLAT = 2;
/** Plotly keeps some kilobytes of each drawing that it has freed; of one that is not freed, 300. */
const FLAT_WITH_FIGURE = 10;

describe.skipIf(!chromiumPath)(`${RUNS} runs of a cell`, { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await puppeteer.launch({ executablePath: chromiumPath, headless: true, args });
  });
  afterAll(() => browser.close());

  /** Kilobytes in use once all that can be freed is. */
  async function heldBy(client: CDPSession): Promise<number> {
    await client.send('HeapProfiler.collectGarbage');
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize, embedderHeapUsedSize } = await client.send('Runtime.getHeapUsage');
    return (usedSize + backingStorageSize + embedderHeapUsedSize) / 1000;
  }

  /** Runs a cell so many times, each when the one before has ended. */
  const runs = (page: Page, cell: string, times: number): Promise<void> =>
    page.evaluate(
      async (id, count) => {
        const run = document.querySelector<HTMLButtonElement>(`#${id} .live-bar button`);
        const status = document.querySelector(`#${id} .live-status`);
        for (let i = 0; i < count; i++) {
          run?.click();
          await new Promise<void>((resolve) => {
            const watch = new MutationObserver(() => {
              if (!/^done/.test(status?.textContent ?? '') || run?.textContent !== 'Run') return;
              watch.disconnect();
              resolve();
            });
            if (status) watch.observe(status, { childList: true });
          });
        }
      },
      cell,
      times,
    );

  it.each([
    ['03-gradient-descent', 'tangent-figure', 'a figure', FLAT_WITH_FIGURE],
    ['03-gradient-descent', 'library-agrees', 'TensorFlow', FLAT],
    ['04-logistic-regression', 'threshold-figure', 'controls', FLAT_WITH_FIGURE],
  ])('%s, %s (%s): page and worker hold no more than before', async (chapter, cell, _, most) => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(inRoot('build', 'handouts', `${chapter}.html`)).href);
    const client = await page.createCDPSession();
    await runs(page, cell, BEFORE);
    const [worker] = page.workers();
    const held = async (): Promise<number[]> => Promise.all([heldBy(client), heldBy(worker.client)]);
    const before = await held();
    await runs(page, cell, RUNS);
    const after = await held();
    const aRun = after.map((kilobytes, i) => (kilobytes - before[i]) / RUNS);
    expect(Math.max(...aRun), `kilobytes a run of page and worker: ${aRun.join(', ')}`).toBeLessThan(most);
    await page.close();
  });
});
