import { addressOf, type ExercisePage } from './exercises';
import type { Page } from './page';

/** What a chapter offers to take away, and its exercises. */
export function downloadsHtml({ name }: Page, hasPdf: boolean, exercises?: ExercisePage): string {
  const exerciseLine = exercises
    ? `<p class="downloads"><a href="${exercises.name}.html">Exercises of this chapter</a></p>`
    : '';
  const [start] = name.split('-', 1);
  return `${exerciseLine}<p class="downloads">Open this chapter in JupyterLab, where the course is set up: <code>./layerwise lab --chapter ${start}</code></p><p class="downloads">Take it with you: <a href="downloads/${name}.ipynb" download>notebook</a>, <a href="downloads/${name}.html" download>page in one file</a>${hasPdf ? `, <a href="downloads/${name}.pdf" download>PDF</a>` : ''}${exercises ? `, <a href="downloads/${addressOf(name)}" download>exercises</a>` : ''}</p>`;
}

export const exerciseDownloadHtml = ({ name }: Page): string =>
  `<p class="downloads">Take it with you: <a href="downloads/${addressOf(name)}" download>exercises as a notebook</a></p>`;

export const pagerHtml = (before?: Page, after?: Page): string =>
  `<nav class="pager" aria-label="Chapters before and after">${before ? `<a rel="prev" href="${before.name}.html">← ${before.title}</a>` : '<span></span>'}${after ? `<a rel="next" href="${after.name}.html">${after.title} →</a>` : '<span></span>'}</nav>`;
