// Prints an HTML file as a PDF: a process of its own, for those that aren't Node.
import path from 'node:path';
import { findChromium, launch } from './chromium';
import { printPdf } from './pdf';

async function main(html: string, target: string, title: string): Promise<void> {
  const chromium = findChromium();
  if (chromium === undefined)
    throw new Error(
      'a PDF needs Chromium, which was not found. Install it (on Debian or Ubuntu: apt-get install chromium), name it in LAYERWISE_CHROMIUM, or export HTML and print that in your browser.',
    );
  const browser = await launch(chromium);
  try {
    await printPdf(browser, path.resolve(html), path.resolve(target), title);
  } finally {
    await browser.close();
  }
}

const [html, target, title = ''] = process.argv.slice(2);
if (html === undefined || target === undefined) {
  console.error('usage: node print-page.js PAGE.html TARGET.pdf [TITLE]');
  process.exitCode = 1;
} else
  main(html, target, title).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
