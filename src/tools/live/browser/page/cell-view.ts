import { button } from './button';
import type { CellEditor, MakeEditor } from './site-scripts';

/** What is asked of the page by a cell's buttons and editor. */
export interface CellEvents {
  readonly onRun: (id: string) => void;
  readonly onReset: (id: string) => void;
  readonly makeEditor: () => Promise<MakeEditor>;
  readonly onShare: (id: string) => void;
  /** Told what a reader wrote; undefined: what was printed. */
  readonly onChange?: (id: string, text: string | undefined) => void;
}

/** A code cell of the page, with what is added to it. */
export class CellView {
  readonly id: string;
  readonly reset: HTMLButtonElement;
  readonly printed: string;
  private readonly run: HTMLButtonElement;
  private readonly edit: HTMLButtonElement;
  private readonly hint: HTMLButtonElement;
  private readonly status = document.createElement('span');
  private readonly share: HTMLButtonElement;
  private shownHints = 0;
  private editor: CellEditor | undefined;
  private place: HTMLElement | undefined;
  private written: string | undefined;
  private isOpening = false;

  constructor(
    readonly section: HTMLElement,
    private readonly source: HTMLElement,
    bar: HTMLElement,
    /** Where it shows what it prints. */
    readonly outputs: HTMLElement,
    private readonly events: CellEvents,
  ) {
    this.id = section.id;
    this.printed = (source.querySelector('pre')?.textContent ?? '').replace(/\n$/, '');
    this.run = button('Run', `Run the cell ${this.id}`);
    this.edit = button('Edit', `Edit the cell ${this.id}`);
    this.reset = button('Reset', `Reset the cell ${this.id} to what was printed`);
    this.share = button('Share', `Share your code of the cell ${this.id}`);
    this.reset.hidden = this.share.hidden = true;
    this.status.className = 'live-status';
    this.status.setAttribute('role', 'status');
    const { checks, hints = 0 } = section.dataset;
    this.hint = button('Hint', '');
    this.showHints(0);
    // A cell that checks is handed in as it was given out.
    const buttons = checks === undefined ? [this.edit] : Number(hints) > 0 ? [this.hint] : [];
    bar.append(this.run, ...buttons, this.reset, this.share, ...ownTimes(section), this.status);
    this.run.addEventListener('click', () => events.onRun(this.id));
    this.edit.addEventListener('click', () => void this.openEditor());
    this.hint.addEventListener('click', () => {
      if (this.section.classList.contains('live-running')) return;
      this.showHints(Math.min(this.shownHints + 1, Number(hints)));
      events.onRun(this.id);
    });
    this.share.addEventListener('click', () => events.onShare(this.id));
    this.reset.addEventListener('click', () => {
      if (!this.mayForget()) return;
      events.onReset(this.id);
      this.run.focus();
    });
  }

  /** What the reader wrote; undefined where it is what was printed. */
  get text(): string | undefined {
    return this.written === this.printed ? undefined : this.written;
  }

  /** Whether it checks an exercise. */
  get isCheck(): boolean {
    return this.section.dataset.checks !== undefined;
  }

  /** So many hints are to be shown by a cell that checks. */
  get hints(): number {
    return this.shownHints;
  }

  /** Shows what the reader wrote when the page was open before; it runs when it is asked to. */
  recall(text: string): void {
    if (text === this.printed) return;
    const code = document.createElement('pre');
    code.tabIndex = 0;
    code.textContent = text;
    this.putText(text, code);
    this.say('your code, as you left it');
  }

  /** Shows what somebody else wrote; it runs when it is asked to. */
  showShared(text: string, difference: HTMLElement): void {
    this.restore();
    this.putText(text, difference);
    this.say('shared with you; nothing of it has run');
  }

  private putText(text: string, shown: HTMLElement): void {
    this.written = text;
    this.place = this.putPlace();
    this.place.append(shown);
    this.reset.hidden = this.share.hidden = false;
  }

  /** Tells, also those who hear the page, how far the cell is. */
  say(text: string): void {
    this.status.textContent = text;
  }

  /** Whether it runs: its button then stops it. */
  setRunning(isRunning: boolean): void {
    this.section.classList.toggle('live-running', isRunning);
    this.run.textContent = isRunning ? 'Stop' : 'Run';
    this.run.setAttribute('aria-label', `${isRunning ? 'Stop' : 'Run'} the cell ${this.id}`);
  }

