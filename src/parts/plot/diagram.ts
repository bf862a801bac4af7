import { makeFigure, type Figure, type FigureText, type Spec } from './figure';
import { palette } from './theme';

export interface DiagramOptions extends FigureText {
  /** Boxes, with their lines of text. */
  readonly nodes: ReadonlyArray<{ readonly id: string; readonly label: string | readonly string[] }>;
  /** Arrows, from one box to another, by id. There must be no cycle. */
  readonly edges: ReadonlyArray<readonly [from: string, to: string]>;
}

const HALF_WIDTH = 0.38;
const HALF_HEIGHT = 0.36;
const PASSES = 4;

/**
 * Boxes and arrows from left to right: a computation, a network. A box stands as far right as what it leads to allows.
 */
export function diagram(options: DiagramOptions): Figure {
  const { nodes, edges } = options;
  if (nodes.length === 0) throw new RangeError('diagram: expected at least one node, got none');
  const ids = nodes.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) throw new RangeError('diagram: expected each id once');
  for (const id of edges.flat())
    if (!ids.includes(id))
      throw new RangeError(`diagram: expected edges between nodes, got "${id}"; nodes are ${ids.join(', ')}`);
  const at = place(ids, edges);
  const { text, series } = palette();
  const position = (id: string): { x: number; y: number } => at.get(id) ?? { x: 0, y: 0 };
  const boxes = ids.map((id): Spec => {
    const { x, y } = position(id);
    return {
      type: 'rect',
      x0: x - HALF_WIDTH,
      x1: x + HALF_WIDTH,
      y0: y - HALF_HEIGHT,
      y1: y + HALF_HEIGHT,
      line: { color: series[0], width: 1.5 },
      layer: 'below',
    };
  });
  const ways = edges.map(([from, to]) => way(position(from), position(to), [...at.values()]));
  const bends = ways
    .filter(({ points }) => points.length > 2)
    .map(({ points }): Spec => ({
      type: 'path',
      path: points
        .slice(0, -1)
        .map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'} ${x} ${y}`)
        .join(' '),
      line: { color: text, width: 1.5 },
      layer: 'below',
    }));
  const arrows = ways.map(({ points }): Spec => {
    const [a, b] = points.slice(-2);
    return {
      x: b.x,
      y: b.y,
      ax: a.x,
      ay: a.y,
      xref: 'x',
      yref: 'y',
      axref: 'x',
      ayref: 'y',
      showarrow: true,
      arrowhead: 2,
      arrowwidth: 1.5,
      arrowcolor: text,
      text: '',
    };
  });
  const words = nodes.map(({ label }) => (typeof label === 'string' ? [label] : label).join('<br>'));
  const labels = {
    type: 'scatter',
    mode: 'text',
    x: ids.map((id) => position(id).x),
    y: ids.map((id) => position(id).y),
    text: words,
    hoverinfo: 'skip',
    textfont: { size: 12, color: text },
    cliponaxis: false,
  };
  const all = [...at.values(), ...ways.flatMap(({ points }) => points)];
  const span = (values: readonly number[]): [number, number] => [Math.min(...values) - 0.5, Math.max(...values) + 0.5];
  const hidden = { visible: false, fixedrange: true };
  const rows = new Set([...at.values()].map(({ y }) => y)).size;
  return makeFigure('diagram', { height: Math.max(220, 100 + rows * 60), ...options }, [labels], {
    shapes: [...boxes, ...bends],
    annotations: arrows,
    showlegend: false,
    xaxis: { ...hidden, range: span(all.map(({ x }) => x)) },
    yaxis: { ...hidden, range: span(all.map(({ y }) => y)) },
    margin: { l: 20, r: 20, t: 60, b: 20 },
  });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The points of an arrow. Where boxes stand in between, it goes along a free height. */
function way(from: Point, to: Point, boxes: readonly Point[]): { readonly points: readonly Point[] } {
  const [start, end] = [
    { x: from.x + HALF_WIDTH, y: from.y },
    { x: to.x - HALF_WIDTH, y: to.y },
  ];
  const between = boxes.filter(({ x }) => x > from.x && x < to.x);
  const height = (x: number): number => start.y + ((end.y - start.y) * (x - start.x)) / (end.x - start.x);
  if (
    between.every(
      ({ x, y }) =>
        Math.min(Math.abs(height(x - HALF_WIDTH) - y), Math.abs(height(x + HALF_WIDTH) - y)) > HALF_HEIGHT &&
        height(x - HALF_WIDTH) > y === height(x + HALF_WIDTH) > y,
    )
  )
    return { points: [start, end] };
  const below = Math.min(...between.map(({ y }) => y)) - 0.5;
  const free =
    [from.y, to.y].find((lane) => between.every(({ y }) => Math.abs(lane - y) > HALF_HEIGHT + 0.05)) ?? below;
  return { points: [start, { x: start.x + 0.08, y: free }, { x: end.x - 0.12, y: free }, end] };
}

/** Columns by the longest way to the end; rows by the mean of the neighbors, so that few arrows cross. */
function place(ids: readonly string[], edges: DiagramOptions['edges']): Map<string, { x: number; y: number }> {
  const steps = new Map<string, number>();
  const visiting = new Set<string>();
  const stepsToEnd = (id: string): number => {
    const known = steps.get(id);
    if (known !== undefined) return known;
    if (visiting.has(id)) throw new RangeError(`diagram: expected no cycle, got one through "${id}"`);
    visiting.add(id);
    const far = Math.max(-1, ...edges.filter(([from]) => from === id).map(([, to]) => stepsToEnd(to))) + 1;
    steps.set(id, far);
    return far;
  };
  const last = Math.max(...ids.map(stepsToEnd));
  const columns = Array.from({ length: last + 1 }, (_, x) => ids.filter((id) => stepsToEnd(id) === last - x));
  const rows = new Map(
    columns.flatMap((column) => column.map((id, i): [string, number] => [id, (column.length - 1) / 2 - i])),
  );
  const row = (id: string): number => rows.get(id) ?? 0;
  for (let pass = 0; pass < PASSES; pass++) {
    for (const column of pass % 2 === 0 ? [...columns].reverse() : columns) {
      const wish = new Map(
        column.map((id) => [
          id,
          mean(
            edges.filter((edge) => edge[pass % 2] === id).map((edge) => row(edge[1 - (pass % 2)])),
            row(id),
          ),
        ]),
      );
      const sorted = [...column].sort((a, b) => (wish.get(b) ?? 0) - (wish.get(a) ?? 0));
      sorted.forEach((id, i) => rows.set(id, (column.length - 1) / 2 - i));
    }
  }
  return new Map(
    columns.flatMap((column, x) => column.map((id): [string, { x: number; y: number }] => [id, { x, y: row(id) }])),
  );
}

const mean = (values: readonly number[], otherwise: number): number =>
  values.length === 0 ? otherwise : values.reduce((sum, value) => sum + value, 0) / values.length;
