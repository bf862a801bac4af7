import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchChromium } from './chromium';
import { offlinePage, type OfflinePage } from './offline-page';

/** Nothing in a page takes so long; a slow machine is not a fault of the page. */
export const HANGS_AFTER = 300_000;

/** What a cell of a page says when it is done, whatever became of it. */
export async function statusWhenEnded(page: Page, cell: string): Promise<string> {
  await page.waitForFunction(
    (id) => {
      const text = document.querySelector(`#${id} .live-status`)?.textContent ?? '';
      return text !== '' && !text.endsWith('…');
    },
    cell,
    { timeout: HANGS_AFTER },
  );
  return page.locator(`#${cell} .live-status`).innerText();
}

/** What a reader does with the cells of a page. */
export interface LiveCells {
  readonly press: (cell: string, name: string) => Promise<void>;
  /** Writes a text in the place of a cell's code. */
  readonly write: (cell: string, text: string) => Promise<void>;
  /** Runs a cell; returns what it says when it is done. */
  readonly run: (cell: string) => Promise<string>;
}

export function liveCells(page: Page): LiveCells {
  const press = (cell: string, name: string): Promise<void> =>
    page
      .locator(`#${cell}`)
      .getByRole('button', { name: `${name} the cell ${cell}` })
      .click();
  return {
    press,
    async write(cell, text) {
      const editor = page.locator(`#${cell} .cm-content`);
      if ((await editor.count()) === 0) await press(cell, 'Edit');
      await editor.click();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
    },
    async run(cell) {
      await press(cell, 'Run');
      return statusWhenEnded(page, cell);
    },
  };
}

export interface Reader extends LiveCells {
  readonly page: () => Page;
  readonly openAnew: () => Promise<void>;
}

/**
 * One reader who goes on in one page of the book, `html`, through the tests of a suite: a session for each would cost
 * seconds. What a test has written is reset after it; one that fails leaves the next a new page.
 */
export function oneReader(html: string): Reader {
  let browser: Browser;
  let opened: OfflinePage | undefined;
  const written = new Set<string>();
  const page = (): Page => {
    if (!opened) throw new Error('oneReader: the page is opened before each test, not before all');
    return opened.page;
  };
  async function close(): Promise<void> {
    await opened?.close();
    opened = undefined;
    written.clear();
  }
  async function openAnew(): Promise<void> {
    await close();
    opened = await offlinePage(browser);
    await opened.page.goto(pathToFileURL(html).href);
  }
  beforeAll(async () => {
    browser = await launchChromium();
  });
  beforeEach(async () => {
    if (!opened) await openAnew();
  });
  afterEach(async ({ task }) => {
    const problems = opened?.problems;
    if (task.result?.state === 'fail' || problems?.length !== 0) await close();
    for (const cell of written) {
      const reset = page()
        .locator(`#${cell}`)
        .getByRole('button', { name: `Reset the cell ${cell}` });
      if (await reset.isVisible()) await reset.click();
    }
    written.clear();
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
  });
  return {
    page,
    openAnew,
    press: (cell, name) => liveCells(page()).press(cell, name),
    write: (cell, text) => {
      written.add(cell);
      return liveCells(page()).write(cell, text);
    },
    run: (cell) => liveCells(page()).run(cell),
  };
}
