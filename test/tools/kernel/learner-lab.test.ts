// JupyterLab as `npm run lab` opens it, for a learner and for a teacher, in Chromium. Screenshots: build/test/lab/.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { chromiumPath, launchChromium } from '../../support/chromium';
import { openLab, type Lab } from '../../support/lab';
import { notebookFolder } from '../../support/make-notebook';
import { inRoot } from '../../support/root';

const pictures = inRoot('build', 'test', 'lab');
const PATIENCE = 60_000;
const sessions = z.array(
  z.object({ path: z.string(), kernel: z.object({ execution_state: z.string(), connections: z.number() }) }),
);

/**
 * Opens JupyterLab's page on a notebook and waits until its kernel has answered: by then JupyterLab has taken over what
 * the kernel says of its language.
 */
async function openNotebook(page: Page, address: string, name: string): Promise<void> {
  await page.goto(`${address}/lab/tree/${name}?token=test&reset`);
  await page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: PATIENCE });
  await vi.waitFor(
    async () => {
      const found = sessions
        .parse(await (await fetch(`${address}/api/sessions?token=test`)).json())
        .find((session) => session.path === name);
      expect(found?.kernel).toMatchObject({ execution_state: 'idle', connections: 1 });
    },
    { timeout: PATIENCE - 5000, interval: 200 },
  );
  await page.waitForFunction(
    () =>
      document.querySelector('.jp-NotebookPanel .jp-Notebook-ExecutionIndicator')?.getAttribute('data-status') ===
      'idle',
    undefined,
    { timeout: PATIENCE },
  );
}

const menuNames = (page: Page): Promise<string[]> =>
  page.locator('#jp-menu-panel .lm-MenuBar-itemLabel').allInnerTexts();

describe.skipIf(!chromiumPath)('JupyterLab', () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  describe('of a learner', () => {
    let lab: Lab | undefined;
    const said = (): string => lab?.said() ?? '';
    let page: Page;
    const copy = path.join(notebookFolder(), 'work');
    beforeAll(async () => {
      lab = await openLab('--folder', copy, '--chapter', '02');
      page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    }, PATIENCE);
    afterAll(() => lab?.stop());

    it('opens the chapter that the command names', async () => {
      const [address = ''] = /http:\/\/127\S+\/lab\/tree\/[\w.-]+/.exec(said()) ?? [];
      await page.goto(`${address}?token=test&reset`);
      await page.locator('.jp-NotebookPanel h1', { hasText: 'Tensors' }).first().waitFor({ timeout: PATIENCE });
    });

    it.each(['02-tensors.ipynb', 'exercises/02-tensors.ipynb'])(
      'opens %s unmodified, and saves it as it was',
      async (name) => {
        const before = readFileSync(path.join(copy, name), 'utf8');
        await openNotebook(page, lab?.address ?? '', name);
        expect(
          await page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current').getAttribute('class'),
        ).not.toContain('jp-mod-dirty');
        await page.screenshot({
          path: path.join(pictures, `learner-${path.basename(path.dirname(path.join(copy, name)))}.png`),
        });
        const saved = page.waitForResponse(
          (response) => response.request().method() === 'PUT' && response.url().includes('/api/contents/'),
        );
        await page.locator('.jp-Notebook .jp-Cell').first().click();
        await page.keyboard.press('Control+s');
        expect((await saved).status()).toBe(200);
        expect(readFileSync(path.join(copy, name), 'utf8')).toBe(before);
      },
    );

    it('shows chapters and exercises, and nothing of nbgrader', async () => {
      expect(said()).toContain('14 notebooks put into');
      expect(await menuNames(page)).not.toContain('Nbgrader');
      expect(await page.locator('.jp-DirListing-itemText').allInnerTexts()).toContain('02-tensors.ipynb');
      expect(said()).not.toMatch(/nbgrader.*extension was successfully loaded/);
    });

    it('checks an exercise where it lies', async () => {
      await page.locator('.jp-Notebook .jp-Cell', { hasText: "from 'layerwise/grading'" }).first().click();
      await page.keyboard.press('Shift+Enter');
      await page
        .locator('.jp-Notebook .jp-Cell', { hasText: 'function productShape' })
        .first()
        .locator('.cm-content')
        .click();
      await page.keyboard.press('Shift+Enter');
      await page.locator('.jp-Notebook .jp-Cell', { hasText: "await check('productShape')" }).first().click();
      await page.keyboard.press('Shift+Enter');
      await page
        .locator('.jp-OutputArea-output', { hasText: 'not written yet' })
        .first()
        .waitFor({ timeout: PATIENCE });
      await page.screenshot({ path: path.join(pictures, 'learner-check.png') });
    });

    it('reaches the pictures of the course', async () => {
      const response = await fetch(`${lab?.address}/files/images/chapter-02.png`, {
        headers: { Authorization: 'token test' },
      });
      expect([
        response.status,
        Buffer.from(await response.arrayBuffer()).equals(readFileSync(inRoot('notebooks', 'images', 'chapter-02.png'))),
      ]).toEqual([200, true]);
    });
  });

  it(
    'of a teacher shows the reference answers, and formgrader by the menu, on wide and narrow screens',
    async () => {
      const lab = await openLab('--teacher');
      try {
        for (const [name, width] of [
          ['wide', 1600],
          ['narrow', 700],
        ] as const) {
          const page = await browser.newPage({ viewport: { width, height: 900 } });
          const failed: string[] = [];
          page.on('pageerror', (error) => failed.push(error.message));
          await page.goto(`${lab.address}/lab/tree/exercises/02-tensors.ipynb?token=test&reset`);
          await page
            .locator('.jp-Notebook .jp-Cell', { hasText: 'BEGIN SOLUTION' })
            .first()
            .waitFor({ timeout: PATIENCE });
          await page.screenshot({ path: path.join(pictures, `teacher-${name}.png`) });
          await page.locator('.lm-MenuBar-itemLabel', { hasText: 'Nbgrader' }).click({ timeout: PATIENCE });
          await page.locator('.lm-Menu-itemLabel', { hasText: /^Formgrader$/ }).click();
          await page
            .frameLocator('iframe[src*="/formgrader"]')
            .getByRole('link', { name: 'Add new assignment' })
            .waitFor({ timeout: PATIENCE });
          await page.screenshot({ path: path.join(pictures, `formgrader-${name}.png`) });
          expect(failed).toEqual([]);
          await page.close();
        }
      } finally {
        await lab.stop();
      }
    },
    4 * PATIENCE,
  );
});
