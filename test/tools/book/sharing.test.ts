// Cells that readers share: as a link where the pages are served, as a text where they are files. Real Chromium.
import { createServer, type Server } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../../../src/tools/book/site/build';
import { seriousOn } from '../../support/axe';
import { chromiumPath, launchChromium } from '../../support/chromium';
import { statusWhenEnded } from '../../support/live-page';
import { makeNotebook } from '../../support/make-notebook';
import { root } from '../../support/root';

const NAME = '94-shared';
const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-shared-'));
const site = path.join(folder, 'site');
const SOURCE = 'const rate = 0.1;\nconst steps = 3;\nconsole.log(rate * steps);';
const HOSTILE = [
  '<img src="x" alt="" onerror="document.title = 1">',
  '<img src="data:image/png;base64,iVBORw0KGgo=" alt="kept">',
  '<audio controls aria-label="kept" src="data:audio/wav;base64,UklGRg=="></audio><audio src="https://example.org/a.wav"></audio>',
  '<a href="javascript:document.title = 2">a</a><a href="https://example.org/">b</a>',
  '<form action="https://example.org/"><input name="password"></form><iframe src="x"></iframe>',
  '<p style="position: fixed; inset: 0; color: red" id="up" data-x="1" onclick="document.title = 3">c</p>',
  '<svg viewBox="0 0 1 1"><script>document.title = 4</script><rect width="1" height="1" onload="document.title = 5"/></svg>',
  '<style>body { display: none }</style><script>document.title = 6</script><table><tr><td>1</td></tr></table>',
].join('');

