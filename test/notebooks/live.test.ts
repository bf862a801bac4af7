// The cells of the real chapters, which the stage before has executed, in their pages: in the system's Chromium, from
// files, without a network.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CellOutput } from '../../src/tools/live/browser/messages';
import { codeCells, hasTag, readNotebook, type CodeCell } from '../../src/tools/notebook';
import { chosen } from '../support/chapters.mjs';
import { chromiumPath, launchChromium } from '../support/chromium';
import { statusWhenEnded } from '../support/live-page';
import { offlinePage, type OfflinePage } from '../support/offline-page';
import { inRoot } from '../support/root';
import { compare, piecesOfNotebook, piecesOfPage } from './live-outputs';

const site = inRoot('build', 'handouts');
const OTHER_MESSAGE = "TensorFlow.js's own message, where the notebook shows that of the native library";
const REFUSAL = 'shows what the kernel shows, with the code around it; the book says it in short';
/** Where a page may show something else than the book, and why; beside cells that say themselves that times are own. */
const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '00-start-here': {
    backend: 'names the back end: wasm, where the notebook has tensorflow',
    'runtime-error': OTHER_MESSAGE,
    'typed-error': REFUSAL,
  },
  '02-tensors': {
    'pitfall-shape': OTHER_MESSAGE,
    'typed-rank-error': REFUSAL,
  },
  '03-gradient-descent': {
    'error-figure': 'errors of rounding, which depend on how the engine computes powers',
    'error-best': 'newer engines compute 10 ** -5 as 0.00001, Node 20 as 0.000009999999999999999',
  },
  '04-logistic-regression': {
    'vectorized-agrees': 'a difference of rounding, 9e-7 or 1e-6',
    'pitfall-unscaled': 'a fit that diverges, so that the last digits decide',
  },
  '05-neural-networks-from-scratch': {},
  '06-first-network': {
    'step-18':
      'prints before and after a table: what ran the notebook puts all lines above it, the page keeps the order',
  },
};

/** Run alone, only each so-many-th cell is tried; LAYERWISE_ALONE=all tries all. */
const EVERY = 6;
const ALL_ALONE = process.env.LAYERWISE_ALONE === 'all';

/** Cells that show neither what the book shows nor what is known to differ. */
function judged(chapter: string, states: ReadonlyMap<string, string>): { unexpected: string[] } {
  const own = new Set(cellsOf(chapter).flatMap((cell) => (hasTag(cell, 'own-times') ? [cell.id] : [])));
  const may = (id: string): boolean => own.has(id) || id in (DIFFERENCES[chapter] ?? {});
  return {
    unexpected: [...states]
      .filter(([id, state]) => state !== 'equal' && state !== 'digits' && !may(id))
      .map(([id, state]) => `${id}: ${state}`),
  };
}

const cellsOf = (chapter: string): CodeCell[] =>
  codeCells(readNotebook(inRoot('build', 'executed', `${chapter}.ipynb`)));

/** For tables of what runs where: `build/live/NAME.json`. */
function report(chapter: string, states: ReadonlyMap<string, string>, cells: number): void {
  const named = (state: string): string[] => [...states].filter(([, found]) => found === state).map(([id]) => id);
  const [equal, digits, different] = ['equal', 'digits', 'different'].map(named);
  mkdirSync(inRoot('build', 'live'), { recursive: true });
  const table = { cells, run: states.size, equal: equal.length, digits, different };
  writeFileSync(inRoot('build', 'live', `${chapter}.json`), `${JSON.stringify(table, undefined, 2)}\n`);
}

/** The chapters that are tried. */
const chapters = chosen(Object.keys(DIFFERENCES));

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

  /** What the book says, by cell. */
  const bookOf = (chapter: string): Map<string, ReturnType<typeof piecesOfNotebook>> =>
    new Map(cellsOf(chapter).map(({ id, outputs }) => [id, piecesOfNotebook(outputs)]));

  const runnable = (page: Page): Promise<string[]> =>
    page.locator('section.code-cell:has(.live-bar button)').evaluateAll((sections) => sections.map(({ id }) => id));

  it.each(chapters)('%s: run in order, each shows what the book shows', async (chapter) => {
    const { page, problems, shown, close } = await open(chapter);
    const book = bookOf(chapter);
    const cells = await runnable(page);
    await page.getByRole('button', { name: 'Run all cells of this page' }).click();
    const progress = page.locator('.live-page-bar .live-status');
    await progress.filter({ hasText: /^(?:all|ended|stopped)/ }).waitFor({ timeout: 110_000 });
    expect(await progress.innerText()).toBe(`all ${cells.length} cells done`);
    const outputs = await shown();
    const states = new Map(cells.map((id) => [id, compare(book.get(id) ?? [], piecesOfPage(outputs.get(id) ?? []))]));
    report(chapter, states, book.size);
    expect({ ...judged(chapter, states), problems }).toEqual({ unexpected: [], problems: [] });
    await close();
  });

  it.each(chapters)('%s: run alone, a cell runs what it needs and shows the same', async (chapter) => {
    const { page, problems, shown, close } = await open(chapter);
    const book = bookOf(chapter);
    const cells = (await runnable(page)).filter((_, i) => ALL_ALONE || i % EVERY === 0);
    const states = new Map<string, string>();
    for (const cell of cells) {
      await page.getByRole('button', { name: 'Reset all cells' }).click();
      await page.evaluate('noted = {}');
      const status = await run(page, cell);
      const state = compare(book.get(cell) ?? [], piecesOfPage((await shown()).get(cell) ?? []));
      states.set(cell, status.startsWith('done') ? state : status);
    }
    expect({ ...judged(chapter, states), problems }).toEqual({ unexpected: [], problems: [] });
    await close();
  });
});