  /** Marks what it shows as older than a cell that it builds on. */
  setStale(changed: string | undefined): void {
    const isStale = this.section.classList.toggle('live-stale', changed !== undefined);
    const { textContent: said } = this.status;
    if (changed !== undefined && (said === '' || said.startsWith('done')))
      this.say(`its output is from before ${changed} changed`);
    else if (!isStale && said.startsWith('its output is from before')) this.say('');
  }

  /** Marks a line in the editor, if it is open. */
  mark(line: number | undefined): void {
    this.editor?.mark(line);
  }

  /** Shows again the code that was printed. */
  restore(): void {
    this.editor?.close();
    this.place?.remove();
    [this.editor, this.place, this.written] = [undefined, undefined, undefined];
    this.isOpening = false;
    this.source.hidden = false;
    this.reset.hidden = this.share.hidden = true;
    this.edit.disabled = false;
    this.showHints(0);
    this.section.classList.remove('live-stale');
    this.say('');
  }

  private showHints(count: number): void {
    const { checks = this.id, hints = 0 } = this.section.dataset;
    this.shownHints = count;
    this.hint.textContent = count === 0 ? 'Hint' : `Hint (${count} of ${hints})`;
    this.hint.setAttribute('aria-label', `${this.hint.textContent} for ${checks}`);
  }

  /** The place of the reader's code, in that of the printed. */
  private putPlace(): HTMLElement {
    const place = document.createElement('div');
    place.className = 'live-editor';
    this.source.after(place);
    this.source.hidden = true;
    return place;
  }

  /** Where what the reader wrote is kept, it isn't lost by a press. */
  private mayForget(): boolean {
    const isKept = this.events.onChange !== undefined && this.text !== undefined;
    return !isKept || confirm(`Forget your code in the cell ${this.id}?`);
  }

  private async openEditor(): Promise<void> {
    const folded = this.source.closest('details');
    if (folded) folded.open = true;
    // It stays in its place: who presses twice must not meet Reset there.
    this.edit.disabled = true;
    this.isOpening = true;
    try {
      const make = await this.events.makeEditor();
      // Reset was pressed meanwhile.
      if (!this.isOpening) return;
      this.place?.remove();
      this.place = this.putPlace();
      this.editor = make({
        place: this.place,
        text: this.text ?? this.printed,
        label: `Code of the cell ${this.id}; Escape, then Tab leaves it, Shift and Enter run it`,
        onChange: (text) => {
          this.written = text;
          this.share.hidden = this.text === undefined;
          this.events.onChange?.(this.id, this.text);
        },
        onRun: () => this.events.onRun(this.id),
      });
      this.reset.hidden = false;
      this.editor.focus();
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
      this.edit.disabled = false;
    }
  }
}

/** Says of a cell that shows times that the next ones are this browser's. */
function ownTimes({ dataset }: HTMLElement): HTMLElement[] {
  if (dataset.ownTimes === undefined) return [];
  const words = document.createElement('span');
  words.className = 'live-own-times';
  words.textContent = "Run here, its times are your browser's.";
  return [words];
}

/** Adds buttons to a cell that the page can run; to another the reason why not. */
export function viewCell(section: HTMLElement, events: CellEvents): CellView | undefined {
  const source = section.querySelector<HTMLElement>('.source');
  if (!source) return undefined;
  const bar = document.createElement('div');
  bar.className = 'live-bar';
  const code = source.closest('details.folded') ?? source;
  const outputs = gatherOutputs(section, code);
  code.after(bar);
  const reason = section.dataset.notLive;
  if (reason === undefined) return new CellView(section, source, bar, outputs, events);
  const words = document.createElement('span');
  words.className = 'live-status';
  words.textContent = reason;
  bar.append(words);
  return undefined;
}

/** Puts what was printed below the code into an element of its own. */
function gatherOutputs(section: HTMLElement, code: Element): HTMLElement {
  const place = document.createElement('div');
  place.className = 'live-outputs';
  place.append(...[...section.childNodes].filter((node) => node !== code && !isBlank(node)));
  section.append(place);
  return place;
}

const isBlank = (node: Node): boolean => node instanceof Text && node.data.trim() === '';
