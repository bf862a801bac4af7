// What is explored in a page, of a notebook made for it: real Chromium, from a file. Screenshots: build/test/explore/.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { load } from 'cheerio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleOf } from '../../../src/parts/display';
import { explore, line, slider } from '../../../src/parts/plot';
import { buildSite } from '../../../src/tools/book/site/build';
import { KERNELSPEC, LANGUAGE_INFO } from '../../../src/tools/notebook';
import { seriousOn } from '../../support/axe';
import { chromiumPath, launchChromium } from '../../support/chromium';
import { statusWhenEnded } from '../../support/live-page';
import { root } from '../../support/root';

const NAME = '94-explore';
const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-explore-'));
const pictures = path.join(root, 'build', 'test', 'explore');
const fragments = ['.html', '.html.made-from'].map((ending) => path.join(root, 'build', 'fragments', NAME + ending));
afterAll(() => [folder, ...fragments].forEach((made) => rmSync(made, { recursive: true, force: true })));

const IMPORT = "import { choice, explore, line, point, slider, toggle } from 'layerwise/plot';\n";
const FIGURE = `(title: string, y: number[]) => line({
  title, alt: 'A curve of a thousand points that the controls above it change.', xLabel: 'x', yLabel: 'y',
  yRange: [-10, 10], series: [{ name: 'curve', x: y.map((_, i) => i), y }],
});`;
const cells: ReadonlyArray<{ readonly id: string; readonly source: string }> = [
  { id: 'figure', source: `${IMPORT}const figureOf = ${FIGURE}` },
  {
    id: 'moves',
    source: `explore({
  size: slider({ label: 'size', min: 1, max: 9, step: 1, value: 2 }),
  rate: slider({ label: 'rate', min: 0.001, max: 1, value: 0.1, scale: 'log' }),
  kind: choice({ label: 'kind', options: ['sine', 'cosine'] }),
  up: toggle({ label: 'up' }),
  at: point({ label: 'start', x: [0, 1], y: [0, 1], value: [0.5, 0.5] }),
}, ({ size, rate, kind, up, at }) => figureOf(
  [size, rate, kind, up, at.join(' ')].join(', '),
  Array.from({ length: 1000 }, (_, i) => size * (kind === 'sine' ? Math.sin : Math.cos)(i * rate) + Number(up)),
));`,
  },
  {
    id: 'fails',
    source: `explore({ n: slider({ label: 'n', min: 0, max: 9, step: 1, value: 1 }) }, ({ n }) => {
  if (n > 5) throw new RangeError('too many');
  return figureOf('n ' + n, [n, n]);
});`,
  },
  {
    id: 'drags',
    source: `explore({ at: point({ label: 'place', x: [-1, 1], y: [0, 2], value: [0, 1] }) }, ({ at: [x, y] }) => line({
  title: [x, y].map((value) => value.toFixed(1)).join(', '),
  alt: 'A point that a mouse drags over the plane.', xLabel: 'x', yLabel: 'y', xRange: [-1, 1], yRange: [0, 2],
  series: [{ name: 'point', x: [x], y: [y] }],
}));`,
  },
  { id: 'waits', source: 'await new Promise((resolve) => setTimeout(resolve, 1500));' },
  { id: 'endless', source: 'for (;;) figureOf;' },
];

/** What the kernel would have stored. */
const first = bundleOf(
  explore({ size: slider({ label: 'size', min: 1, max: 9, step: 1, value: 2 }) }, () =>
    line({
      title: 'printed',
      alt: 'A curve of a thousand points that the controls above it change.',
      xLabel: 'x',
      yLabel: 'y',
      series: [{ name: 'curve', x: [0, 1], y: [0, 1] }],
    }),
  ),
);

beforeAll(async () => {
  const content = {
    ...{ nbformat: 4, nbformat_minor: 5 },
    metadata: { kernelspec: KERNELSPEC, language_info: LANGUAGE_INFO },
    cells: [
      { cell_type: 'markdown', id: 'title', metadata: {}, source: '# 94 Explore' },
      ...cells.map(({ id, source }) => ({
        ...{ cell_type: 'code', id, metadata: {}, source, execution_count: 1 },
        outputs:
          id === 'moves'
            ? [
                {
                  ...{ output_type: 'execute_result', execution_count: 1, metadata: {} },
                  // As a front end with widgets has stored it.
                  data: { ...first, 'application/vnd.jupyter.widget-view+json': { model_id: 'gone' } },
                },
              ]
            : [],
      })),
    ],
  };
  const file = path.join(folder, `${NAME}.ipynb`);
  writeFileSync(file, JSON.stringify(content));
  mkdirSync(pictures, { recursive: true });
  await buildSite([file], { folder: path.join(folder, 'site'), notebooks: folder, pdf: false });
}, 120_000);

describe('before Run, and on paper', () => {
  it('there is the first picture, with where the controls stood', () => {
    const $ = load(readFileSync(path.join(folder, 'site', `${NAME}.html`), 'utf8'));
    expect($('#moves figure img').attr('alt')).toBe('A curve of a thousand points that the controls above it change.');
    expect($('#moves figcaption').text()).toBe('Figure 94.1 printed (size 2; run the cell to change it)');
    expect($('#moves input').length).toBe(0);
  });
});

