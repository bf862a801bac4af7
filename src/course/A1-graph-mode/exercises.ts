import type { Tensor } from '@tensorflow/tfjs-node';
import { exactly, near } from '../../parts/grading/compare';
import { exercise } from '../../parts/grading/exercise';
import { callText } from '../../parts/grading/values';

interface GraphNode {
  readonly op: string;
  readonly inputs: readonly number[];
}

export const breakEven = exercise<(eager: number, graph: number, trace: number) => number>(
  'breakEven',
  ({ calls }) => ({
    title: 'does it pay?',
    hints: [
      'Each step saves the difference of the two times; the trace must be earned by that.',
      'Where nothing is saved, it is never earned.',
    ],
    tests: [
      calls(
        'counts the steps that pay for the trace',
        1,
        [
          [[8, 3, 60], exactly(12)],
          [[100, 10, 40], exactly(1)],
          [[8, 3, 0], exactly(1)],
          [[1.5, 1, 2 ** 32], exactly(2 ** 33)],
        ],
        {
          look: 'The trace is paid for when so many savings are at least as much as it took; that may be more steps than 32 bits can count.',
        },
      ),
      calls(
        'is Infinity where nothing is gained',
        1,
        [
          [[3, 3, 10], exactly(Infinity)],
          [[2.5, 3, 10], exactly(Infinity)],
          [[2, 3, 10], exactly(Infinity)],
        ],
        { look: 'Compare the times of one step first.' },
      ),
    ],
  }),
);

export const doubleSmall = exercise<(t: Tensor) => Tensor>('doubleSmall', ({ probe }) => ({
  title: 'no value read',
  hints: [
    '`t.max().less(1)` is a tensor with the answer to the question; nobody needs to read it.',
    '`tf.where(condition, a, b)` takes a where the condition holds, and b elsewhere.',
  ],
  tests: [
    probe(
      'doubles what is small, in one graph',
      2,
      [
        [
          [
            [0.25, 0.5],
            [0.5, 3],
            [-3, 0.5],
            [1, 0.5],
          ],
          near([[0.5, 1], [0.5, 3], [-6, 1], [1, 0.5], 1], { atol: 1e-6 }),
        ],
      ],
      (answer, inputs: number[][], { tf, graph }) => {
        const compiled = graph.compile(answer);
        const results = [
          ...inputs.map((values) => Array.from(compiled(tf.tensor1d(values)).dataSync())),
          compiled.traces,
        ];
        compiled.dispose();
        return results;
      },
      {
        call: (inputs) =>
          `doubleSmall, as one graph, for ${inputs.map((values) => `[${values.join(', ')}]`).join(', ')}`,
        result: 'returned, with the number of graphs at the end,',
        look: 'The largest number of all decides for the whole tensor, whatever its shape: below 1 all are doubled.',
      },
    ),
  ],
}));

/** Too long for a function that calls itself once a node. */
const CHAIN = Array.from({ length: 20_000 }, (_, i): GraphNode => ({ op: 'relu', inputs: i === 0 ? [] : [i - 1] }));

export const countNeeded = exercise<(nodes: readonly GraphNode[]) => number>('countNeeded', ({ calls }) => ({
  title: 'drop what nobody uses',
  hints: [
    'Go through the list from its end: a needed node makes its inputs needed, and they stand before it.',
    'A set keeps you from counting a node twice.',
  ],
  tests: [
    calls(
      'counts each needed node once',
      2,
      [
        [[[{ op: 'input', inputs: [] }]], exactly(1)],
        [
          [
            [
              { op: 'input', inputs: [] },
              { op: 'input', inputs: [] },
              { op: 'mul', inputs: [0, 0] },
              { op: 'add', inputs: [0, 1] },
              { op: 'relu', inputs: [2] },
            ],
          ],
          exactly(3),
        ],
        [
          [
            [
              { op: 'input', inputs: [] },
              { op: 'relu', inputs: [0] },
              { op: 'add', inputs: [1, 1] },
              { op: 'mul', inputs: [2, 1] },
            ],
          ],
          exactly(4),
        ],
        [[CHAIN], exactly(CHAIN.length)],
      ],
      {
        call: ([nodes]) =>
          nodes.length > 10 ? `countNeeded(a chain of ${nodes.length} nodes)` : callText('countNeeded', [nodes]),
        look: "Each node that the result needs counts once, however it is reached; the others don't count. Nodes are told apart by their places in the list.",
      },
    ),
  ],
}));

export const countGraphs = exercise<(rows: number, batchSize: number) => number>('countGraphs', ({ calls }) => ({
  title: 'how many graphs?',
  hints: ['A graph belongs to a shape. How many different sizes do the batches of an epoch have?'],
  tests: [
    calls(
      'counts the different sizes of batches',
      2,
      [
        [[96, 32], exactly(1)],
        [[100, 32], exactly(2)],
        [[10, 32], exactly(1)],
        [[33, 32], exactly(2)],
        [[20, 8], exactly(2)],
        [[40, 64], exactly(1)],
      ],
      { look: 'Write down the sizes of the batches of one epoch: how many different ones are there?' },
    ),
  ],
}));

export const exercises = [breakEven, doubleSmall, countNeeded, countGraphs];
