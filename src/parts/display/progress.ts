import type { MimeBundle } from './bundle';
import { escapeHtml } from './escape';
import { newOutputId, output } from './output';

/** A bar that fills in place. */
export interface ProgressBar {
  /** Says that `steps` more are done (default 1), and what is being done now. */
  advance(steps?: number, detail?: string): void;
  /** Leaves the bar full and says how long it took. */
  done(detail?: string): void;
}

const EVERY_MS = 150;

/**
 * Shows how far a long work is. It updates in place, at most seven times a second, and leaves one line at the end.
 * A loop that never awaits shows it too, since each update is sent at once.
 *
 * @param total how many steps there are, at least 1.
 * @example
 * import { showProgress } from 'layerwise/display';
 * const bar = showProgress(3, 'Reading');
 * for (const file of ['a', 'b', 'c']) bar.advance(1, file);
 * bar.done();
 */
export function showProgress(total: number, title: string): ProgressBar {
  if (!(total >= 1)) throw new RangeError(`showProgress: expected a total of at least 1, got ${total}`);
  const id = newOutputId();
  const start = performance.now();
  let finished = 0;
  let shownAt = -Infinity;
  const draw = (text: string, update: boolean): void => {
    shownAt = performance.now();
    output(bar(title, finished / total, text), { id, update });
  };
  draw(`0 of ${total}`, false);
  return {
    advance(steps = 1, detail = '') {
      finished = Math.min(total, finished + steps);
      if (performance.now() - shownAt >= EVERY_MS)
        draw(`${finished} of ${total}, ${seconds(start)}${detail ? ` · ${detail}` : ''}`, true);
    },
    done(detail = '') {
      finished = total;
      draw(`done in ${seconds(start)}${detail ? ` · ${detail}` : ''}`, true);
    },
  };
}

const seconds = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;

function bar(title: string, fraction: number, text: string): MimeBundle {
  const label = escapeHtml(`${title}: ${text}`);
  const html = `<div><progress aria-label="${escapeHtml(title)}" max="1" value="${fraction.toFixed(3)}" style="width:16em;vertical-align:middle"></progress> ${label}</div>`;
  return { 'text/html': html, 'text/plain': `${title}: ${text}` };
}
