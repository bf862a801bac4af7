// Reads the worked numbers of the syllabus from the chapters that the stage before has executed.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingWorkedNumbers, readCoverage } from '../../src/book';
import { readNotebook } from '../../src/notebook';
import { chromiumPath, launchChromium } from '../support/chromium';

const root = new URL('../..', import.meta.url).pathname;
const coverage = readCoverage(path.join(root, 'notebooks', 'coverage.json'));
const chapters = Object.keys(coverage);

describe.each(chapters)('%s', (name) => {
  const executed = path.join(root, 'build', 'executed', `${name}.ipynb`);

  it('shows every worked number', () => {
    expect(existsSync(executed), `${executed} is missing: run npm start first`).toBe(true);
    expect(missingWorkedNumbers(coverage, readNotebook(executed))).toEqual([]);
  });

  it('misses a number that is not there', () => {
    const changed = { [name]: { covers: [], worked: [{ item: 'made up', cell: coverage[name].worked[0].cell, shows: ['31.4159'] }] } };
    expect(missingWorkedNumbers(changed, readNotebook(executed))).toHaveLength(1);
  });
});

describe.skipIf(!chromiumPath)('the handouts in Chromium, from files', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  it.each(chapters)('%s: all figures are drawn, all formulas set, nothing is asked of the network', async (name) => {
    const file = path.join(root, 'build', 'handouts', `${name}.html`);
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => request.url().startsWith('file:') || request.url().startsWith('data:') || problems.push(request.url()));
    await page.goto(`file://${file}`);
    const figures = (readFileSync(file, 'utf8').match(/class="layerwise-figure"/g) ?? []).length;
    // Figures far below are drawn when they come near, or before the page is printed.
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.waitForFunction((expected) => document.querySelectorAll('.layerwise-figure:has(.main-svg)').length >= expected, figures, { timeout: 30_000 });
    const empty = await page.evaluate(() => [...document.querySelectorAll('.layerwise-figure')].filter((place) => !place.querySelector('.trace, .heatmaplayer image, .imagelayer image, .points, .bars, .gl-container canvas')).length);
    const rawTex = await page.evaluate(() => (document.body.innerText.match(/\$\$|\\frac|\\sum|\\hat/g) ?? []).length);
    expect({ problems, empty, rawTex, formulas: (await page.locator('.katex').count()) > 0, figures: figures > 0 }).toEqual({ problems: [], empty: 0, rawTex: 0, formulas: true, figures: true });
    await page.close();
  });
});
