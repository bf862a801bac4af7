import type { Page } from 'playwright-core';

/** Nothing in a page takes so long; a slow machine is not a fault of the page. */
export const HANGS_AFTER = 300_000;

/** What a cell of a page says when it is done, whatever became of it. */
export async function statusWhenEnded(page: Page, cell: string): Promise<string> {
  await page.waitForFunction(
    (id) => {
      const text = document.querySelector(`#${id} .live-status`)?.textContent ?? '';
      return text !== '' && !text.endsWith('…');
    },
    cell,
    { timeout: HANGS_AFTER },
  );
  return page.locator(`#${cell} .live-status`).innerText();
}

/** What a reader does with the cells of a page. */
export interface LiveCells {
  readonly press: (cell: string, name: string) => Promise<void>;
  /** Writes a text in the place of a cell's code. */
  readonly write: (cell: string, text: string) => Promise<void>;
  /** Runs a cell; returns what it says when it is done. */
  readonly run: (cell: string) => Promise<string>;
}

export function liveCells(page: Page): LiveCells {
  const press = (cell: string, name: string): Promise<void> =>
    page
      .locator(`#${cell}`)
      .getByRole('button', { name: `${name} the cell ${cell}` })
      .click();
  return {
    press,
    async write(cell, text) {
      const editor = page.locator(`#${cell} .cm-content`);
      if ((await editor.count()) === 0) await press(cell, 'Edit');
      await editor.click();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
    },
    async run(cell) {
      await press(cell, 'Run');
      return statusWhenEnded(page, cell);
    },
  };
}
