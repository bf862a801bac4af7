import { isArea } from './extent';
import { Figure, type Spec } from './figure';
import { parts } from './spec';

/** A figure whose traces, notes and shapes are moved along both axes. */
export function moved({ data, layout, alt }: Figure, by: { readonly x: number; readonly y: number }): Figure {
  const shift = (spec: Spec): Spec => ({ ...spec, ...along(spec, 'x', by.x), ...along(spec, 'y', by.y) });
  const traces = data.map((trace) => shift(isArea(trace) ? { ...origin(trace), ...trace } : trace));
  const [annotations, shapes] = ['annotations', 'shapes'].map((name) => parts(layout, name).map(shift));
  return new Figure(traces, { ...layout, annotations, shapes }, alt);
}

/** Where plotly begins to count rows and columns that have no positions of their own. */
const origin = (trace: Spec): Spec => ({ ...(trace.x ? {} : { x0: 0 }), ...(trace.y ? {} : { y0: 0 }) });

function along(spec: Spec, axis: 'x' | 'y', distance: number): Spec {
  const shift = (value: unknown): unknown => (typeof value === 'number' ? value + distance : value);
  return Object.fromEntries(
    [axis, `${axis}0`, `${axis}1`]
      .filter((name) => spec[name] !== undefined)
      .map((name): [string, unknown] => {
        const value = spec[name];
        return [name, Array.isArray(value) ? value.map(shift) : shift(value)];
      }),
  );
}
