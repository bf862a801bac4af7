import { explorerOf } from './explorer';
import { safeHtml } from './safe-html';
import type { Bundle, CellFrame, CellOutput } from '../messages';

/** What `site.js` offers: draws a figure into its frame; again: changes what is drawn there. */
type DrawFigure = (frame: HTMLElement, figure: unknown, isAgain?: boolean) => Promise<void>;

declare const layerwiseDraw: DrawFigure;
/** What is drawn in an element that goes is freed. */
declare const layerwiseForget: (place: HTMLElement) => void;

/** Places of outputs that cells update, by the id that a cell gave them. */
const updatable = new Map<string, HTMLElement>();

/** What a cell shows, in the page: what was printed until something new comes. */
export class Outputs {
  private figures = 0;
  private isPrinted = true;
  private clearsNext = false;
  private readonly printed: readonly Node[];
  private readonly frames: readonly HTMLElement[];

  /** @param place holds what was printed. */
  constructor(private readonly place: HTMLElement) {
    this.printed = [...place.childNodes];
    this.frames = [...place.querySelectorAll<HTMLElement>('figure.plot')];
  }

  /** The next output takes the place of all there is. */
  begin(): void {
    this.clearsNext = true;
    this.figures = 0;
  }

  /** The cell is done: where it showed nothing, there is nothing. */
  end(): void {
    if (this.clearsNext) this.clear();
  }

  reset(): void {
    this.empty();
    this.place.replaceChildren(...this.printed);
    this.isPrinted = true;
    this.clearsNext = false;
  }

  get isNew(): boolean {
    return !this.isPrinted;
  }

  show(output: CellOutput): void {
    // A timer of a cell that was reset may still write.
    if (this.isPrinted && !this.clearsNext) return;
    if (output.kind === 'clear') {
      this.figures = 0;
      if (output.wait) this.clearsNext = true;
      else this.clear();
      return;
    }
    const updated = output.kind === 'display' && output.update ? updatable.get(output.id ?? '') : undefined;
    if (updated && output.kind === 'display') return this.fill(updated, output.bundle);
    if (this.clearsNext) this.clear();
    if (output.kind === 'stream') this.print(output.name, output.text);
    else if (output.kind === 'error') this.place.append(textElement('error', errorText(output)));
    else {
      const place = document.createElement('div');
      if (output.id !== undefined) updatable.set(output.id, place);
      this.place.append(place);
      this.fill(place, output.bundle);
    }
  }

  private clear(): void {
    this.clearsNext = false;
    this.empty();
    this.isPrinted = false;
  }

  /** What was printed comes back, so it is kept as it is. */
  private empty(): void {
    if (!this.isPrinted) layerwiseForget(this.place);
    this.place.replaceChildren();
    for (const [id, place] of updatable) if (!place.isConnected) updatable.delete(id);
  }

  private print(name: string, text: string): void {
    const last = this.place.lastElementChild;
    if (last?.matches(`pre.output.${name}`)) last.append(text);
    else this.place.append(textElement(name, text));
  }

  private fill(place: HTMLElement, bundle: Bundle): void {
    const plotly = bundle['application/vnd.plotly.v1+json'];
    if (plotly !== undefined) {
      const frame = this.draw(place, plotly);
      const explored = bundle['application/vnd.layerwise.explore+json'];
      if (explored !== undefined)
        frame.before(explorerOf(explored, frame, (figure) => layerwiseDraw(frame, figure, true)));
      return;
    }
    place.replaceChildren(elementOf(bundle));
  }

  /** A figure takes the frame of the one that was printed in its place, with number and caption. */
  private draw(place: HTMLElement, json: string): HTMLElement {
    let frame = place.querySelector<HTMLElement>('figure.plot');
    if (!frame) {
      const printed = this.frames.at(this.figures++);
      frame = printed ? (printed.cloneNode(true) as HTMLElement) : emptyFrame();
      place.replaceChildren(frame);
    }
    void layerwiseDraw(frame, JSON.parse(json));
    return frame;
  }
}

function emptyFrame(): HTMLElement {
  const frame = document.createElement('figure');
  frame.className = 'plot';
  const place = document.createElement('div');
  place.className = 'plot-place';
  frame.append(place);
  return frame;
}

function textElement(kind: string, text: string): HTMLElement {
  const element = document.createElement('pre');
  element.className = `output ${kind}`;
  element.tabIndex = 0;
  element.textContent = text;
  return element;
}

function elementOf(bundle: Bundle): HTMLElement {
  const element = document.createElement('div');
  const image = Object.keys(bundle).find((type) => /^image\/(?:png|jpeg|gif)$/.test(type));
  if (bundle['text/html'] !== undefined) {
    element.className = 'output html';
    element.append(safeHtml(bundle['text/html']));
  } else if (image !== undefined) {
    element.className = 'output image';
    const picture = document.createElement('img');
    picture.src = `data:${image};base64,${bundle[image]}`;
    picture.alt = bundle['text/plain'] ?? '';
    element.append(picture);
  } else return textElement('stdout', bundle['text/plain'] ?? '');
  return element;
}

const frameText = ({ cell, line, name }: CellFrame): string =>
  `    at ${name === '' ? '' : `${name}, `}cell ${cell}, line ${line}`;

const errorText = ({ name, message, frames, lines }: Extract<CellOutput, { kind: 'error' }>): string =>
  (lines ?? [`${name}: ${message}`, ...frames.map(frameText)]).join('\n');
