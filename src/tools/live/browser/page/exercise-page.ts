// A script of its own, which pages of exercises load before the other.
import type { LiveChapter } from '../../chapter';
import { button } from './button';
import type { CellView } from './cell-view';
import { Drafts } from './drafts';
import { download, filledIn } from './export';
import { writtenAnswers, type WrittenAnswer } from './written-answers';

declare global {
  interface Window {
    /** There on pages of exercises. */
    layerwiseExercises?: typeof ExercisePage;
  }
}

/** What a page of exercises has beside a chapter's: it keeps what readers write, and gives it out to be handed in. */
class ExercisePage {
  private readonly name: string;
  private readonly drafts: Drafts;
  private readonly words: readonly WrittenAnswer[];

  /**
   * @param codeOf what readers wrote in code cells.
   * @param chapterNamed loads the cells of a page, with its notebook.
   */
  constructor(
    article: HTMLElement,
    private readonly codeOf: () => ReadonlyMap<string, string>,
    private readonly chapterNamed: (name: string) => Promise<LiveChapter>,
  ) {
    this.name = article.dataset.chapter ?? '';
    this.drafts = new Drafts(this.name);
    this.words = writtenAnswers(article, (id, text) => this.keep(id, text));
  }

  /** Keeps what a cell holds, or forgets it; answers with what is wrong, where that can't be. */
  keep(id: string, text: string | undefined): string | undefined {
    return this.drafts.keep(id, text);
  }

  /** Shows what was written here before. */
  recall(views: ReadonlyMap<string, CellView>): void {
    for (const [id, text] of this.drafts.read()) {
      const view = views.get(id);
      if (!view?.isCheck) view?.recall(text);
      const field = this.words.find((one) => one.id === id)?.field;
      if (field) field.value = text;
    }
  }

  /**
   * The buttons of the page.
   *
   * @param say tells what became of a press.
   */
  buttons(onCheckAll: () => void, say: (text: string) => void): HTMLElement[] {
    const checkAll = button('Check all', 'Check all exercises of this page');
    const save = button('Export as notebook', 'Export as notebook what you wrote, to hand in');
    checkAll.addEventListener('click', onCheckAll);
    save.addEventListener('click', () => {
      void this.export().then(
        (file) => say(`saved as ${file}`),
        (error: unknown) => say(error instanceof Error ? error.message : String(error)),
      );
    });
    return [checkAll, save];
  }

  private async export(): Promise<string> {
    const { notebook } = await this.chapterNamed(this.name);
    if (!notebook) throw new Error('this page has no notebook: make the handouts again');
    const words = new Map(
      this.words.map(({ id, stub, field }): [string, readonly [string, string]] => [id, [stub, field.value.trim()]]),
    );
    download(notebook.file, filledIn(notebook, this.codeOf(), words));
    return notebook.file;
  }
}

export type { ExercisePage };

window.layerwiseExercises = ExercisePage;
