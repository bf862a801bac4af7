// Draws each kind of figure in Chromium with the plotly that the course ships, light and dark.
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { displaySymbol } from '../../../src/parts/display';
import { palettes, setTheme, type Theme } from '../../../src/parts/plot';
import { chromiumPath, launchChromium } from '../../support/chromium';
import { inRoot } from '../../support/root';
import { figures } from './figures';

const plotly = createRequire(import.meta.url).resolve('plotly.js-dist-min');
const pictures = inRoot('build', 'test', 'figures');
let browser: Browser;
let page: Page;
const problems: string[] = [];

describe.skipIf(!chromiumPath)('in Chromium', () => {
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 760, height: 640 } });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      // The browser's advice on speed (software WebGL, reading pictures back) is no problem of the figure.
      if (
        message.type() === 'error' ||
        (message.type() === 'warning' && !/GPU stall|willReadFrequently/.test(message.text()))
      )
        problems.push(message.text());
    });
    await page.setContent('<!doctype html><body style="margin:0"><div id="figure" style="width:700px"></div></body>');
    await page.addScriptTag({ path: plotly });
  });
  afterAll(async () => {
    await browser?.close();
  });
  afterEach(() => setTheme('light'));

  const themes: Theme[] = ['light', 'dark'];
  it.each(Object.keys(figures).flatMap((kind) => themes.map((theme): [string, Theme] => [kind, theme])))(
    '%s (%s) is drawn, not empty and not clipped',
    async (kind, theme) => {
      setTheme(theme);
      const spec = figures[kind]()[displaySymbol]()['application/vnd.plotly.v1+json'];
      problems.length = 0;
      const outside = await page.evaluate(drawAndFindClipped, JSON.stringify(spec));
      const png = await page
        .locator('#figure')
        .screenshot({ path: `${pictures}/${kind.replaceAll(' ', '-')}-${theme}.png` });
      expect(problems).toEqual([]);
      expect(outside, 'texts that reach outside the figure').toEqual([]);
      expect(touchesEdge(PNG.sync.read(png), palettes[theme].background), 'something is cut off at the edge').toBe(
        false,
      );
      expect(
        drawnPart(PNG.sync.read(png), palettes[theme].background),
        'part of the plot area that is not background',
      ).toBeGreaterThan(0.004);
    },
  );

  it.each(Object.keys(figures).filter((kind) => /boxes| on (an?|contours)|spectrogram|color bars/.test(kind)))(
    '%s: on a narrow page too, title, legend and color bars stand beside each other and inside',
    async (kind) => {
      const spec = JSON.stringify(figures[kind]()[displaySymbol]()['application/vnd.plotly.v1+json']);
      await page.locator('#figure').evaluate((place) => (place.style.width = '390px'));
      try {
        problems.length = 0;
        expect(await page.evaluate(drawAndFindClipped, spec), 'texts that reach outside the figure').toEqual([]);
        await page.locator('#figure').screenshot({ path: `${pictures}/${kind.replaceAll(' ', '-')}-narrow.png` });
        expect(await page.evaluate(findCovered)).toEqual([]);
        expect(problems).toEqual([]);
      } finally {
        await page.locator('#figure').evaluate((place) => (place.style.width = '700px'));
      }
    },
  );

  it('notices a legend on a color bar', async () => {
    const point = { type: 'scatter', x: [0], y: [0], name: 'a series' };
    const data = [{ type: 'heatmap', z: [[1, 2]], colorbar: { title: { text: 'level' } } }, point, point];
    await page.evaluate(drawAndFindClipped, JSON.stringify({ data, layout: { height: 420 } }));
    expect(await page.evaluate(findCovered)).toEqual(['legend on a color bar']);
  });

  it('calls a figure without data empty', async () => {
    await page.evaluate(
      drawAndFindClipped,
      JSON.stringify({ data: [], layout: { height: 420, xaxis: { visible: false }, yaxis: { visible: false } } }),
    );
    expect(drawnPart(PNG.sync.read(await page.locator('#figure').screenshot()), '#ffffff')).toBeLessThan(0.004);
  });

  it('calls a title that runs over the edge clipped', async () => {
    const spec = {
      data: [{ y: [1, 2] }],
      layout: { height: 420, title: { text: 'a very long title '.repeat(12), x: 0.02 } },
    };
    expect(await page.evaluate(drawAndFindClipped, JSON.stringify(spec))).not.toEqual([]);
  });

  it('plays an animation to its last frame', async () => {
    await page.evaluate(
      drawAndFindClipped,
      JSON.stringify(figures.animation()[displaySymbol]()['application/vnd.plotly.v1+json']),
    );
    await page.locator('.updatemenu-button').first().click();
    await page.waitForFunction(
      () => document.querySelector('.slider-labels, .slider-label')?.textContent?.includes('2') ?? false,
      undefined,
      { timeout: 20_000 },
    );
  });
});

