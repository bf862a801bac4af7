import { Outputs } from './outputs';

/** A code cell of the page, with what is added to it. */
export interface CellView {
  readonly id: string;
  readonly section: HTMLElement;
  readonly run: HTMLButtonElement;
  readonly reset: HTMLButtonElement;
  readonly outputs: Outputs;
  /** Tells, also those who hear the page, how far the cell is. */
  say(text: string): void;
  /** Whether it runs: its button then stops it. */
  setRunning(isRunning: boolean): void;
}

export function button(text: string, label: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'live-button';
  made.textContent = text;
  made.setAttribute('aria-label', label);
  return made;
}

/** Adds buttons to a cell that the page can run; to another the reason why not. */
export function viewCell(section: HTMLElement): CellView | undefined {
  const source = section.querySelector<HTMLElement>('.source');
  if (!source) return undefined;
  const bar = document.createElement('div');
  bar.className = 'live-bar';
  const status = document.createElement('span');
  status.className = 'live-status';
  const code = source.closest('details.folded') ?? source;
  const outputs = gatherOutputs(section, code);
  code.after(bar);
  const reason = section.dataset.notLive;
  if (reason !== undefined) {
    status.textContent = reason;
    bar.append(status);
    return undefined;
  }
  const { id } = section;
  const run = button('Run', `Run the cell ${id}`);
  const reset = button('Reset', `Reset the cell ${id} to what was printed`);
  reset.hidden = true;
  status.setAttribute('role', 'status');
  bar.append(run, reset, status);
  return {
    id,
    section,
    run,
    reset,
    outputs: new Outputs(outputs),
    say: (text) => void (status.textContent = text),
    setRunning(isRunning) {
      section.classList.toggle('live-running', isRunning);
      run.textContent = isRunning ? 'Stop' : 'Run';
      run.setAttribute('aria-label', `${isRunning ? 'Stop' : 'Run'} the cell ${id}`);
    },
  };
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
