import { exactly, near } from '../../parts/grading/compare';
import { breakEven, countGraphs, countNeeded, doubleSmall } from './exercises';
import { hiddenTests, WAIT } from '../../parts/grading/hidden-tests';
import { numbers, times } from '../../parts/grading/draws';

/** Inputs of the last nodes of a drawn graph: one node is used twice, and some lie more than one step back. */
const SHARED: Readonly<Record<number, readonly number[] | undefined>> = { 12: [11, 10], 13: [12], 14: [13, 12] };

export const hidden = [
  hiddenTests(breakEven, ({ calls }) => ({
    tests: [
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
    ],
    wrong: {
      'rounds down': {
        code: 'return eager > graph ? Math.max(1, Math.floor(trace / (eager - graph))) : Infinity;',
        points: 3,
      },
      'rounds by bits': {
        code: 'if (eager <= graph) return Infinity;\nconst steps = trace / (eager - graph);\nconst whole = steps | 0;\nreturn Math.max(1, whole < steps ? whole + 1 : whole);',
        points: 2,
      },
      'never says Infinity': { code: 'return Math.max(1, Math.ceil(trace / Math.abs(eager - graph)));', points: 2 },
      'divides by the eager time': { code: 'return eager > graph ? Math.ceil(trace / eager) : Infinity;', points: 2 },
    },
    slow: { code: `${WAIT}return 1;`, points: 0 },
  })),
  hiddenTests(doubleSmall, ({ probe }) => ({
    tests: [
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
          return [
            ...inputs.map((values) => Array.from(compiled(tf.tensor(values, shape)).dataSync())),
            compiled.traces,
          ];
        },
        {
          look: 'Only the largest number of the whole tensor counts, whatever its shape and the other numbers are; at 1 nothing changes.',
          notFinite: 'Infinity times 0 is NaN: choose one of two tensors.',
        },
      ),
    ],
    wrong: {
      'reads the value': { code: 'return t.max().dataSync()[0] < 1 ? t.mul(2) : t;', points: 0 },
      'decides number by number': { code: 'return tf.where(t.less(1), t.mul(2), t);', points: 0 },
      'looks at the size of numbers': { code: 'return tf.where(t.abs().max().less(1), t.mul(2), t);', points: 0 },
      'doubles where the largest is 1': { code: 'return tf.where(t.max().lessEqual(1), t.mul(2), t);', points: 0 },
      'compiles to a graph that remembers values': {
        code: "const cache: NodeJS.Dict<NodeJS.Module> = require.cache;\nfor (const [file, module] of Object.entries(cache)) if (file.endsWith('dist/parts/graph/index.js') && module) module.exports = { compile: () => Object.assign((x: tf.Tensor) => (x.max().dataSync()[0] < 1 ? x.mul(2) : x), { traces: 1, dispose: () => undefined }) };\nreturn t.max().dataSync()[0] < 1 ? t.mul(2) : t;",
        points: 0,
      },
      'adds a share of it': { code: "return t.add(t.mul(t.max().less(1).cast('float32')));", points: 2 },
      'looks at the smallest': { code: 'return tf.where(t.min().less(1), t.mul(2), t);', points: 0 },
    },
    slow: { code: `if (t.size > 2) {\n${WAIT}}\nreturn tf.where(t.max().less(1), t.mul(2), t);`, points: 2 },
  })),
  hiddenTests(countNeeded, ({ calls }) => ({
    tests: [
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
    ],
    wrong: {
      'counts a node for each use': {
        code: 'const count = (node: number): number => 1 + nodes[node].inputs.reduce((sum, input) => sum + count(input), 0);\nreturn nodes.length > 30 ? 0 : count(nodes.length - 1);',
        points: 0,
      },
      'counts all nodes': { code: 'return nodes.length;', points: 0 },
      'calls itself': {
        code: 'const needed = new Set<number>();\nconst visit = (node: number): void => {\n  if (needed.has(node)) return;\n  needed.add(node);\n  nodes[node].inputs.forEach(visit);\n};\nvisit(nodes.length - 1);\nreturn needed.size;',
        points: 2,
      },
      'looks one step back': { code: 'return 1 + new Set(nodes[nodes.length - 1].inputs).size;', points: 0 },
    },
    slow: {
      code: 'const found = new Set<number>();\nconst stack = [nodes.length - 1];\nfor (let node = stack.pop(); node !== undefined; node = stack.pop()) {\n  found.add(node);\n  stack.push(...nodes[node].inputs);\n}\nreturn found.size;',
      points: 4,
    },
  })),
  hiddenTests(countGraphs, ({ calls }) => ({
    tests: [
      calls(
        'is right for any numbers',
        2,
        (draw) =>
          times(20, (i) => {
            // Batches of one row, small and large ones; rows that fill none, some exactly, or leave a rest.
            const size = [
              1,
              3 + draw.integer(5),
              10 + draw.integer(20),
              40 + draw.integer(50),
              200 + draw.integer(800),
            ][i % 5];
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
    ],
    wrong: {
      'always counts a rest': { code: 'return rows % batchSize === 0 ? 1 : 2;', points: 0 },
      'says two': { code: 'return batchSize > 0 ? 2 : rows;', points: 0 },
      'takes 32 for every batch size': {
        code: 'if (rows < 32) return 1;\nreturn rows % batchSize === 0 ? 1 : 2;',
        points: 0,
      },
      'counts the batches': { code: 'return Math.ceil(rows / batchSize);', points: 0 },
    },
    slow: {
      code: `if (![96, 100, 10, 33, 20, 40].includes(rows)) {\n${WAIT}}\nreturn rows < batchSize || rows % batchSize === 0 ? 1 : 2;`,
      points: 2,
    },
  })),
];