describe.skipIf(!chromiumPath)('in Chromium', () => {
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    await page?.context().close();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(pathToFileURL(path.join(folder, 'site', `${NAME}.html`)).href);
  });

  async function run(cell: string): Promise<void> {
    await page.getByRole('button', { name: `Run the cell ${cell}` }).click();
    await statusWhenEnded(page, cell);
    if (['moves', 'fails', 'drags'].includes(cell)) await page.locator(`#${cell} .main-svg`).first().waitFor();
  }
  const control = (label: string) =>
    page.locator('.live-explore label', { hasText: new RegExp(`^${label}\\b`) }).locator('input, select');
  const title = (text: string, cell = 'moves'): Promise<void> =>
    page.locator(`#${cell} .gtitle`, { hasText: text }).waitFor();
  const says = (cell: string): Promise<string> => page.locator(`#${cell} .live-explore [role=status]`).innerText();

  it('each control changes the figure', async () => {
    await run('moves');
    await title('2, 0.1, sine, false, 0.5 0.5');
    await control('size').fill('7');
    await title('7, 0.1, sine, false, 0.5 0.5');
    expect(await page.locator('#moves figcaption').innerText()).toBe('Figure 94.1 7, 0.1, sine, false, 0.5 0.5');
    await control('rate').fill('-3');
    await title('7, 0.001, sine');
    await control('kind').selectOption('cosine');
    await control('up').check();
    await control('start y').fill('1');
    await title('7, 0.001, cosine, true, 0.5 1');
    expect(await page.locator('#moves .live-explore output').allInnerTexts()).toEqual(['7', '0.001', '0.5', '1']);
    await page.screenshot({ path: path.join(pictures, 'wide.png') });
    expect(problems).toEqual([]);
  });

  it('by the keyboard alone, and axe finds nothing', async () => {
    await run('moves');
    await control('size').focus();
    await page.keyboard.press('ArrowRight');
    await title('3, 0.1');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Home');
    await title('3, 0.001');
    expect(await seriousOn(page)).toEqual([]);
  });

  it('the last of many values is drawn', async () => {
    await run('moves');
    await control('size').evaluate((range: HTMLInputElement) => {
      for (let turn = 0; turn < 200; turn++) {
        range.value = String(1 + (turn % 9));
        range.dispatchEvent(new Event('input'));
      }
    });
    await title('2, 0.1');
    await control('size').fill('9');
    await title('9, 0.1');
  });

  it('what draw throws stands beside the controls, which go on', async () => {
    await run('fails');
    await control('n').fill('8');
    await page.locator('#fails .live-explore [role=status]', { hasText: 'RangeError: too many' }).waitFor();
    await control('n').fill('3');
    await title('n 3', 'fails');
    expect(await says('fails')).toBe('');
  });

  it('a mouse drags a point, also beyond the end, and the sliders follow', async () => {
    await run('drags');
    const area = await page.locator('#drags .nsewdrag').boundingBox();
    if (!area) throw new Error('no figure');
    const to = (x: number, y: number, steps = 1): Promise<void> =>
      page.mouse.move(area.x + area.width * x, area.y + area.height * (1 - y), { steps });
    await to(0.5, 0.5);
    await page.mouse.down();
    await to(0.75, 0.25, 10);
    await title('0.5, 0.5', 'drags');
    await to(0.75, -0.2, 5);
    await title('0.5, 0.0', 'drags');
    await page.mouse.up();
    await to(0.25, 0.5);
    expect(await page.locator('#drags .live-explore output').allInnerTexts()).toEqual(['0.5', '0']);
    await title('0.5, 0.0', 'drags');
    expect(problems).toEqual([]);
  });

  it('waits for a cell that runs', async () => {
    await run('moves');
    await page.getByRole('button', { name: 'Run the cell waits' }).click();
    await control('size').fill('5');
    await title('5, 0.1');
    expect(await page.locator('#waits .live-status').innerText()).toMatch(/^done/);
  });

  it('where the worker is gone the controls rest, and Run brings them back', async () => {
    await run('moves');
    await page.getByRole('button', { name: 'Run the cell endless' }).click();
    await page.getByRole('button', { name: 'Stop the cell endless' }).click();
    await page.locator('#moves fieldset:disabled').waitFor();
    expect(await says('moves')).toBe('Press Run to use it again.');
    await run('moves');
    await control('size').fill('4');
    await title('4, 0.1');
  });

  it('Reset shows the printed picture', async () => {
    await run('moves');
    await page.getByRole('button', { name: 'Reset the cell moves' }).click();
    expect(await page.locator('.live-explore').count()).toBe(0);
    expect(await page.locator('#moves figcaption').innerText()).toContain('(size 2');
  });

  it('on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await run('moves');
    await page.locator('#moves .live-explore').scrollIntoViewIfNeeded();
    await page.screenshot({ path: path.join(pictures, 'narrow.png') });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  it('prints how long a figure of 1,000 points takes', async () => {
    await run('moves');
    const times = await control('size').evaluate(async (range: HTMLInputElement) => {
      const taken: number[] = [];
      for (let turn = 0; turn < 20; turn++) {
        const begun = performance.now();
        range.value = String(1 + (turn % 9));
        range.dispatchEvent(new Event('input'));
        const wanted = `${range.value}, `;
        while (!document.querySelector('#moves .gtitle')?.textContent?.startsWith(wanted))
          await new Promise((resolve) => requestAnimationFrame(resolve));
        taken.push(performance.now() - begun);
      }
      return taken.sort((a, b) => a - b);
    });
    process.stdout.write(`page: 1,000 points redrawn in ${times[10].toFixed(0)} ms (median of 20)\n`);
  });
});
