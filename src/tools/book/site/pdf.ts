import { renameSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { escapeHtml } from '../../../parts/display';

const EDGE = 'font:8pt system-ui,sans-serif;color:#555;width:100%;padding:0 15mm';

/** Prints a file as a tagged PDF with an outline, page numbers and working links. */
export async function printPdf(browser: Browser, html: string, target: string, title: string): Promise<void> {
  const page = await browser.newPage();
  try {
    await page.goto(pathToFileURL(html).href, { waitUntil: 'load' });
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    // A page with figures draws pictures of them first.
    await page.evaluate('globalThis.readyForPaper');
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    await page.pdf({
      path: `${target}.part`,
      format: 'A4',
      tagged: true,
      outline: true,
      printBackground: true,
      margin: { top: '18mm', bottom: '18mm', left: '15mm', right: '15mm' },
      displayHeaderFooter: true,
      headerTemplate: `<div style="${EDGE}">${escapeHtml(title)}</div>`,
      footerTemplate: `<div style="${EDGE};text-align:center"><span class="pageNumber"></span> / <span class="totalPages"></span></div>`,
    });
    renameSync(`${target}.part`, target);
  } finally {
    await page.close();
  }
}
