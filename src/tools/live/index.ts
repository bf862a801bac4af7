// What lets the pages of chapters run their cells: compiled cells, and the scripts that run them.
export { isNotebookOnly, isRunnable, type HandIn, type LiveCell, type LiveChapter } from './chapter';
export { compileChapter } from './compile';
export { buildScripts, chapterScript } from './packs';
