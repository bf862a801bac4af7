// The handouts of the real chapters, which the stage before has made, in the system's Chromium, from files.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { load } from 'cheerio';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { seriousOn } from '../support/axe';
import { chosen } from '../support/chapters.mjs';
import { chromiumPath, launchChromium } from '../support/chromium';
import { offlinePage, type OfflinePage } from '../support/offline-page';
import { inRoot } from '../support/root';

const site = inRoot('build', 'handouts');
const names = existsSync(site)
  ? readdirSync(site)
      .filter((name) => name.endsWith('.html'))
      .sort()
  : [];
const exercises = names.filter((name) => name.endsWith('-exercises.html'));
const chapters = names.filter((name) => /^[A0-9]\d-/.test(name) && !exercises.includes(name));
/** The chapters that are looked at in the browser, which takes long; what can be read is read of all. */
const drawn = chosen(chapters.map((name) => path.basename(name, '.html'))).map((name) => `${name}.html`);
const isDrawn = (name: string): boolean => drawn.some((chapter) => chapter.slice(0, 2) === name.slice(0, 2));
const looked = names.filter((name) => !/^[A0-9]\d-/.test(name) || isDrawn(name));
const pages = new Map<string, ReturnType<typeof load>>();
/** A page of the site, parsed once: many links lead to it. */
function pageAt(file: string): ReturnType<typeof load> {
  const page = pages.get(file) ?? load(readFileSync(file, 'utf8'));
  pages.set(file, page);
  return page;
}
const COMPRESSED_LIMIT = 300_000;

it('there are pages for all chapters, a front page, a glossary and the errata', () => {
  expect(chapters.length, 'run npm start first').toBeGreaterThanOrEqual(7);
  expect(names).toEqual(expect.arrayContaining(['index.html', 'glossary.html', 'errata.html']));
  expect(exercises.map((name) => name.slice(0, 2))).toEqual(chapters.map((name) => name.slice(0, 2)));
});

describe.each(names)('%s', (name) => {
  const html = readFileSync(path.join(site, name), 'utf8');
  const $ = pageAt(path.join(site, name));

  it('has only links that lead somewhere, and each id once', () => {
    const ids = $('[id]')
      .toArray()
      .map((element) => $(element).attr('id') ?? '');
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    const broken = $('a[href], img[src], link[href], script[src]')
      .toArray()
      .flatMap((element) => {
        const target = $(element).attr('href') ?? $(element).attr('src') ?? '';
        if (/^(?:https?:|mailto:|data:)/.test(target)) return [];
        const [file, anchor] = target.split('#');
        const place = file === '' ? path.join(site, name) : path.join(site, decodeURIComponent(file));
        if (!existsSync(place)) return [target];
        return anchor === undefined || pageAt(place)(`[id="${decodeURIComponent(anchor)}"]`).length === 1
          ? []
          : [target];
      });
    expect(broken).toEqual([]);
  });

  it('has formulas set with MathML, captions, alternative texts, and a policy', () => {
    expect($('.katex').length).toBe($('.katex math').length);
    expect($('.text-cell').clone().find('code, pre, annotation, script').remove().end().text()).not.toMatch(
      /\$\$|\\frac|\\sum|\\hat/,
    );
    expect(
      $('figure.plot')
        .toArray()
        .filter(
          (figure) =>
            $(figure).find('figcaption').text().trim() === '' || ($(figure).find('img').attr('alt') ?? '') === '',
        ),
    ).toEqual([]);
    expect($('meta[http-equiv="Content-Security-Policy"]').attr('content')).toMatch(/^default-src 'none'/);
    expect($('script:not([src])').length).toBe(0);
  });

  it('is small before figures are asked for', () => {
    const parts = [
      html,
      ...$('link[rel="stylesheet"], script[src]')
        .toArray()
        .map((element) =>
          readFileSync(path.join(site, $(element).attr('href') ?? $(element).attr('src') ?? ''), 'utf8'),
        ),
    ];
    const fonts = ['KaTeX_Main-Regular', 'KaTeX_Math-Italic', 'KaTeX_Size1-Regular', 'KaTeX_Size2-Regular'].reduce(
      (sum, font) => sum + readFileSync(path.join(site, 'assets', 'katex', 'fonts', `${font}.woff2`)).length,
      0,
    );
    expect(parts.reduce((sum, part) => sum + gzipSync(part).length, fonts)).toBeLessThanOrEqual(COMPRESSED_LIMIT);
  });
});

