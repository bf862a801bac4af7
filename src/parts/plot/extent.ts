import type { Spec } from './figure';
import { list, number, part } from './spec';

export type AxisName = 'x' | 'y';
export type Range = readonly [low: number, high: number];

/** Traces that cover an area with color, in the order in which plotly draws them: each over those before it. */
export const AREAS: readonly unknown[] = ['image', 'heatmap', 'contour'];
export const isArea = ({ type }: Spec): boolean => AREAS.includes(type);

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** From the smallest to the largest position of traces along an axis; undefined where none is a number. */
export function extentOf(traces: readonly Spec[], axis: AxisName): Range | undefined {
  const values = traces
    .flatMap((trace) => (isArea(trace) ? endsOf(trace, axis) : list(trace, axis)))
    .filter((value) => isNumber(value));
  if (values.length === 0) return undefined;
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** Where an area begins and ends: contours at their outermost points, cells and pixels at the edges around theirs. */
function endsOf(trace: Spec, axis: AxisName): readonly unknown[] {
  const rows = list(trace, 'z');
  const count = axis === 'y' ? rows.length : Array.isArray(rows[0]) ? rows[0].length : 0;
  const given = list(trace, axis);
  if (given.length > 0 && !given.every(isNumber)) return [];
  const [start, step] = [number(trace, `${axis}0`, 0), number(trace, `d${axis}`, 1)];
  const points = given.length > 0 ? given : [start, start + step * (count - 1)];
  if (trace.type === 'contour' || given.length > count) return points;
  const half = given.length > 1 ? (Number(given[1]) - Number(given[0])) / 2 : step / 2;
  return [Number(points[0]) - half, Number(points.at(-1)) + half];
}

/** What a figure shows along an axis: the range that it asks for, or what it needs to show its areas; else undefined. */
export function shownRange(traces: readonly Spec[], layout: Spec, axis: AxisName): Range | undefined {
  const spec = part(layout, `${axis}axis`);
  const range = list(spec, 'range').filter(isNumber);
  if (range.length !== 2) return traces.some(isArea) ? extentOf(traces, axis) : undefined;
  const ends = spec.type === 'log' ? range.map((power) => 10 ** power) : range;
  return [Math.min(...ends), Math.max(...ends)];
}
