// The cells of the real chapters, which the stage before has executed, in their pages: in the system's Chromium, from
// files, without a network.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generator } from '../../src/parts/random';
import type { CellOutput } from '../../src/tools/live/browser/messages';
import { chosen } from '../support/chapters.mjs';
import { chromiumPath, launchChromium } from '../support/chromium';
import { HANGS_AFTER, statusWhenEnded } from '../support/live-page';
import { offlinePage, type OfflinePage } from '../support/offline-page';
import { inRoot } from '../support/root';
import { bookOf, chaptersWithCells, stateOf, unexpectedIn } from './book-cells';

const site = inRoot('build', 'handouts');
/** Run alone, one in so many cells is tried, drawn by SAMPLE_SEED; LAYERWISE_ALONE=all tries all. */
const ONE_IN = 6;
const ALL_ALONE = process.env.LAYERWISE_ALONE === 'all';

/** For tables of what runs where: `build/live/NAME.json`. */
function report(chapter: string, states: ReadonlyMap<string, string>, cells: number): void {
  const named = (state: string): string[] => [...states].filter(([, found]) => found === state).map(([id]) => id);
  const [equal, digits, different] = ['equal', 'digits', 'different'].map(named);
  mkdirSync(inRoot('build', 'live'), { recursive: true });
  const table = { cells, run: states.size, equal: equal.length, digits, different };
  writeFileSync(inRoot('build', 'live', `${chapter}.json`), `${JSON.stringify(table, undefined, 2)}\n`);
}

/** The chapters that are tried. */
const chapters = chosen(chaptersWithCells);

interface Opened extends OfflinePage {
  /** What cells have shown so far, by their ids. */
  readonly shown: () => Promise<Map<string, CellOutput[]>>;
}

describe.skipIf(!chromiumPath)('cells in the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  async function open(chapter: string): Promise<Opened> {
    const opened = await offlinePage(browser);
    const { page } = opened;
    await page.goto(pathToFileURL(path.join(site, `${chapter}.html`)).href);
    await page.evaluate(`globalThis.noted = {}; document.addEventListener('layerwise:output', ({ target, detail }) =>
      (noted[target.id] ??= []).push(detail));`);
    const shown = async (): Promise<Map<string, CellOutput[]>> =>
      new Map(Object.entries(await page.evaluate<Record<string, CellOutput[]>>('noted')));
    return { ...opened, shown };
  }

  /** Presses Run and waits for the end. */
  async function run(page: Page, cell: string): Promise<string> {
    await page.locator(`#${cell} .live-bar button`).first().click();
    return statusWhenEnded(page, cell);
  }

  const runnable = (page: Page): Promise<string[]> =>
    page.locator('section.code-cell:has(.live-bar button)').evaluateAll((sections) => sections.map(({ id }) => id));

  it.each(chapters)(
    '%s: run in order, each shows what the book shows',
    { timeout: 2 * HANGS_AFTER },
    async (chapter) => {
      const { page, problems, shown, close } = await open(chapter);
      const book = bookOf(chapter);
      const cells = await runnable(page);
      await page.getByRole('button', { name: 'Run all cells of this page' }).click();
      const progress = page.locator('.live-page-bar .live-status');
      await progress.filter({ hasText: /^(?:all|ended|stopped)/ }).waitFor({ timeout: HANGS_AFTER });
      expect(await progress.innerText()).toBe(`all ${cells.length} cells done`);
      const outputs = await shown();
      const states = new Map(cells.map((id) => [id, stateOf(book, id, outputs.get(id))]));
      report(chapter, states, book.size);
      expect({ unexpected: unexpectedIn(chapter, states), problems }).toEqual({ unexpected: [], problems: [] });
      await close();
    },
  );

  it.each(chapters)(
    '%s: run alone, a cell runs what it needs and shows the same',
    { timeout: 10 * HANGS_AFTER },
    async (chapter) => {
      const { page, problems, shown, close } = await open(chapter);
      const book = bookOf(chapter);
      const all = await runnable(page);
      const drawn = generator(Number(process.env.SAMPLE_SEED ?? 1)).shuffle(all);
      const cells = ALL_ALONE ? all : drawn.slice(0, Math.ceil(all.length / ONE_IN));
      const states = new Map<string, string>();
      const seconds: Record<string, number> = {};
      for (const cell of cells) {
        await page.getByRole('button', { name: 'Reset all cells' }).click();
        await page.evaluate('noted = {}');
        const start = performance.now();
        const status = await run(page, cell);
        seconds[cell] = Math.round((performance.now() - start) / 100) / 10;
        states.set(cell, status.startsWith('done') ? stateOf(book, cell, (await shown()).get(cell)) : status);
      }
      writeFileSync(inRoot('build', 'live', `${chapter}-alone.json`), `${JSON.stringify(seconds, undefined, 2)}\n`);
      expect({ unexpected: unexpectedIn(chapter, states), problems }).toEqual({ unexpected: [], problems: [] });
      await close();
    },
  );
});
