// The cells of three chapters by seed in the system's Firefox: from files, without a network.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generator } from '../../src/parts/random';
import type { CellOutput } from '../../src/tools/live/browser/messages';
import { chosen } from '../support/chapters.mjs';
import { firefoxPath, launchFirefox } from '../support/firefox';
import { inRoot } from '../support/root';
import { bookOf, chaptersWithCells, stateOf, unexpectedIn } from './book-cells';

const CHAPTERS = 3;
const seed = Number(process.env.SAMPLE_SEED ?? 0);
const chapters = generator(seed)
  .shuffle(chosen([...chaptersWithCells]))
  .slice(0, CHAPTERS)
  .sort();
declare const noted: Readonly<Record<string, CellOutput[]>>;
declare const refused: readonly string[];
/** Before the page's own scripts: notes what cells show, and what the page's policy refuses. */
const NOTES = `globalThis.noted = {};
globalThis.refused = [];
document.addEventListener('layerwise:output', ({ target, detail }) => (noted[target.id] ??= []).push(detail));
document.addEventListener('securitypolicyviolation', ({ blockedURI }) => refused.push('refused ' + blockedURI));`;

describe.skipIf(!firefoxPath)('cells in the page, in Firefox', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchFirefox();
  });
  afterAll(async () => {
    await browser.close();
  });

  async function open(name: string): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('request', (request) => {
      if (!/^(?:file|data|blob):/.test(request.url())) problems.push(`asked for ${request.url()}`);
    });
    await page.evaluateOnNewDocument(NOTES);
    await page.goto(pathToFileURL(path.join(inRoot('build', 'handouts'), `${name}.html`)).href);
    return { page, problems };
  }

  /** Waits until the text of an element is of a form, and returns it; the driver's own waiting needs `eval`. */
  const textOf = (page: Page, selector: string, form: RegExp): Promise<string> =>
    page.evaluate(
      async (of, source) => {
        const text = (): string => document.querySelector(of)?.textContent ?? '';
        const isThere = (): boolean => new RegExp(source).test(text());
        if (!isThere())
          await new Promise<void>((resolve) => {
            const watch = new MutationObserver(() => {
              if (!isThere()) return;
              watch.disconnect();
              resolve();
            });
            watch.observe(document.body, { subtree: true, childList: true, characterData: true });
          });
        return text();
      },
      selector,
      form.source,
    );
  const press = (page: Page, label: string): Promise<void> => page.click(`button[aria-label="${label}"]`);

  it.each(chapters)('%s: run in order, each shows what the book shows', async (chapter) => {
    const { page, problems } = await open(chapter);
    const book = bookOf(chapter);
    const cells = await page.$$eval('section.code-cell:has(.live-bar button)', (found) => found.map(({ id }) => id));
    await press(page, 'Run all cells of this page');
    const ended = await textOf(page, '.live-page-bar .live-status', /^(?:all|ended|stopped)/);
    expect(ended).toBe(`all ${cells.length} cells done`);
    const shown = new Map(Object.entries(await page.evaluate(() => noted)));
    const states = new Map(cells.map((id) => [id, stateOf(book, id, shown.get(id))]));
    expect({
      unexpected: unexpectedIn(chapter, states),
      problems: [...problems, ...(await page.evaluate(() => refused))],
    }).toEqual({ unexpected: [], problems: [] });
    await page.close();
  });

  it('a cell is changed, refused by the compiler, stopped and reset', async () => {
    const { page, problems } = await open('03-gradient-descent');
    const statusOf = (): Promise<string> => textOf(page, '#square .live-status', /^(?!.*…$)./);
    const write = async (text: string): Promise<void> => {
      if (!(await page.$('#square .cm-content'))) await press(page, 'Edit the cell square');
      await textOf(page, '#square .cm-content', /./);
      await page.click('#square .cm-content');
      await page.keyboard.down('Control');
      await page.keyboard.press('a');
      await page.keyboard.up('Control');
      for (const letter of text) await page.keyboard.sendCharacter(letter);
    };
    await write('const square = (x: number): string => x;');
    await press(page, 'Run the cell square');
    expect(await statusOf()).toBe('refused by the compiler');
    expect(await textOf(page, '#square pre.error', /./)).toMatch(/^line 1:\d+ TS2322/);
    await write('for (let i = 0; ; i++) console.log("line", i);');
    await press(page, 'Run the cell square');
    await textOf(page, '#square .live-outputs', /line 0/);
    await press(page, 'Stop the cell square');
    expect(await textOf(page, '#square .live-status', /^stopped/)).toMatch(/^stopped/);
    await press(page, 'Reset the cell square to what was printed');
    await press(page, 'Run the cell square');
    expect(await textOf(page, '#square .live-status', /^done/)).toMatch(/^done/);
    expect(problems).toEqual([]);
    await page.close();
  });
});
