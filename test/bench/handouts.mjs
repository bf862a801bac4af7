// How fast the handouts are: npm run bench:handouts. First contentful paint and load in headless Chromium (median of
// five), compressed size before figures are asked for, time to make all pages from executed notebooks.
import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { inRoot } from '../../src/setup/paths.mjs';

const require = createRequire(import.meta.url);
const { buildSite } = require(inRoot('src', 'dist', 'tools', 'book', 'site', 'build.js'));
const { findChromium, launch } = require(inRoot('src', 'dist', 'tools', 'book', 'site', 'chromium.js'));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const executed = readdirSync(inRoot('build', 'executed'))
  .filter((name) => name.endsWith('.ipynb'))
  .sort()
  .map((name) => inRoot('build', 'executed', name));
const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-handouts-'));
const aside = ['fragments', 'pdf'].map((name) => inRoot('build', name));
const timed = async (pdf) => {
  const start = performance.now();
  await buildSite(executed, { folder: path.join(folder, 'site'), pdf });
  return ((performance.now() - start) / 1000 / executed.length).toFixed(2);
};
for (const place of aside) if (existsSync(place)) renameSync(place, `${place}.aside`);
try {
  console.log(
    `${executed.length} chapters; seconds a chapter: all pages anew ${await timed(false)}, nothing changed ${await timed(false)}, PDFs anew ${await timed(true)}`,
  );
} finally {
  for (const place of aside) {
    rmSync(place, { recursive: true, force: true });
    if (existsSync(`${place}.aside`)) renameSync(`${place}.aside`, place);
  }
}

const browser = await launch(findChromium());
for (const name of readdirSync(path.join(folder, 'site')).filter((file) => file.endsWith('.html'))) {
  const [paints, loads] = [[], []];
  let bytes = 0;
  for (let round = 0; round < 5; round++) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const asked = new Set();
    page.on('request', (request) => asked.add(request.url()));
    await page.goto(pathToFileURL(path.join(folder, 'site', name)).href, { waitUntil: 'load' });
    const { paint, load } = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
      load: performance.getEntriesByType('navigation')[0].loadEventEnd,
    }));
    paints.push(paint);
    loads.push(load);
    bytes = [...asked]
      .filter((url) => url.startsWith('file:') && !/plotly|assets\/figures/.test(url))
      .reduce((sum, url) => sum + gzipSync(readFileSync(new URL(url))).length, 0);
    await page.close();
  }
  console.log(
    `${name.padEnd(40)} first paint ${median(paints).toFixed(0).padStart(4)} ms   load ${median(loads).toFixed(0).padStart(4)} ms   ${(bytes / 1000).toFixed(0).padStart(4)} kB compressed`,
  );
}
await browser.close();
rmSync(folder, { recursive: true });