describe.skipIf(!chromiumPath)('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  async function open(name: string, options: BrowserContextOptions = {}): Promise<OfflinePage> {
    const opened = await offlinePage(browser, options);
    await opened.page.goto(pathToFileURL(path.join(site, name)).href);
    return opened;
  }

  it.each(drawn)(
    '%s: every figure is drawn when it comes into view; nothing is asked of the network, nothing is refused',
    async (name) => {
      const { page, problems, close } = await open(name);
      const figures = page.locator('figure.plot');
      const count = await figures.count();
      for (let i = 0; i < count; i++) {
        await figures.nth(i).scrollIntoViewIfNeeded();
        await page.waitForFunction((n) => document.querySelectorAll('figure.plot')[n]?.matches('[data-drawn]'), i, {
          timeout: 30_000,
        });
      }
      const empty = await page.evaluate(
        () =>
          [...document.querySelectorAll('figure.plot')].filter(
            (place) =>
              !place.querySelector(
                '.trace, .heatmaplayer image, .imagelayer image, .points, .bars, .gl-container canvas',
              ),
          ).length,
      );
      expect({ problems, empty, hasFigures: count > 0 }).toEqual({ problems: [], empty: 0, hasFigures: true });
      await close();
    },
  );

  it.each(['light', 'dark'] as const)(
    'axe finds nothing serious on any page: %s',
    { timeout: 300_000 },
    async (colorScheme) => {
      const found: string[] = [];
      for (const name of looked) {
        const { page, close } = await open(name, { colorScheme });
        found.push(...(await seriousOn(page)).map((line) => `${name}: ${line}`));
        await close();
      }
      expect(found).toEqual([]);
    },
  );

  it('reads without scripts: text, formulas and all pictures', async () => {
    const { page, problems, close } = await open('05-neural-networks-from-scratch.html', { javaScriptEnabled: false });
    expect(await page.locator('h1').innerText()).toMatch(/^05/);
    const pictures = page.locator('.plot-picture');
    const count = await pictures.count();
    expect(count).toBeGreaterThan(5);
    for (let i = 0; i < count; i++) {
      await pictures.nth(i).scrollIntoViewIfNeeded();
      const box = await pictures.nth(i).boundingBox();
      expect([box?.width ?? 0, box?.height ?? 0].every((length) => length > 150)).toBe(true);
    }
    expect(problems).toEqual([]);
    await close();
  });

  it('plays an animation', async () => {
    const { page, problems, close } = await open('03-gradient-descent.html');
    const moving = page.locator('figure.plot', { hasText: 'moves: play it' }).first();
    await moving.scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector('figure.plot[data-drawn] .updatemenu-button'));
    const state = (): Promise<string> => moving.locator('.slider-label, .main-svg').first().innerHTML();
    const before = await state();
    await moving.locator('.updatemenu-button').first().click();
    await page.waitForFunction(
      (old) =>
        document.querySelector('figure.plot[data-drawn] .slider-label, figure.plot[data-drawn] .main-svg')
          ?.innerHTML !== old,
      before,
    );
    expect(problems).toEqual([]);
    await close();
  });

  it('has a network on the front page that learns at a press, follows settings and pauses', async () => {
    const { page, problems, close } = await open('index.html');
    const form = page.locator('.spiral form');
    const [button, status, numbers] = ['button', '[role="status"]', 'figcaption'].map((place) =>
      page.locator(`.spiral ${place}`),
    );
    expect(await page.locator('script[src*="spiral"]').count()).toBe(0);
    await form.locator('button').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() =>
      /^Learned in/.test(document.querySelector('.spiral [role="status"]')?.textContent ?? ''),
    );
    expect(await numbers.innerText()).toMatch(/^Step \d+, loss 0\.0\d\d, 180 of 180 points right$/);
    // One unit a layer and a small rate: it goes on until it is stopped.
    await form.locator('[name="rate"]').selectOption('0.001');
    await form.locator('[name="width"]').selectOption('2');
    expect(await status.innerText()).toBe('It learns.');
    await page.waitForFunction(() =>
      /^Step [2-9]\d/.test(document.querySelector('.spiral figcaption')?.textContent ?? ''),
    );
    await button.click();
    expect([await status.innerText(), await button.innerText()]).toEqual(['Paused.', 'Go on']);
    const paused = await numbers.innerText();
    await button.click();
    await page.waitForFunction(
      (before) => document.querySelector('.spiral figcaption')?.textContent !== before,
      paused,
    );
    expect(problems).toEqual([]);
    await close();
  });

  it('remembers on the front page where the reader was', async () => {
    const { page, problems, close } = await open('03-gradient-descent.html');
    await page
      .locator('h2')
      .nth(3)
      .evaluate((place) => place.scrollIntoView());
    const heading = (await page.locator('h2').nth(3).innerText()).replace(/#$/, '');
    await page.goto(page.url().replace('03-gradient-descent', 'index'));
    const last = page.locator('.begin .last');
    expect(await last.innerText()).toBe(`Go on where you were: 03 Gradient descent, “${heading}”`);
    await last.click();
    await page.waitForURL(/03-gradient-descent\.html#s-/);
    expect(problems).toEqual([]);
    await close();
  });

  it('is used by keyboard alone: skip link, search, result, theme', async () => {
    const { page, problems, close } = await open('index.html');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the text');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('/');
    await page.keyboard.type('vanishing gradient');
    await page.locator('.results a').first().waitFor();
    expect(await page.locator('dialog [role="status"]').innerText()).toMatch(/^\d+ places? found$/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/05-neural-networks-from-scratch\.html#s-/);
    expect(await page.evaluate(() => document.querySelector(decodeURIComponent(location.hash)) !== null)).toBe(true);
    const theme = page.locator('[data-action="theme"]');
    await theme.focus();
    await page.keyboard.press('Enter');
    expect(await theme.getAttribute('aria-pressed')).toBe('true');
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(20, 24, 29)');
    expect(problems).toEqual([]);
    await close();
  });

  it('folds the code of figures and the answers, and copies code', async () => {
    const { page, close } = await open('06-first-network.html', { permissions: ['clipboard-read', 'clipboard-write'] });
    expect(await page.locator('details.folded[open]').count()).toBe(0);
    expect(await page.locator('details.folded').count()).toBeGreaterThan(3);
    expect(await page.locator('details:not(.folded):not([open])').count()).toBeGreaterThan(3);
    const source = page.locator('.source').first();
    expect(await source.locator('.copy').getAttribute('aria-label')).toBe('Copy this code');
    await source.locator('.copy').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('.copy')?.textContent === 'Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
      /^import \* as tf from '@tensorflow\/tfjs-node';/,
    );
    await close();
  });

  it.each([1280, 390])('no page is wider than a screen of %s points', { timeout: 120_000 }, async (width) => {
    const wide: string[] = [];
    for (const name of looked) {
      const { page, close } = await open(name, { viewport: { width, height: 844 } });
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(name);
      await close();
    }
    expect(wide).toEqual([]);
  });

  it('begins with the text on a narrow screen; the list of chapters comes after it, a touch away', async () => {
    const { page, close } = await open('06-first-network.html', { viewport: { width: 390, height: 844 } });
    const top = (selector: string): Promise<number> =>
      page.locator(selector).evaluate((element) => element.getBoundingClientRect().top);
    expect(await top('h1')).toBeLessThan(200);
    expect(await top('nav.contents')).toBeGreaterThan(5000);
    await page.getByRole('link', { name: 'Contents' }).click();
    await page.waitForFunction(
      () => (document.querySelector('nav.contents')?.getBoundingClientRect().top ?? Infinity) < innerHeight,
    );
    await close();
  });

  it('draws figures on a narrow screen without a title that is cut, and with the legend below the plot', async () => {
    const { page, close } = await open('04-logistic-regression.html', { viewport: { width: 390, height: 844 } });
    const figure = page.locator('figure.plot').first();
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('.legend').waitFor();
    const [plot, legend] = await Promise.all(
      ['.nsewdrag', '.legend'].map((selector) => figure.locator(selector).first().boundingBox()),
    );
    expect(legend?.y).toBeGreaterThan((plot?.y ?? Infinity) + (plot?.height ?? 0) * 0.9);
    expect(await figure.locator('.gtitle').count()).toBe(0);
    await close();
  });

  it('shows a line of 100 columns, as cells are formatted, without breaking it', async () => {
    const { page, close } = await open('05-neural-networks-from-scratch.html', {
      viewport: { width: 1280, height: 900 },
    });
    const heights = await page.evaluate(() => {
      const code = document.querySelector('.source pre');
      return [1, 100, 300].map((columns) => {
        if (code) code.textContent = 'm'.repeat(columns);
        return code?.getBoundingClientRect().height;
      });
    });
    expect(heights[1]).toBe(heights[0]);
    expect(heights[2]).toBeGreaterThan(heights[1] ?? Infinity);
    await close();
  });

  it('a chapter in one file stands alone, without scripts', async () => {
    const { page, problems, close } = await open('downloads/04-logistic-regression.html');
    expect(await page.locator('.plot-picture').count()).toBeGreaterThan(3);
    expect(await page.locator('script').count()).toBe(0);
    expect(
      await page.evaluate(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)),
    ).toBe(true);
    expect(await page.evaluate(() => document.fonts.check('16px KaTeX_Main'))).toBe(true);
    expect(problems).toEqual([]);
    await close();
  });

  // A4 less its margins is 180 mm, 680 points wide.
  it.each(drawn)('%s: on paper no code, figure, table or formula is cut', async (name) => {
    const { page, close } = await open(`downloads/${name}`, { viewport: { width: 680, height: 1000 } });
    await page.emulateMedia({ media: 'print' });
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('pre, figure, table, .equation, img')]
        .filter(
          (element) =>
            element.getBoundingClientRect().right > innerWidth + 1 || element.scrollWidth > element.clientWidth + 1,
        )
        .map((element) => `${element.tagName} ${element.textContent?.trim().slice(0, 60) ?? ''}`),
    );
    expect(cut).toEqual([]);
    await close();
  });

  it('the PDFs are tagged, have an outline, page numbers and links', async () => {
    const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
    for (const [name, least] of [
      ['05-neural-networks-from-scratch.pdf', 8],
      ['layerwise.pdf', 60],
    ] as const) {
      const pdf = await getDocument({
        data: new Uint8Array(readFileSync(path.join(site, 'downloads', name))),
        verbosity: 0,
      }).promise;
      expect(pdf.numPages).toBeGreaterThan(least);
      expect((await pdf.getMarkInfo())?.Marked).toBe(true);
      const outline = await pdf.getOutline();
      expect(outline.length + outline.reduce((sum, item) => sum + item.items.length, 0)).toBeGreaterThan(10);
      const last = await pdf.getPage(pdf.numPages);
      const words = (await last.getTextContent()).items.map((item) => ('str' in item ? item.str : '')).join('');
      expect(words).toContain(`${pdf.numPages} / ${pdf.numPages}`);
      const links = (
        await Promise.all(Array.from({ length: 8 }, async (_, i) => (await pdf.getPage(i + 1)).getAnnotations()))
      ).flat();
      expect(
        links.filter((link) => z.object({ subtype: z.literal('Link') }).safeParse(link).success).length,
      ).toBeGreaterThan(2);
      await pdf.destroy();
    }
  });
});
