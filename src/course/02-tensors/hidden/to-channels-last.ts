import { nearTensor } from '../../../parts/grading/compare';
import { runChannels, toChannelsLast } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { numbers, times, wholes } from '../../../parts/grading/draws';

export const toChannelsLastTests = hiddenTests(toChannelsLast, ({ probe }) => [
  probe(
    'is right for batches of images',
    2,
    (draw) =>
      times(6, (i) => {
        const shape = [1 + (i % 3), 1 + ((i + 1) % 5), 2 + (i % 2), 4] as const;
        const [batch, channels, rows, columns] = shape;
        const dtype = i % 2 === 0 ? 'float32' : 'int32';
        const values =
          dtype === 'float32'
            ? numbers(draw, batch * channels * rows * columns, 9)
            : wholes(draw, batch * channels * rows * columns, 256);
        const expected = times(values.length, (k) => {
          const [c, x, y, n] = [
            k % channels,
            Math.floor(k / channels) % columns,
            Math.floor(k / channels / columns) % rows,
            Math.floor(k / channels / columns / rows),
          ];
          return values[((n * channels + c) * rows + y) * columns + x];
        });
        return [{ shape, values, dtype }, nearTensor([batch, rows, columns, channels], expected, { dtype })] as const;
      }),
    runChannels,
    { look: 'Try images of two rows, two images, other numbers of channels than three, and images of type int32.' },
  ),
]);
