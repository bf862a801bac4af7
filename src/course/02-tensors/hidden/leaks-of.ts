import { exactly } from '../../../parts/grading/compare';
import { leaksOf } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times } from '../../../parts/grading/draws';

export const leaksOfTests = hiddenTests(leaksOf, ({ probe }) => [
  probe(
    'counts for functions of any kind',
    2,
    (draw) =>
      [
        // What is left shares its numbers with others, is of another size than the result, is much.
        [
          ['reshape', 'square'],
          ['clone', 'clone', 'square'],
          ['double', 'half'],
          ['half', 'double'],
          times(9, () => 'square'),
        ],
        ...times(4, () =>
          times(4, () =>
            times(1 + draw.integer(7), () => draw.choice(['square', 'reshape', 'clone', 'double', 'half'])),
          ),
        ),
      ].map(
        (makers) =>
          [makers, exactly({ leaks: makers.map((steps) => steps.length - 1), calls: makers.map(() => 1) })] as const,
      ),
    (answer, makers, { tf }) => {
      type Vector = ReturnType<typeof tf.tensor>;
      const steps: Record<string, (tensor: Vector) => Vector> = {
        square: (tensor) => tensor.square(),
        reshape: (tensor) => tensor.reshape([tensor.size]),
        clone: (tensor) => tensor.clone(),
        double: (tensor) => tf.concat([tensor, tensor]),
        half: (tensor) => tensor.slice([0], [Math.ceil(tensor.size / 2)]),
      };
      const source = tf.tensor1d([1, 2]);
      const calls = makers.map(() => 0);
      const leaks = answer(
        makers.map((names, i) => () => {
          calls[i]++;
          return names.reduce((tensor, name) => steps[name](tensor), source as Vector);
        }),
      );
      return { leaks, calls };
    },
    {
      look: 'Call each function once, and count the tensors that live before and after, not their bytes or buffers: some share them. One of the tensors is the result.',
    },
  ),
  {
    ...probe(
      'leaves no tensor behind',
      1,
      [[[[1], [1, 1], [1, 1, 1], [1], [1], [1, 1], [1], [1, 1]], exactly([0, 1, 2, 0, 0, 1, 0, 1])]],
      (answer, makers: number[][], { tf }) => {
        const source = tf.ones([2]);
        const leaks = answer(
          makers.map(
            (steps) => () => steps.reduce<ReturnType<typeof tf.tensor>>((tensor, power) => tensor.mul(power), source),
          ),
        );
        source.dispose();
        return leaks;
      },
      {
        look: 'The numbers must be right, and no tensor may be left: try `tf.memory().numTensors` before and after a call.',
      },
    ),
    frees: true,
  },
]);
