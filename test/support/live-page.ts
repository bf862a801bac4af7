import type { Page } from 'playwright-core';

/** What a cell of a page says when it is done, whatever became of it. */
export async function statusWhenEnded(page: Page, cell: string): Promise<string> {
  await page.waitForFunction((id) => {
    const text = document.querySelector(`#${id} .live-status`)?.textContent ?? '';
    return text !== '' && !text.endsWith('…');
  }, cell);
  return page.locator(`#${cell} .live-status`).innerText();
}
