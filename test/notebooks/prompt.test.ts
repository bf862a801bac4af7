// Cells that ask their reader: in the system's Chromium, from files.
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { seriousOn } from '../support/axe';
import { chromiumPath } from '../support/chromium';
import { HANGS_AFTER, oneReader, statusWhenEnded } from '../support/live-page';
import { inRoot } from '../support/root';

const ASKS = "import { prompt } from 'layerwise/display';\n";

describe.skipIf(!chromiumPath)('a cell that asks', () => {
  const { page: opened, press, write, run } = oneReader(inRoot('build', 'handouts', '03-gradient-descent.html'));
  let page: Page;
  beforeEach(() => {
    page = opened();
    page.setDefaultTimeout(HANGS_AFTER);
  });

  /** Answers the question that is open in a cell, once it is this one. */
  async function answer(cell: string, question: string, words: string): Promise<void> {
    await page.locator(`#${cell} .live-question`, { hasText: question }).waitFor();
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
  }
  const done = (cell: string): Promise<void> => page.locator(`#${cell} .live-status`, { hasText: /^done/ }).waitFor();
  const shown = async (cell: string): Promise<string> =>
    (await page.locator(`#${cell} .live-outputs`).innerText()).replaceAll(/\n+/g, '\n').trim();

  it('waits for each answer, and runs from its start with it, so that nothing happens twice', async () => {
    await write('imports', `${ASKS}let count = 0;`);
    await write(
      'square',
      "count++;\nconst name = prompt('Name?');\nconst year = Number(prompt('Year?'));\nconsole.log(name, year + 1, count);",
    );
    expect(await run('square')).toBe('asks you');
    expect(await seriousOn(page)).toEqual([]);
    await answer('square', 'Name?', 'Ada <b>');
    await answer('square', 'Year?', '1814');
    await done('square');
    expect(await shown('square')).toBe('Name? Ada <b>\nYear? 1814\nAda <b> 1815 1');
    // What builds on it knows the answers; run again it asks again.
    await write('shrinking', 'console.log(name.length, count);');
    expect(await run('shrinking')).toMatch(/^done/);
    expect(await shown('shrinking')).toBe('7 1');
    expect(await run('square')).toBe('asks you');
  });

  it('asks also where another cell needs it; an answer that is not to be seen is not shown', async () => {
    await write('square', `${ASKS}const secret = prompt('Word?', { hidden: true });`);
    await write('shrinking', `${ASKS}const times = Number(prompt('How often?'));\nsecret.repeat(times)`);
    await press('shrinking', 'Run');
    await page.locator('#square .live-question input[type=password]').waitFor();
    await answer('square', 'Word?', 'ab');
    await answer('shrinking', 'How often?', '3');
    await done('shrinking');
    expect(await shown('shrinking')).toBe("How often? 3\n'ababab'");
    expect(await shown('square')).toBe('Word? ········');
  });

  it('may be stopped and reset while it asks, and asks nobody when it has ended', async () => {
    await write('square', `${ASKS}const name = prompt('Name?');`);
    expect(await run('square')).toBe('asks you');
    await press('square', 'Stop');
    expect(await statusWhenEnded(page, 'square')).toMatch(/^stopped/);
    expect(await page.locator('.live-question').count()).toBe(0);
    expect(await run('square')).toBe('asks you');
    await press('square', 'Reset');
    await page.locator('.live-question').waitFor({ state: 'detached' });
    await write('square', `${ASKS}const square = 3;\nsetTimeout(() => prompt('Late?'), 20);`);
    expect(await run('square')).toMatch(/^done/);
    await page.locator('#square .error', { hasText: 'in a page a cell asks while it runs' }).waitFor();
    expect(await page.locator('.live-question').count()).toBe(0);
  });

  it('that hides the question in a try asks all the same', async () => {
    await write('square', `${ASKS}let name = 'none';\ntry {\n  name = prompt('Name?');\n} catch {}\nname`);
    expect(await run('square')).toBe('asks you');
    await answer('square', 'Name?', 'Ada');
    await done('square');
    expect(await shown('square')).toBe("Name? Ada\n'Ada'");
  });
});
