// Shared cells: a script of its own, which the page loads when one is given out or opened.
import { diffLines } from 'diff';
import { button } from './button';
import type { CellView } from './cell-view';
import { fragmentOf, MOST_LINK, sharedIn } from './shared-text';

declare const layerwiseLive: { sharing(make: MakeSharing): void };

/** What sharing needs of its page. */
export interface SharingPage {
  readonly chapter: string;
  readonly views: ReadonlyMap<string, CellView>;
  /** Says something at the top of the page. */
  readonly tell: (text: string) => void;
}

export type MakeSharing = (page: SharingPage) => Sharing;

/** Gives changed cells out, and opens those that others have given out. Nothing runs by it. */
export class Sharing {
  constructor(private readonly page: SharingPage) {}

  /** Shows a link to a changed cell; from a file, a text to paste. */
  async give(view: CellView): Promise<void> {
    const { chapter } = this.page;
    const fragment = await fragmentOf({ page: chapter, cell: view.id, text: view.text ?? view.printed });
    const isServed = /^https?:$/.test(location.protocol);
    const link = `${isServed ? location.href.replace(/#.*$/s, '') : `${chapter}.html`}${fragment}`;
    if (link.length > MOST_LINK) {
      const size = (link.length / 1000).toFixed(1);
      return view.say(`too long to share: ${size} kB, where ${MOST_LINK / 1000} are the most; send the text itself`);
    }
    const field = document.createElement('textarea');
    field.readOnly = true;
    field.rows = 2;
    field.value = link;
    const words = isServed
      ? `Link to your cell ${view.id}; whoever opens it sees what you changed, and nothing runs`
      : `Your cell ${view.id} as a text; whoever has these pages pastes it with Open shared cell, and nothing runs`;
    const { close } = placeBelow(view.section, words, field);
    field.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') close();
    });
    field.focus();
    field.select();
    const isCopied = await navigator.clipboard?.writeText(link).then(
      () => true,
      () => false,
    );
    view.say(isCopied ? 'copied' : 'ready to copy');
  }

  /** Asks for a link or a text, and opens the cell in it. */
  ask(place: HTMLElement): void {
    const field = document.createElement('textarea');
    field.rows = 3;
    const { form, close } = placeBelow(place, 'Link or text of a shared cell', field);
    const open = button('Open', 'Open the shared cell');
    open.addEventListener('click', () => {
      void this.open(field.value).then((isOpen) => {
        if (isOpen) close();
      });
    });
    form.append(open);
    field.focus();
  }

  /** Opens a shared cell as one that is edited. Answers whether it could. */
  async open(text: string): Promise<boolean> {
    const { chapter, views, tell } = this.page;
    try {
      const shared = await sharedIn(text);
      if (shared.page !== chapter) throw new Error(`the shared cell belongs to the page ${shared.page}: open it there`);
      const view = views.get(shared.cell);
      if (!view || view.isCheck) throw new Error(`this page has no cell ${shared.cell} to be changed`);
      if (
        view.text !== undefined &&
        view.text !== shared.text &&
        !confirm(`Put the shared code in the place of yours in the cell ${view.id}?`)
      )
        return false;
      view.showShared(shared.text, differenceOf(view.printed, shared.text));
      view.section.scrollIntoView({ block: 'center' });
      tell('');
      return true;
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}

/** A form below an element, with a label, a field and a button that closes it; one at a time. */
function placeBelow(
  place: HTMLElement,
  words: string,
  field: HTMLTextAreaElement,
): { form: HTMLElement; close: () => void } {
  document.querySelector('.live-share')?.remove();
  const form = document.createElement('div');
  form.className = 'live-share';
  const label = document.createElement('label');
  field.className = 'live-answer';
  field.spellcheck = false;
  label.append(words, field);
  const shut = button('Close', 'Close what is shared');
  const close = (): void => form.remove();
  shut.addEventListener('click', close);
  form.append(label, shut);
  place.append(form);
  return { form, close };
}

/** What was changed, line by line; told by signs too, not by color alone. */
function differenceOf(printed: string, shared: string): HTMLElement {
  const list = document.createElement('pre');
  list.className = 'live-difference';
  list.tabIndex = 0;
  list.setAttribute('aria-label', 'What was changed: lines with − were taken out, lines with + put in');
  for (const { value, added, removed } of diffLines(`${printed}\n`, `${shared}\n`))
    for (const line of value.replace(/\n$/, '').split('\n')) {
      const element = document.createElement(added ? 'ins' : removed ? 'del' : 'span');
      element.textContent = `${added ? '+' : removed ? '−' : ' '} ${line}\n`;
      list.append(element);
    }
  return list;
}

layerwiseLive.sharing((page) => new Sharing(page));
