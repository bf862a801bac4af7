import { AREAS, extentOf, isArea, type AxisName, type Range } from './extent';
import type { Figure, Spec } from './figure';
import { list, number, part } from './spec';

/** Fails where a figure has more than one panel with two axes. `kind` is the function that was called, `which` the figure. */
export function checkOnePanel(kind: string, which: string, { data, layout, frames }: Figure): void {
  const fail = (found: string, cure: string): never => {
    throw new RangeError(`${kind}: expected ${which} to be one panel with an x and a y axis, got ${found}; ${cure}`);
  };
  if (frames.length > 0) fail('an animation', 'overlay each of its frames, then animate them');
  const images = number(part(layout, 'meta'), 'images', 1);
  if (images > 1) fail(`a grid of ${images} images`, 'give imageGrid the marks of each image');
  if (Object.keys(layout).some((name) => /^scene/.test(name)))
    fail('three axes', 'draw its values as contours or as a heat map');
  const panels = new Set(data.flatMap(({ xaxis = 'x', yaxis = 'y' }) => [xaxis, yaxis]));
  if (panels.size > 2) fail(`the axes ${[...panels].map(String).join(', ')}`, 'overlay each panel by itself');
}

/** Fails where marks wouldn't lie on the base where their numbers say, or couldn't be seen. */
export function checkFits(
  kind: string,
  base: Figure,
  shown: Readonly<Record<AxisName, Range | undefined>>,
  marks: Figure,
  which: string,
): void {
  checkOnePanel(kind, which, marks);
  for (const axis of ['x', 'y'] as const) {
    checkAlike(kind, base, marks, axis, which);
    checkInside(kind, shown[axis], marks, axis, which);
  }
  const height = (traces: readonly Spec[]): number[] => traces.filter(isArea).map(({ type }) => AREAS.indexOf(type));
  const [highest, lowest] = [Math.max(...height(base.data)), Math.min(...height(marks.data))];
  if (lowest < highest)
    throw new RangeError(
      `${kind}: expected ${which} to be drawn over the base, but plotly draws ${String(AREAS[lowest])} traces below ${String(AREAS[highest])} traces; make it the base`,
    );
}

function checkAlike(kind: string, base: Figure, marks: Figure, axis: AxisName, which: string): void {
  const [wanted, found] = [kindOf(base, axis), kindOf(marks, axis)];
  if (wanted !== found)
    throw new RangeError(
      `${kind}: expected ${which} to have ${wanted} along ${axis}, as the base has, got ${found}; ${cure(wanted, found, axis)}`,
    );
  const labelOf = ({ layout }: Figure): unknown => part(layout, `${axis}axis`, 'title').text;
  const [label, other] = [labelOf(base), labelOf(marks)];
  const isHidden = part(base.layout, `${axis}axis`).visible === false;
  if (!isHidden && typeof label === 'string' && typeof other === 'string' && label !== other)
    throw new RangeError(
      `${kind}: expected ${which} to have the base's ${axis}Label "${label}", got "${other}"; give both the same quantity and unit`,
    );
  if (wanted !== 'words') return;
  const words = new Set(base.data.flatMap((trace) => list(trace, axis)));
  const odd = marks.data.flatMap((trace) => list(trace, axis)).find((word) => !words.has(word));
  if (odd !== undefined)
    throw new RangeError(
      `${kind}: expected ${which} to lie on the base's words along ${axis}, ${[...words].map((word) => `"${String(word)}"`).join(', ')}, got "${String(odd)}"`,
    );
}

function checkInside(kind: string, shown: Range | undefined, marks: Figure, axis: AxisName, which: string): void {
  const found = extentOf(marks.data, axis);
  if (!shown || !found || (found[0] <= shown[1] && found[1] >= shown[0])) return;
  const span = ([low, high]: Range): string => `${low} to ${high}`;
  throw new RangeError(
    `${kind}: expected ${which} to lie in what the base shows along ${axis}, ${span(shown)}, got ${span(found)}; give positions in the base's unit, or a base that shows more`,
  );
}

type Kind = 'numbers' | 'numbers on a logarithmic axis' | 'dates' | 'words';

function kindOf({ data, layout }: Figure, axis: AxisName): Kind {
  const { type } = part(layout, `${axis}axis`);
  if (type === 'category') return 'words';
  if (type === 'log') return 'numbers on a logarithmic axis';
  const word = data.flatMap((trace) => list(trace, axis)).find((value) => typeof value === 'string');
  if (word === undefined) return 'numbers';
  return /^\d{4}-\d\d/.test(word) ? 'dates' : 'words';
}

function cure(wanted: Kind, found: Kind, axis: AxisName): string {
  if (wanted === 'words') return `give positions by the base's words, or a base without ${axis}Ticks`;
  if (found === 'words') return 'give positions as the base does';
  return wanted === 'dates' || found === 'dates' ? 'give both dates' : `give both the same ${axis}Scale`;
}
