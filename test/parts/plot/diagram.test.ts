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
