// What is explored in this page: controls stand in the page, what draws is here.
import type { Explored } from '../../../../parts/plot/explored';
import type { FromWorker } from '../messages';
import { asTexts } from './output';
import { define } from './scope';

const known = new Map<string, { readonly cell: string; readonly explored: Explored }>();
let count = 0;
let running = '';

/** Whose controls come from now on; those of its last run are gone. */
export function exploredBy(cell: string): void {
  running = cell;
  for (const [id, { cell: owner }] of known) if (owner === cell) known.delete(id);
}

/** Makes `explore` give its controls to the page. */
export const connectExplored = (): void =>
  define(Symbol.for('layerwise.explore'), (explored: Explored) => {
    const id = String(++count);
    known.set(id, { cell: running, explored });
    return id;
  });

/** Draws what the controls say. */
export function redraw(id: string, values: unknown): FromWorker {
  const redrawn = known.get(id)?.explored.redraw(values) ?? { problem: 'the cell has run again' };
  return 'figure' in redrawn
    ? { kind: 'redrawn', id, figure: asTexts(redrawn.figure)['application/vnd.plotly.v1+json'] }
    : { kind: 'redrawn', id, problem: redrawn.problem };
}
