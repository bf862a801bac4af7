import { existsSync } from 'node:fs';
import path from 'node:path';
import { escapeHtml } from '../../../parts/display';
import { buildScripts, chapterScript, compileChapter, isNotebookOnly, isRunnable } from '../../live';
import { readNotebook } from '../../notebook';
import { inRoot } from '../../paths';
import type { Output } from './files';
import type { Page } from './page';

const FOLDER = path.join('assets', 'live');

/**
 * Writes what lets cells run in their pages, and notes in the pages which can't and why. Without scripts a page is as it
 * was. Answers with the names of the chapters that have cells to run.
 */
export async function writeLive(
  output: Output,
  pages: readonly Page[],
  notebooks: string,
): Promise<ReadonlySet<string>> {
  const live = new Set<string>();
  for (const { name, nodeOnly, $ } of pages) {
    const file = path.join(notebooks, `${name}.ipynb`);
    if (nodeOnly !== undefined)
      $('h1')
        .first()
        .after(`<p class="facts">The code of this chapter runs in the notebook alone: ${escapeHtml(nodeOnly)}.</p>`);
    if (nodeOnly !== undefined || !existsSync(file)) continue;
    const chapter = compileChapter(readNotebook(file));
    for (const cell of chapter.cells)
      if (isNotebookOnly(cell)) $(`section[id="${cell.id}"]`).attr('data-not-live', cell.reason);
    if (!chapter.cells.some(isRunnable)) continue;
    output.write(path.join(FOLDER, 'cells', `${name}.js`), chapterScript(chapter));
    live.add(name);
  }
  if (live.size === 0) return live;
  for (const [name, text] of await buildScripts()) output.write(path.join(FOLDER, name), text);
  output.copy(inRoot('src', 'tools', 'live', 'browser', 'live.css'), path.join(FOLDER, 'live.css'));
  return live;
}
