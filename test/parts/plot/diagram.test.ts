import { describe, expect, it } from 'vitest';
import { diagram } from '../../../src/parts/plot';
import { number, parts } from '../../../src/parts/plot/spec';

const text = { title: 'A network', alt: 'Boxes for the layers of a network, joined by arrows from left to right.' };
const node = (id: string): { id: string; label: string } => ({ id, label: id });

describe('diagram', () => {
  it('puts each box left of what it leads to', () => {
    const edges = [
      ['a', 'c'],
      ['b', 'c'],
      ['c', 'd'],
      ['b', 'd'],
    ] as const;
    const [labels] = diagram({ ...text, nodes: ['a', 'b', 'c', 'd'].map(node), edges }).data;
    const { x } = labels;
    expect(x).toEqual([0, 0, 1, 2]);
  });

  /** Pairs of arrows between the same two columns that cross: one begins above the other and ends below it. */
  function crossings(ids: readonly string[], edges: ReadonlyArray<readonly [string, string]>): number {
    const [{ x, y }] = diagram({ ...text, nodes: ids.map(node), edges }).data;
    const numbers = (values: unknown): number[] => (Array.isArray(values) ? values.map(Number) : []);
    const [columns, rows] = [numbers(x), numbers(y)];
    const ends = edges.map(([from, to]) => [ids.indexOf(from), ids.indexOf(to)]);
    return ends.flatMap(([from, to], i) =>
      ends
        .slice(i + 1)
        .filter(([otherFrom, otherTo]) => columns[from] === columns[otherFrom] && columns[to] === columns[otherTo])
        .filter(([otherFrom, otherTo]) => (rows[from] - rows[otherFrom]) * (rows[to] - rows[otherTo]) < 0),
    ).length;
  }

  it.each([
    ['two arrows', ['a', 'b', 'y', 'z'], ['az', 'by']],
    ['three arrows in reverse', ['a', 'b', 'c', 'x', 'y', 'z'], ['az', 'by', 'cx']],
    ['a tree that ends in one box', ['a', 'b', 'c', 'd', 'x', 'y', 'r'], ['ay', 'bx', 'cy', 'dx', 'xr', 'yr']],
    ['two chains', ['a', 'b', 'm', 'n', 'y', 'z'], ['an', 'bm', 'nz', 'my']],
    // Found by trial: what was sorted once crosses still, sorted twice too, sorted three times too.
    ['what is sorted twice', [...'abcdefg'], ['ac', 'bd', 'cg', 'df', 'ce']],
    ['what is sorted thrice', [...'abcdefghijkl'], ['ag', 'bf', 'ch', 'dg', 'df', 'bh', 'ek', 'fi', 'gk', 'hi', 'hl']],
    ['what is sorted four times', [...'abcdefgh'], ['ae', 'bc', 'bd', 'cg', 'dh', 'eg']],
  ])('draws %s without a crossing', (_, ids, edges) => {
    expect(
      crossings(
        ids,
        edges.map(([from, to]) => [from, to] as const),
      ),
    ).toBe(0);
  });

  type Point = readonly [x: number, y: number];
  const drawn = (ids: string, edges: string): ReturnType<typeof diagram> =>
    diagram({
      ...text,
      nodes: [...ids].map(node),
      edges: edges.split(' ').map(([from, to]): [string, string] => [from, to]),
    });

  /** The boxes of a diagram, and the corners of its arrows in the order of its edges. */
  function picture({ layout }: ReturnType<typeof diagram>): { boxes: number[][]; ways: Point[][] } {
    const shapes = parts(layout, 'shapes');
    const boxes = shapes
      .filter(({ type }) => type === 'rect')
      .map((shape) => ['x0', 'x1', 'y0', 'y1'].map((name) => number(shape, name, NaN)));
    const bends = shapes
      .filter(({ type }) => type === 'path')
      .map(({ path }) => String(path).match(/-?[\d.]+ -?[\d.]+/g) ?? [])
      .map((points) => points.map((point) => point.split(' ').map(Number)).map(([x, y]): Point => [x, y]));
    const ways = parts(layout, 'annotations').map((arrow): Point[] => {
      const [ax, ay, x, y] = ['ax', 'ay', 'x', 'y'].map((name) => number(arrow, name, NaN));
      const before = bends.find((points) => points.at(-1)?.[0] === ax && points.at(-1)?.[1] === ay);
      return [...(before ?? [[ax, ay] as const]), [x, y]];
    });
    return { boxes, ways };
  }

  /** Whether the straight way between two points enters a box: at one of many points in between. */
  const enters = ([x0, x1, y0, y1]: readonly number[], [ax, ay]: Point, [bx, by]: Point): boolean =>
    Array.from({ length: 3999 }, (_, i) => (i + 1) / 4000).some((t) => {
      const [x, y] = [ax + t * (bx - ax), ay + t * (by - ay)];
      return x > x0 && x < x1 && y > y0 && y < y1;
    });

  it.each([
    ['between two boxes', 'abcd', 'ac bd cd ad'],
    ['above a box', 'abcd', 'ac bc cd ad'],
    ['down across a row', 'abcde', 'ac bc ce cd be ae'],
    ['down past a box', 'abcdef', 'ad bd cd de cf'],
    ['below a box', 'abcd', 'ab bd bc ad'],
    ['around a box', 'abc', 'ab bc ac'],
    ['steeply up, from below a box to above it', 'abcdefghi', 'af bf cf dg eh fi gi hi bi ei'],
    ['over a high column', 'abcde', 'ab ac ad be ce de ae'],
    ['over two columns', 'abcdefgh', 'ac bc cd ce df eg fh gh ah bh'],
  ])('leads no arrow through a box, and straight where none is in the way: %s', (_, ids, edges) => {
    const { boxes, ways } = picture(drawn(ids, edges));
    for (const way of ways) {
      for (const box of boxes)
        for (let i = 1; i < way.length; i++) expect(enters(box, way[i - 1], way[i]), String(way)).toBe(false);
      const isFree = boxes.every((box) => !enters(box, way[0], way[way.length - 1]));
      expect(way, String(way)).toHaveLength(isFree ? 2 : 4);
    }
  });

  it.each([
    ['the height where it begins', 'abcd', 'ac bc cd ad', 0.5],
    ['the height where it ends', 'abcd', 'ab bd bc ad', -0.5],
    ['below all boxes', 'abcde', 'ab ac ad be ce de ae', -1.5],
  ])('leads an arrow along a free height: %s', (_, ids, edges, height) => {
    const way = picture(drawn(ids, edges)).ways.at(-1);
    // From the right side of its first box to the left side of its last: 0.38 from their middles.
    expect(way?.map(([x]) => x)).toEqual([0.38, 0.46, 1.5, 1.62]);
    expect(way?.slice(1, -1).map(([, y]) => y)).toEqual([height, height]);
  });

  it('shows all boxes and ways, and grows with its rows', () => {
    const { layout } = drawn('abcde', 'ab ac ad be ce de ae');
    // Three rows from 1 to −1, and the way below them at −1.5; half a unit more on each side.
    expect(layout).toMatchObject({ height: 280, xaxis: { range: [-0.5, 2.5] }, yaxis: { range: [-2, 1.5] } });
  });

  it('refuses a cycle, an unknown id, a repeated id, no node', () => {
    expect(() =>
      diagram({
        ...text,
        nodes: [node('a'), node('b')],
        edges: [
          ['a', 'b'],
          ['b', 'a'],
        ],
      }),
    ).toThrow('expected no cycle');
    expect(() => diagram({ ...text, nodes: [node('a')], edges: [['a', 'z']] })).toThrow('got "z"; nodes are a');
    expect(() => diagram({ ...text, nodes: [node('a'), node('a')], edges: [] })).toThrow('expected each id once');
    expect(() => diagram({ ...text, nodes: [], edges: [] })).toThrow('expected at least one node');
  });
});
