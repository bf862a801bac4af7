import { describe, expect, it } from 'vitest';
import { diagram } from '../../../src/parts/plot';

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
  ])('draws %s without a crossing', (_, ids, edges) => {
    expect(
      crossings(
        ids,
        edges.map(([from, to]) => [from, to] as const),
      ),
    ).toBe(0);
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