let server: Server;
let address: string;
beforeAll(async () => {
  const file = makeNotebook(folder, NAME, [
    { id: 'title', markdown: '# 94 Shared' },
    { id: 'product', code: SOURCE },
    { id: 'html', code: `import { showHtml } from 'layerwise/display';\nshowHtml(${JSON.stringify(HOSTILE)});` },
    { id: 'next', code: 'console.log(steps);' },
  ]);
  await buildSite([file], { folder: site, notebooks: folder, pdf: false });
  server = createServer(({ url = '/' }, response) => {
    const wanted = path.join(site, path.normalize(new URL(url, 'http://localhost').pathname));
    if (!existsSync(wanted)) return void response.writeHead(404).end();
    const types: Readonly<Record<string, string>> = {
      '.html': 'text/html',
      '.js': 'text/javascript',
      '.css': 'text/css',
    };
    response.writeHead(200, { 'content-type': types[path.extname(wanted)] ?? 'application/octet-stream' });
    response.end(readFileSync(wanted));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${NAME}.html`;
}, 120_000);
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
  for (const ending of ['.html', '.html.made-from'])
    rmSync(path.join(root, 'build', 'fragments', NAME + ending), { force: true });
});

const fileAddress = pathToFileURL(path.join(site, `${NAME}.html`)).href;
/** A link to a cell, made without the page's own code. */
const linkTo = (page: string, cell: string, text: string): string =>
  `#shared=${deflateRawSync(JSON.stringify([page, cell, text])).toString('base64url')}`;

describe.skipIf(!chromiumPath)('a shared cell', () => {
  let browser: Browser;
  let context: BrowserContext | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    await context?.close();
  });

  async function open(url: string): Promise<Page> {
    await context?.close();
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }
  const statusOf = (page: Page, cell: string): Promise<string> => page.locator(`#${cell} .live-status`).innerText();
  const top = (page: Page): Promise<string> => page.locator('.live-page-bar .live-status').innerText();
  async function change(page: Page, from: string, to: string): Promise<void> {
    await page.getByRole('button', { name: 'Edit the cell product' }).click();
    const editor = page.locator('#product .cm-content');
    await editor.waitFor();
    const text = (await editor.innerText()).replace(from, to);
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  }
  async function given(page: Page): Promise<string> {
    await page.getByRole('button', { name: 'Share your code of the cell product' }).click();
    return page.locator('#product .live-share textarea').inputValue();
  }
  const difference = (page: Page): Promise<string[]> => page.locator('.live-difference > *').allInnerTexts();

  it('can be given out once it is changed', async () => {
    const page = await open(fileAddress);
    const share = page.getByRole('button', { name: 'Share your code of the cell product' });
    expect(await share.isVisible()).toBe(false);
    await change(page, '0.1', '0.2');
    expect(await share.isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Reset the cell product' }).click();
    expect(await share.isVisible()).toBe(false);
  });

  it('is a link where the pages are served: it opens with what was changed, and runs when it is asked to', async () => {
    const page = await open(address);
    await change(page, 'rate = 0.1', 'rate = 2');
    const link = await given(page);
    expect(link.startsWith(`${address}#shared=`)).toBe(true);
    await page.waitForFunction(() => document.querySelector('#product .live-status')?.textContent === 'copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link);
    const other = await open(link);
    await other.locator('.live-difference').waitFor();
    expect(await difference(other)).toEqual([
      '− const rate = 0.1;\n',
      '+ const rate = 2;\n',
      '  const steps = 3;\n',
      '  console.log(rate * steps);\n',
    ]);
    expect(await statusOf(other, 'product')).toBe('shared with you; nothing of it has run');
    expect(await other.evaluate("performance.getEntriesByName('runtime.js').length")).toBe(0);
    expect(await seriousOn(other)).toEqual([]);
    await other.getByRole('button', { name: 'Run the cell product' }).click();
    expect(await statusWhenEnded(other, 'product')).toMatch(/^done/);
    expect(await other.locator('#product .output').innerText()).toBe('6\n');
    await other.getByRole('button', { name: 'Reset the cell product' }).click();
    expect(await other.locator('#product .source').innerText()).toContain('rate = 0.1');
  });

  it('is a text where they are files, which Open shared cell takes', async () => {
    const page = await open(fileAddress);
    await change(page, 'steps = 3', 'steps = 7');
    const text = await given(page);
    expect(text.startsWith(`${NAME}.html#shared=`)).toBe(true);
    const other = await open(fileAddress);
    await other.getByRole('button', { name: /^Open shared cell/ }).click();
    await other.locator('.live-share textarea').fill(` ${text.slice(0, 40)}\n${text.slice(40)} `);
    await other.getByRole('button', { name: 'Open the shared cell' }).click();
    await other.locator('.live-difference').waitFor();
    await other.getByRole('button', { name: 'Run the cell next' }).click();
    expect(await statusWhenEnded(other, 'next')).toMatch(/^done/);
    expect(await other.locator('#next .output').innerText()).toBe('7\n');
  });

  it.each<[string, string, RegExp]>([
    ['another page', linkTo('03-gradient-descent', 'product', 'x'), /belongs to the page 03-gradient-descent/],
    ['no such cell', linkTo(NAME, 'nowhere', 'x'), /this page has no cell nowhere/],
    ['cut', linkTo(NAME, 'product', 'const x = 1;').slice(0, -6), /damaged/],
    ['no JSON', `#shared=${deflateRawSync('rubbish').toString('base64url')}`, /damaged/],
    ['another form', `#shared=${deflateRawSync('{"a":1}').toString('base64url')}`, /damaged/],
    ['a text that unpacks to a very long one', linkTo(NAME, 'product', ' '.repeat(5_000_000)), /damaged/],
  ])('that is wrong says so: %s', async (_, fragment, words) => {
    const page = await open(fileAddress + fragment);
    await page.locator('.live-page-bar .live-status').filter({ hasText: words }).waitFor();
    expect(await page.locator('.live-difference').count()).toBe(0);
  });

  it('that is too long says so', async () => {
    const page = await open(fileAddress);
    const noise = Array.from({ length: 1500 }, (_, i) => Math.imul(i + 1, 2654435761).toString(36)).join(' ');
    await change(page, SOURCE, `// ${noise}`);
    await page.getByRole('button', { name: 'Share your code of the cell product' }).click();
    await page.waitForFunction(() =>
      document.querySelector('#product .live-status')?.textContent?.startsWith('too long'),
    );
    expect(await statusOf(page, 'product')).toMatch(/^too long to share: \d+\.\d kB, where 8 are the most/);
  });

  it('asks before it takes the place of what the reader wrote', async () => {
    const page = await open(fileAddress);
    await change(page, '0.1', '0.5');
    page.on('dialog', (dialog) => void dialog.dismiss());
    await page.evaluate(`location.hash = ${JSON.stringify(linkTo(NAME, 'product', 'const rate = 9;'))}`);
    await page.waitForFunction(() => location.hash.startsWith('#shared'));
    await page.getByRole('button', { name: 'Share your code of the cell product' }).click();
    expect(await page.locator('#product .cm-content').innerText()).toContain('0.5');
    expect(await top(page)).toBe('');
  });

  it('shows nothing that could act', async () => {
    const page = await open(fileAddress);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('button', { name: 'Run the cell html' }).click();
    expect(await statusWhenEnded(page, 'html')).toMatch(/^done/);
    const shown = page.locator('#html .output');
    expect(
      await shown.locator('form, input, iframe, script, style, [onerror], [onclick], [onload], [id], [data-x]').count(),
    ).toBe(0);
    expect(await shown.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
      null,
      'https://example.org/',
    ]);
    expect(await shown.locator('p').evaluate((element) => [element.style.position, element.style.color])).toEqual([
      '',
      'red',
    ]);
    expect(
      await shown.locator('img').evaluateAll((images) => images.map((image) => image.hasAttribute('src'))),
    ).toEqual([false, true]);
    expect(await shown.locator('audio').evaluateAll((all) => all.map((one) => one.getAttribute('src')))).toEqual([
      'data:audio/wav;base64,UklGRg==',
      null,
    ]);
    expect(await shown.locator('audio').first().getAttribute('aria-label')).toBe('kept');
    expect(await shown.locator('svg').getAttribute('viewBox')).toBe('0 0 1 1');
    expect(await shown.locator('td').innerText()).toBe('1');
    expect(await page.title()).toBe('94 Shared · Layerwise');
    expect(asked.filter((url) => !/^(?:file|blob|data):/.test(url))).toEqual([]);
  });
});
