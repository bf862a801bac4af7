// Figures and tables in JupyterLab's light and dark theme. Screenshots: build/test/lab/.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { displaySymbol, type MimeBundle } from '../../../src/parts/display';
import { tableBundle, tableOfRows } from '../../../src/parts/display/table';
import { palettes } from '../../../src/parts/plot/theme';
import { figures } from '../../parts/plot/figures';
import { chromiumPath, launchChromium } from '../../support/chromium';
import { openLab, type Lab } from '../../support/lab';
import { makeNotebook, notebookFolder } from '../../support/make-notebook';
import { inRoot } from '../../support/root';

const PATIENCE = 60_000;
const notebook = z.object({
  cells: z.array(z.object({ outputs: z.array(z.object({ data: z.record(z.string(), z.unknown()) })) })),
});
const pictures = inRoot('build', 'test', 'lab');
const rgb = (hex: string): string => `rgb(${[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;
const shown: Readonly<Record<string, MimeBundle>> = {
  line: figures.line()[displaySymbol](),
  heatmap: figures['confusion matrix']()[displaySymbol](),
  table: tableBundle(tableOfRows([{ city: 'Oslo', degrees: 4 }])),
};

/** Relative luminance and contrast after WCAG 2. */
function luminance(color: string): number {
  const [r, g, b] = (color.match(/[\d.]+/g) ?? [])
    .slice(0, 3)
    .map((part) => Number(part) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

describe('the style of dark themes', () => {
  const css = readFileSync(inRoot('src', 'tools', 'cli', 'lab.css'), 'utf8');
  const { light, dark } = palettes;
  it.each([
    ...light.series.map((color, i) => [color, dark.series[i]]),
    [light.text, dark.text],
    [light.grid, dark.grid],
  ])('shows %s as %s', (from, to) => {
    for (const property of ['fill', 'stroke'])
      expect(css).toMatch(
        new RegExp(
          `\\[style\\*='${property}: ${rgb(from).replace(/[()]/g, '\\$&')}'\\][^{]*\\{\\s*${property}: ${to} !important;\\s*\\}`,
        ),
      );
  });
});

describe.skipIf(!chromiumPath)('in JupyterLab', () => {
  let browser: Browser;
  let lab: Lab;
  let page: Page;
  const folder = notebookFolder();
  const file = path.join(folder, 'shown.ipynb');
  const style = (selector: string, property: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
  const cell = (name: string): string => `.jp-Notebook .jp-Cell:nth-child(${Object.keys(shown).indexOf(name) + 1})`;

  async function setTheme(name: string): Promise<void> {
    await page.locator('.lm-MenuBar-itemLabel', { hasText: /^Settings$/ }).click();
    await page.locator('.lm-Menu-itemLabel', { hasText: /^Theme$/ }).click();
    await page.locator('.lm-Menu-itemLabel', { hasText: new RegExp(`^${name}$`) }).click();
    await page.waitForFunction((wanted) => document.body.dataset.jpThemeName === wanted, name, { timeout: PATIENCE });
    await page.screenshot({ path: path.join(pictures, `${name.replaceAll(' ', '-').toLowerCase()}.png`) });
  }

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    makeNotebook(
      folder,
      'shown',
      Object.keys(shown).map((id) => ({ id, code: `show(${id});` })),
      (notebook) => {
        for (const made of notebook.cells as Record<string, unknown>[])
          made.outputs = [{ output_type: 'display_data', metadata: {}, data: shown[String(made.id)] }];
      },
    );
    [lab, browser] = await Promise.all([openLab('--folder', folder), launchChromium()]);
    page = await browser.newPage({ viewport: { width: 1100, height: 1400 } });
    await page.goto(`${lab.address}/lab/tree/shown.ipynb?token=test&reset`);
    await page.locator('.js-plotly-plot .main-svg').nth(3).waitFor({ timeout: PATIENCE });
  }, 2 * PATIENCE);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  it.each([
    ['JupyterLab Dark', palettes.dark],
    ['JupyterLab Light', palettes.light],
  ])(
    '%s: figures that are shown follow, and all can be read',
    async (name, { background, text, series }) => {
      await setTheme(name);
      const figure = `${cell('line')} .js-plotly-plot`;
      expect([
        await style(`${figure} .main-svg`, 'background-color'),
        await style(`${figure} .gtitle`, 'fill'),
        await style(`${figure} .js-line`, 'stroke'),
      ]).toEqual([background, text, series[0]].map(rgb));
      const onHeat = await page
        .locator(`${cell('heatmap')} .heatmap-label text`)
        .evaluateAll((texts) => texts.map((each) => [each.style.fill, getComputedStyle(each).fill]));
      expect(onHeat.length).toBe(9);
      for (const [chosen, seen] of onHeat) expect(seen).toBe(chosen);
      const page0 = await style('.jp-Notebook', 'background-color');
      for (const part of ['th', 'td'])
        expect(contrast(await style(`${cell('table')} .jp-OutputArea-output ${part}`, 'color'), page0)).toBeGreaterThan(
          7,
        );
    },
    PATIENCE,
  );

  it(
    'keeps figures as they were when the notebook is saved',
    async () => {
      const figuresIn = (text: string): unknown[] =>
        notebook.parse(JSON.parse(text)).cells.map(({ outputs: [{ data }] }) => data['application/vnd.plotly.v1+json']);
      const before = figuresIn(readFileSync(file, 'utf8'));
      const saved = page.waitForResponse(
        (response) => response.request().method() === 'PUT' && response.url().includes('/api/contents/'),
      );
      await page.locator('.jp-Notebook .jp-Cell').first().click();
      await page.keyboard.press('Control+s');
      expect((await saved).status()).toBe(200);
      expect(figuresIn(readFileSync(file, 'utf8'))).toEqual(before);
      expect(before.filter(Boolean)).toHaveLength(2);
    },
    PATIENCE,
  );
});
