import { formatNumber } from '../display';
import { diagram, type Figure, type FigureText } from '../plot';
import { Value } from './value';

const MOST_NODES = 60;

/**
 * A picture of how a value was computed: each box is a value with its operation, its number and, after `backward`, its
 * gradient.
 *
 * @throws RangeError where there are more than 60 values: too many to read.
 */
export function computationGraph(root: Value, text: FigureText): Figure {
  const values = root.ancestors();
  if (values.length > MOST_NODES)
    throw new RangeError(`computationGraph: expected at most ${MOST_NODES} values to draw, got ${values.length}`);
  const id = new Map(values.map((value, i) => [value, String(i)]));
  const idOf = (value: Value): string => id.get(value) ?? '';
  return diagram({
    ...text,
    nodes: values.map((value) => ({
      id: idOf(value),
      label: [
        nameOf(value),
        formatNumber(value.data),
        ...(root.gradient === 0 ? [] : [`gradient ${formatNumber(value.gradient)}`]),
      ],
    })),
    edges: values.flatMap((value) =>
      [...new Set(value.inputs)].map((input): [string, string] => [idOf(input), idOf(value)]),
    ),
  });
}

function nameOf({ label, operation, data }: Value): string {
  if (operation === '') return label === '' ? 'given' : label === String(data) ? 'constant' : label;
  return label === '' ? operation : `${label} (${operation})`;
}
