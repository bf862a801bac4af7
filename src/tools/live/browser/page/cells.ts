import { isRunnable, type LiveCell, type LiveChapter, type RunnableCell } from '../../chapter';
import { planFor } from '../../plan';
import type { Revised } from '../../workshop';
import type { FromWorkshop, ToWorkshop } from '../messages';
import type { SiteScripts } from './site-scripts';

/** The cells of the page as they stand, by the compiler where a reader has changed them. */
export class Cells {
  private chapter: LiveChapter | undefined;
  private workshop: Worker | undefined;
  private answered: ((message: FromWorkshop) => void) | undefined;
  private now: readonly RunnableCell[] = [];

  constructor(
    private readonly name: string,
    private readonly scripts: SiteScripts,
  ) {}

  /** As they stand. */
  get runnable(): readonly RunnableCell[] {
    return this.now;
  }

  /**
   * The cells with what readers wrote, and what the compiler says of the one that is about to run.
   *
   * @param onCheck told before the compiler is asked, which takes a second or two at first.
   * @throws Error where a script of the site is missing.
   */
  async revised(changed: ReadonlyMap<string, string>, asked: string, onCheck: () => void): Promise<Revised> {
    this.chapter ??= await this.scripts.chapterNamed(this.name);
    const printed = this.chapter.cells.find(({ id }) => id === asked);
    const isPrinted = changed.size === 0 && printed !== undefined && isRunnable(printed);
    if (!isPrinted) onCheck();
    const revised = isPrinted ? { cells: this.chapter.cells } : await this.revise(changed, asked);
    this.now = runnableOf(revised.cells).map((cell) => this.now.find((known) => isSame(known, cell)) ?? cell);
    return revised;
  }

  /** The cells that a cell builds on, as printed and as they stand. */
  behind(id: string): ReadonlySet<string> {
    const among = (cells: readonly RunnableCell[]): string[] => {
      const cell = cells.find((one) => one.id === id);
      return cell ? planFor(cell, cells, []).map((one) => one.id) : [];
    };
    return new Set([...among(runnableOf(this.chapter?.cells ?? [])), ...among(this.now)]);
  }

  private async revise(changed: ReadonlyMap<string, string>, asked: string): Promise<Revised> {
    const workshop = (this.workshop ??= await this.open());
    const answer = await new Promise<FromWorkshop>((resolve, reject) => {
      this.answered = resolve;
      workshop.onerror = ({ message }) => {
        workshop.terminate();
        this.workshop = undefined;
        reject(new Error(`the compiler can't run here: ${message}`));
      };
      send(workshop, { kind: 'revise', changed: [...changed], asked });
    });
    if (answer.kind === 'broken') throw new Error(`the compiler failed: ${answer.problem}`);
    return answer.revised;
  }

  private async open(): Promise<Worker> {
    const text = await this.scripts.packText('workshop');
    const workshop = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
    workshop.onmessage = ({ data }: MessageEvent<FromWorkshop>) => this.answered?.(data);
    send(workshop, { kind: 'chapter', texts: this.chapter?.texts ?? [] });
    return workshop;
  }
}

const send = (workshop: Worker, message: ToWorkshop): void => workshop.postMessage(message);

const runnableOf = (cells: readonly LiveCell[]): RunnableCell[] => cells.filter(isRunnable);

/** What has run is known by itself: a cell that was compiled anew to the same is the same. */
const isSame = (one: RunnableCell, other: RunnableCell): boolean => JSON.stringify(one) === JSON.stringify(other);
