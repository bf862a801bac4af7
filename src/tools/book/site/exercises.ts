import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { escapeHtml } from '../../../parts/display';
import { exerciseSets } from '../../../parts/grading/exercise-sets';
import { CHECK_CELL } from '../../assignments/assignment';
import { CHECKED } from '../../assignments/release/solutions';
import { studentVersion, WRITTEN_STUB } from '../../assignments/release/student-notebook';
import { hasTag, notebookText, type NotebookContent } from '../../notebook';
import { inRoot } from '../../paths';
import type { Page, Problem } from './page';

/** The exercises of a chapter as students get them: without answers. */
export interface StudentExercises {
  /** The chapter's notebook, such as `06-first-network`. */
  readonly chapter: string;
  /** The name of their page, such as `06-exercises`. */
  readonly name: string;
  readonly content: NotebookContent;
  readonly text: string;
  /** Where they lie as a notebook, to be converted. */
  readonly file: string;
}

/** Their page. */
export interface ExercisePage extends StudentExercises {
  readonly page: Page;
}

const folder = inRoot('build', 'student');

/** The address of the exercises in notebooks. */
export const addressOf = (chapter: string): string => `exercises/${chapter}.ipynb`;

/** The exercises of these chapters; those whose answers can't be cut are not given. */
export function studentExercises(chapters: readonly string[], notebooks: string, uncut: Problem[]): StudentExercises[] {
  mkdirSync(folder, { recursive: true });
  return chapters.flatMap((chapter) => {
    const source = path.join(notebooks, addressOf(chapter));
    if (!existsSync(source)) return [];
    try {
      const content = studentVersion(source);
      const name = `${/^[A-Z]?\d+/.exec(chapter)?.[0] ?? chapter}-exercises`;
      const [text, file] = [notebookText(content), path.join(folder, `${name}.ipynb`)];
      writeFileSync(file, text);
      return [{ chapter, name, content, text, file }];
    } catch (error) {
      uncut.push({
        notebook: chapter,
        cell: 'exercises',
        message: `the exercises are not given, because their answers can't be cut: ${error instanceof Error ? error.message : String(error)}`,
      });
      return [];
    }
  });
}

/** Makes a page one of exercises: its scripts find in it which cells check what, and where to answer in words. */
export function asExercises(page: Page, { chapter, content }: StudentExercises, chapterTitle: string): Page {
  const { $ } = page;
  const exercises = exerciseSets().find(({ notebook }) => notebook === chapter)?.exercises ?? [];
  for (const cell of content.cells) {
    const section = $(`section[id="${cell.id}"]`);
    const name = CHECK_CELL.test(cell.id) ? CHECKED.exec(cell.source)?.[1] : undefined;
    const hints = exercises.find((exercise) => exercise.name === name)?.hints.length ?? 0;
    if (name !== undefined) section.attr('data-checks', name).attr('data-hints', String(hints));
    if (hasTag(cell, 'written')) section.attr('data-written', WRITTEN_STUB);
  }
  $('h1')
    .first()
    .after(`<p class="facts">Exercises of <a href="${chapter}.ipynb">${escapeHtml(chapterTitle)}</a>.</p>`);
  // Mentions of a chapter by its number lead to the chapter.
  return { ...page, number: '' };
}
