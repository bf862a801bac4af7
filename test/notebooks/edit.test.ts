import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { Checker } from '../../src/tools/kernel/checker';
import { showDiagnoses } from '../../src/tools/kernel/shown-error';
import { codeCells, hasTag, readNotebook } from '../../src/tools/notebook';
import { seriousOn } from '../support/axe';
import { chromiumPath } from '../support/chromium';
import { HANGS_AFTER, oneReader, statusWhenEnded } from '../support/live-page';
import { inRoot } from '../support/root';

const CHAPTER = '03-gradient-descent';

describe.skipIf(!chromiumPath)('a cell that a reader changes', () => {
  const { page: opened, press, write, run, openAnew } = oneReader(inRoot('build', 'handouts', `${CHAPTER}.html`));
  let page: Page;
  beforeEach(() => {
    page = opened();
    page.setDefaultTimeout(HANGS_AFTER);
  });

  const checker = new Checker(inRoot('notebooks'), inRoot());
  const codes = codeCells(readNotebook(inRoot('notebooks', `${CHAPTER}.ipynb`))).filter(
    (code) => !hasTag(code, 'type-error'),
  );
  const shown = (cell: string): Promise<string> => page.locator(`#${cell} .live-outputs`).innerText();
  const stale = (): Promise<string[]> =>
    page.locator('section.live-stale').evaluateAll((sections) => sections.map(({ id }) => id));

  const ended = (cell: string): Promise<string> => statusWhenEnded(page, cell);

  it('runs, with what builds on it; other outputs are dimmed until they are made anew; Reset restores', async () => {
    const printed = await shown('shrinking');
    expect(await run('shrinking')).toMatch(/^done/);
    expect(await shown('shrinking')).toBe(printed);

    await write('square', 'const square = (x: number): number => x ** 3;');
    expect(await run('square')).toMatch(/^done/);
    expect(await stale()).toEqual(expect.arrayContaining(['shrinking', 'tangent-figure']));
    expect(await page.locator('#shrinking .live-status').innerText()).toBe('its output is from before square changed');
    expect(await stale()).not.toContain('numeric-derivative');

    expect(await run('shrinking')).toMatch(/^done/);
    // ((2 + h)³ − 2³) / h = 12 + 6 h + h²
    expect(await shown('shrinking')).toMatch(/h 1 slope at 2: 19\.0000\nh 0\.1 slope at 2: 12\.6100/);
    expect(await stale()).not.toContain('shrinking');

    await press('square', 'Reset');
    expect(await stale()).toEqual(['shrinking']);
    expect(await page.locator('#square .source').innerText()).toContain('x * x');
    expect(await run('shrinking')).toMatch(/^done/);
    expect(await shown('shrinking')).toBe(printed);
    expect(await stale()).toEqual([]);
  });

  it('is dimmed no longer when what it builds on is as printed, and it ran again', async () => {
    await write('value-class', 'class Value { gradient = 0; }');
    expect(await run('value-class')).toMatch(/^done/);
    expect(await stale()).toContain('autodiff-example');
    // What the compiler says of it now is no old output.
    expect(await run('in-order')).toBe('refused by the compiler');
    expect(await shown('in-order')).toContain("Property 'given' does not exist on type 'Value'");
    await press('value-class', 'Reset');
    expect(await run('autodiff-example')).toMatch(/^done/);
    expect(await stale()).not.toContain('autodiff-example');
  });

  it('may be pressed twice; Reset ends what runs of it', async () => {
    await page.locator('#square').getByRole('button', { name: 'Edit the cell square' }).dblclick();
    await page.locator('#square .cm-content').waitFor();
    expect(await page.locator('#square .cm-editor').count()).toBe(1);
    await write('square', 'for (;;);');
    await press('square', 'Run');
    await page.locator('#square').getByRole('button', { name: 'Stop the cell square' }).waitFor();
    await press('square', 'Reset');
    expect(await ended('square')).toMatch(/^stopped/);
    expect(await page.locator('#square .cm-editor').count()).toBe(0);
    expect(await run('shrinking')).toMatch(/^done/);
  });

  it('runs among all others; a later cell that it makes wrong ends Run all', async () => {
    const all = async (): Promise<string> => {
      await page.getByRole('button', { name: 'Run all cells of this page' }).click();
      const progress = page.locator('.live-page-bar .live-status', { hasText: /^(?:all|ended|stopped)/ });
      await progress.waitFor();
      return progress.innerText();
    };
    await write('square', 'const square = (x: string): number => x.length;');
    expect(await all()).toBe('ended at shrinking, which failed');
    expect(await page.locator('#shrinking .live-status').innerText()).toBe('refused by the compiler');
    await write('square', 'const square = (x: number): number => x * x; // mine');
    expect(await all()).toMatch(/^all \d+ cells done$/);
    expect(await stale()).toEqual([]);
  });

  it('may throw in a timer: that is shown, and what has run stays; what writes after Reset is not heard', async () => {
    await write('square', "const square = 3;\nsetTimeout(() => {\n  throw new Error('later');\n}, 50);");
    expect(await run('square')).toMatch(/^done/);
    await page.locator('#square .live-outputs').getByText('Error: later').waitFor();
    // Square would run again, and throw again, if the session had ended.
    await write('shrinking', "setTimeout(() => console.log('late'), 300);\nsquare");
    expect(await run('shrinking')).toMatch(/^done/);
    expect(await page.locator('#square .live-outputs .error').count()).toBe(1);
    await press('shrinking', 'Reset');
    const printed = await shown('shrinking');
    await write('derivative-square', "await new Promise((resolve) => setTimeout(resolve, 600));\nconsole.log('over');");
    expect(await run('derivative-square')).toMatch(/^done/);
    expect(await shown('shrinking')).toBe(printed);
  });

  it('prints no more than a page holds', async () => {
    await write('square', "console.log('x'.repeat(3e6));");
    expect(await run('square')).toMatch(/^done/);
    const printed = await shown('square');
    expect(printed.lastIndexOf('x')).toBe(499_999);
    expect(printed.slice(500_000).trim()).toBe('… more was printed than a page holds');
  });

  it.each([
    ['another type', 'square', 'const square = (x: number): number => x + "a";'],
    ['a value that may be missing', 'square', 'const first = [1, 2].find((x) => x > 1);\nconst square = first * 2;'],
    ['what is no statement', 'square', "const square = (x: number) => x;\n)\nlet y = 'a'"],
    ['a name that no cell declares', 'shrinking', 'console.log(cube(2), square("3"));'],
    ['what no module gives', 'imports', "import { loadNothing } from 'layerwise/data';\nloadNothing();"],
    [
      'a tensor of another rank',
      'imports',
      "import * as tf from '@tensorflow/tfjs-node';\nconst t: tf.Tensor2D = tf.tensor1d([1]);",
    ],
    [
      'an option that there is not',
      'imports',
      "import { plot } from 'layerwise/plot';\nplot([{ x: [1], y: [2] }], { titel: 'a' });",
    ],
  ])('is refused as in the kernel: %s', async (_, cell, text) => {
    const at = codes.findIndex(({ id }) => id === cell);
    const { diagnoses } = checker.checkAfter(
      codes.slice(0, at).map(({ source }) => source),
      text,
    );

    const inKernel = showDiagnoses(text, diagnoses).traceback.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''));
    await write(cell, text);
    expect(await run(cell)).toBe('refused by the compiler');
    expect(await page.locator(`#${cell} .live-outputs pre.error`).textContent()).toBe(inKernel.join('\n'));
    expect(inKernel.length).toBeGreaterThan(1);
    expect(await page.locator(`#${cell} .live-marked`).count()).toBe(1);
  });

  it.each([
    ["import os from 'node:os';\nos.cpus()", 'node:os'],
    ["import fs from 'node:fs';\nfs.existsSync('a')", 'node:fs'],
  ])('says what a page does not have: %s', async (text, module) => {
    await write('square', text);
    expect(await run('square')).toBe(`Runs in the notebook: it imports ${module}, which a page doesn't have.`);
    // What builds on it is refused as in the notebook, where it declares no square either.
    expect(await run('shrinking')).toBe('refused by the compiler');
    expect(await shown('shrinking')).toContain("Cannot find name 'square'");
  });

  it.each([
    ['nothing', 'for (;;);'],
    ['all the time', 'for (let i = 0; ; i++) console.log("line", i);'],
  ])('stops while a loop prints %s, and runs again', async (_, text) => {
    await write('square', text);
    await press('square', 'Run');
    await page.locator('#square').getByRole('button', { name: 'Stop the cell square' }).waitFor();
    if (text.includes('line')) await page.locator('#square .live-outputs').getByText('line 0').waitFor();
    await press('square', 'Stop');
    expect(await ended('square')).toMatch(/^stopped/);
    await write('square', 'const square = 2 + 2;\nsquare');
    expect(await run('square')).toMatch(/^done/);
    expect(await shown('square')).toBe('4');
  });

  it('stops while what it runs in is loaded, and does not begin later', async () => {
    await openAnew();
    page = opened();
    await write('square', 'for (;;);');
    // In the very moment when the button offers it.
    await page.evaluate(() => {
      const run = document.querySelector<HTMLButtonElement>('#square .live-bar button');
      if (!run) throw new Error('no button');
      new MutationObserver((_, watch) => {
        if (run.textContent !== 'Stop') return;
        watch.disconnect();
        run.click();
      }).observe(run, { childList: true });
    });
    expect(await run('square')).toMatch(/^stopped/);
    await write('square', 'const square = 2 + 2;\nsquare');
    expect(await run('square')).toMatch(/^done/);
    expect(await shown('square')).toBe('4');
  });

  it('is written and run by keyboard; the editor can be left; axe finds nothing serious', async () => {
    await page.locator('#square').getByRole('button', { name: 'Edit the cell square' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#square .cm-content').waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nsquare(5)');
    await page.keyboard.press('Shift+Enter');
    expect(await ended('square')).toMatch(/^done/);
    expect(await shown('square')).toBe('25');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Run');
    expect(await seriousOn(page)).toEqual([]);
  });

  it('is a lesson on types where the compiler refuses what is printed', async () => {
    await page.goto(pathToFileURL(path.join(inRoot('build', 'handouts'), '02-tensors.html')).href);
    expect(await run('typed-rank-error')).toBe('refused by the compiler');
    expect(await shown('typed-rank-error')).toMatch(/line 4:11 TS2345 Argument of type 'Tensor1D'/);
    await write('typed-rank-error', 'const columns = tf.tensor2d([[1, 2, 3]]).shape[1];\ncolumns');
    expect(await run('typed-rank-error')).toMatch(/^done/);
    expect(await shown('typed-rank-error')).toBe('3');
  });
});
