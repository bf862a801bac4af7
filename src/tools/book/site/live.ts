import { existsSync } from 'node:fs';
import path from 'node:path';
import { escapeHtml } from '../../../parts/display';
import { buildScripts, chapterScript, compileChapter, isNotebookOnly, isRunnable, type LiveChapter } from '../../live';
import { readNotebook } from '../../notebook';
import { inRoot } from '../../paths';
import type { ExercisePage } from './exercises';
import type { Output } from './files';
import type { Page } from './page';

const FOLDER = path.join('assets', 'live');

/** A page, and what compiles its cells; it answers undefined where their notebook is not at hand. */
export interface LivePage {
  readonly page: Page;
  readonly compile: () => LiveChapter | undefined;
}

export const liveChapter = (page: Page, notebooks: string): LivePage => ({
  page,
  compile: () => {
    const file = path.join(notebooks, `${page.name}.ipynb`);
    return existsSync(file) ? compileChapter(readNotebook(file)) : undefined;
  },
});

/** A page of exercises also has its notebook, to give it out with what its reader wrote. */
export const liveExercises = ({ page, chapter, content, file, text }: ExercisePage): LivePage => ({
  page,
  compile: () => ({
    ...compileChapter({ name: page.name, file, content }),
    notebook: { file: `${chapter}.ipynb`, text },
  }),
});

/**
 * Writes what lets cells run in their pages, and notes in the pages which can't and why. Without scripts a page is as it
 * was. Answers with the names of the chapters that have cells to run.
 */
export async function writeLive(output: Output, pages: readonly LivePage[]): Promise<ReadonlySet<string>> {
  const live = new Set<string>();
  for (const { page, compile } of pages) {
    const { name, nodeOnly, $ } = page;
    if (nodeOnly !== undefined)
      $('h1')
        .first()
        .after(`<p class="facts">The code of this chapter runs in the notebook alone: ${escapeHtml(nodeOnly)}.</p>`);
    const chapter = nodeOnly === undefined ? compile() : undefined;
    if (!chapter) continue;
    for (const cell of chapter.cells)
      if (isNotebookOnly(cell)) $(`section[id="${cell.id}"]`).attr('data-not-live', cell.reason);
    for (const { id, hasOwnTimes } of chapter.texts)
      if (hasOwnTimes) $(`section[id="${id}"]`).attr('data-own-times', '');
    if (!chapter.cells.some(isRunnable)) continue;
    output.write(path.join(FOLDER, 'cells', `${name}.js`), chapterScript(chapter));
    live.add(name);
  }
  if (live.size === 0) return live;
  for (const [name, text] of await buildScripts()) output.write(path.join(FOLDER, name), text);
  output.copy(inRoot('src', 'tools', 'live', 'browser', 'live.css'), path.join(FOLDER, 'live.css'));
  return live;
}
