import type { Question } from '../messages';
import { button } from './button';

/**
 * Asks the reader what a cell asks, below the place of what it has shown. Returns the answer; undefined where the cell
 * is stopped.
 *
 * @param cell names it to those who hear the page.
 */
export function askIn(
  place: HTMLElement,
  cell: string,
  { text, isHidden }: Question,
  stopped: AbortSignal,
): Promise<string | undefined> {
  const form = document.createElement('form');
  form.className = 'live-question';
  const label = document.createElement('label');
  const field = document.createElement('input');
  field.type = isHidden ? 'password' : 'text';
  field.autocomplete = 'off';
  label.append(text, ' ', field);
  const give = button('Answer', `Answer the cell ${cell}`);
  give.type = 'submit';
  form.append(label, give);
  place.after(form);
  field.focus();
  return new Promise((resolve) => {
    const end = (answer?: string): void => {
      form.remove();
      resolve(answer);
    };
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      end(field.value);
    });
    stopped.addEventListener('abort', () => end());
  });
}
