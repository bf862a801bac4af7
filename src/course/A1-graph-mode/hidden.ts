import { exactly, near } from '../../parts/grading/compare';
import { breakEven, countGraphs, countNeeded, doubleSmall } from './exercises';
import { hiddenTests } from '../../parts/grading/hidden-tests';
import { numbers, times } from '../../parts/grading/draws';

/** Inputs of the last nodes of a drawn graph: one node is used twice, and some lie more than one step back. */
const SHARED: Readonly<Record<number, readonly number[] | undefined>> = { 12: [11, 10], 13: [12], 14: [13, 12] };

export const hidden = [
  hiddenTests(breakEven, ({ calls }) => [
    calls(
      'is right for any times',
      1,
      (draw) => [
        ...times(8, () => {
          const [graph, gain, trace] = [draw.between(1, 20), draw.between(0.5, 30), draw.between(1, 400)];
          let steps = 1;
          while (steps * (graph + gain - graph) < trace) steps++;
          return [[graph + gain, graph, trace], exactly(steps)] as const;
        }),
        ...[2 ** 10, 2 ** 20].map((part) => {
          // Little is saved, so that many steps are needed; the numbers are chosen so that nothing is rounded.
          const [graph, steps] = [1 + draw.integer(20), part * 4096 + draw.integer(1000)];
          return [[graph + 1 / part, graph, (steps - 0.5) / part], exactly(steps)] as const;
        }),
      ],
      { look: 'Round up to whole steps, also where hardly anything is saved and the number of steps is huge.' },
    ),
    calls(
      'is Infinity where the graph is slower',
      1,
      (draw) => [[[5, 5 + draw.between(1, 9), 10], exactly(Infinity)]],
      { look: 'Compare the times of one step first.' },
    ),
  ]),
  hiddenTests(doubleSmall, ({ probe }) => [
    probe(
      'is right for any numbers and shapes, in one graph for each shape',
      2,
      (draw) => {
        const lists = [
          numbers(draw, 3, 0.9),
          [...numbers(draw, 2, 0.9), -2 - draw.uniform()],
          [1, ...numbers(draw, 2, 0.9)],
          [1.5 + draw.uniform(), ...numbers(draw, 2)],
          [Infinity, ...numbers(draw, 2)],
          [2, -Infinity, draw.uniform()],
          numbers(draw, 3, 0.9),
        ];
        const inputs = lists.map((list) =>
          draw.shuffle([...list, draw.between(-0.5, 0.5)]).map((value) => Math.round(value * 128) / 128),
        );
        const expected = inputs.map((values) => values.map((value) => (Math.max(...values) < 1 ? 2 * value : value)));
        return [[4], [2, 2], [2, 1, 2]].map((shape) => [{ shape, inputs }, near([...expected, 1])] as const);
      },
      (answer, { shape, inputs }, { tf, graph }) => {
        const compiled = graph.compile(answer);
        return [...inputs.map((values) => Array.from(compiled(tf.tensor(values, shape)).dataSync())), compiled.traces];
      },
      {
        look: 'Only the largest number of the whole tensor counts, whatever its shape and the other numbers are; at 1 nothing changes.',
        notFinite: 'Infinity times 0 is NaN: choose one of two tensors.',
      },
    ),
  ]),
  hiddenTests(countNeeded, ({ calls }) => [
    calls(
      'is right for any graph',
      2,
      (draw) =>
        times(8, () => {
          const nodes = times(15, (i) => ({
            op: 'node',
            inputs: SHARED[i] ?? times(Math.min(i, draw.integer(3)), () => draw.integer(Math.max(1, i))),
          }));
          const isNeeded = nodes.map((_, i) => i === 14);
          for (let i = 14; i >= 0; i--) if (isNeeded[i]) for (const input of nodes[i].inputs) isNeeded[input] = true;
          return [[nodes], exactly(isNeeded.filter(Boolean).length)] as const;
        }),
      {
        look: 'Draw a small graph in which a node is used twice, one is used by nobody, and one lies several steps back. Nodes are told apart by their places in the list.',
      },
    ),
    calls(
      'is right for long lists, and where nodes are used again and again',
      1,
      (draw) => {
        const needed = 15_000 + draw.integer(1000);
        // After each third node one that nobody uses.
        const nodes: Array<{ op: string; inputs: number[] }> = [];
        for (let i = 0, last = -1; i < needed; i++) {
          nodes.push({ op: 'node', inputs: last < 0 ? [] : [last] });
          last = nodes.length - 1;
          if (i % 3 === 1 && i < needed - 1) nodes.push({ op: 'node', inputs: [last] });
        }
        return [
          [[nodes], exactly(needed)],
          [[times(60, (i) => ({ op: 'add', inputs: i === 0 ? [] : [i - 1, i - 1] }))], exactly(60)],
        ];
      },
      {
        look: "Remember which nodes are needed, and look at the inputs of each once, in a list of any length; a function that calls itself for each node can't go through a long chain.",
      },
    ),
  ]),
  hiddenTests(countGraphs, ({ calls }) => [
    calls(
      'is right for any numbers',
      2,
      (draw) =>
        times(20, (i) => {
          // Batches of one row, small and large ones; rows that fill none, some exactly, or leave a rest.
          const size = [1, 3 + draw.integer(5), 10 + draw.integer(20), 40 + draw.integer(50), 200 + draw.integer(800)][
            i % 5
          ];
          const part = i < 5 ? 1 + Math.floor(size * draw.between(0.85, 0.95)) : draw.integer(size);
          const rows = [
            Math.min(part, size),
            size * (1 + draw.integer(3)),
            size * (1 + draw.integer(3)) + Math.max(1, part),
            1 + draw.integer(200),
          ][Math.floor(i / 5)];
          const sizes = new Set<number>();
          for (let begin = 0; begin < rows; begin += size) sizes.add(Math.min(size, rows - begin));
          return [[rows, size], exactly(sizes.size)] as const;
        }),
      {
        look: 'Count the different sizes of batches: fewer rows than a batch holds make one, and so do batches of one row.',
      },
    ),
  ]),
];