interface Plotly {
  newPlot(place: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  addFrames(place: HTMLElement, frames: unknown): Promise<unknown>;
}

/** Runs in the page: draws the figure and returns the texts that reach outside it. */
async function drawAndFindClipped(json: string): Promise<string[]> {
  const place = document.querySelector<HTMLElement>('#figure');
  const plotly: Plotly = Reflect.get(window, 'Plotly');
  if (!place) throw new Error('no place for the figure');
  const { data, layout, config, frames } = JSON.parse(json);
  await plotly.newPlot(place, data, layout, { ...config, staticPlot: false });
  if (frames) await plotly.addFrames(place, frames);
  const box = place.getBoundingClientRect();
  return [...place.querySelectorAll('svg text')]
    .filter(
      (text) =>
        text.textContent?.trim() &&
        getComputedStyle(text).visibility !== 'hidden' &&
        !text.closest('.hoverlayer, .modebar'),
    )
    .filter((text) => {
      const { left, right, top, bottom, width } = text.getBoundingClientRect();
      return (
        width > 0 && (left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1)
      );
    })
    .map((text) => text.textContent ?? '');
}

/** Runs in the page: which of the title, the legend, the color bars, the axes' labels and the axes lie on each other. */
function findCovered(): string[] {
  const kinds = { '.gtitle': 'title', '.legend': 'legend', '.colorbar': 'a color bar', '.xtitle': 'x label', '.ytitle': 'y label', '.nsewdrag': 'the axes' }; // prettier-ignore
  const found = Object.entries(kinds).flatMap(([selector, name]) =>
    [...document.querySelectorAll(`#figure ${selector}`)].map((element) => ({
      name,
      box: element.getBoundingClientRect(),
    })),
  );
  const overlap = (a: DOMRect, b: DOMRect): boolean =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1; // prettier-ignore
  return found.flatMap((one, i) =>
    found.slice(i + 1).flatMap((other) => (overlap(one.box, other.box) ? [`${one.name} on ${other.name}`] : [])),
  );
}

/**
 * Whether anything but background lies on the outermost pixels: what a three-dimensional scene that is too large does.
 */
function touchesEdge(png: PNG, background: string): boolean {
  const rgb = [1, 3, 5].map((at) => Number.parseInt(background.slice(at, at + 2), 16));
  for (let y = 0; y < png.height; y++) {
    for (let x = 0; x < png.width; x++) {
      const isEdge = y < 2 || x < 2 || y >= png.height - 2 || x >= png.width - 2;
      if (isEdge && rgb.some((value, channel) => Math.abs(png.data[(y * png.width + x) * 4 + channel] - value) > 24))
        return true;
    }
  }
  return false;
}

/** Part of the inner area whose pixels differ from the background. */
function drawnPart(png: PNG, background: string): number {
  const rgb = [1, 3, 5].map((at) => Number.parseInt(background.slice(at, at + 2), 16));
  let drawn = 0;
  let count = 0;
  for (let y = 90; y < png.height - 80; y++) {
    for (let x = 90; x < png.width - 60; x++) {
      const at = (y * png.width + x) * 4;
      count++;
      if (rgb.some((value, channel) => Math.abs(png.data[at + channel] - value) > 24)) drawn++;
    }
  }
  return drawn / Math.max(1, count);
}
