// Controls of each kind with a figure whose title says their values.
import { choice, explore, line, point, slider, toggle, type Figure } from '../../../src/parts/plot';

export const PLOTLY = 'application/vnd.plotly.v1+json';

export const figureOf = (title: string): Figure =>
  line({
    title,
    alt: 'A line that rises from one to two between zero and one.',
    xLabel: 'x',
    yLabel: 'y',
    series: [{ name: 's', x: [0, 1], y: [1, 2] }],
  });
export const controls = () => ({
  rate: slider({ label: 'rate', min: 0.01, max: 1, value: 0.1, scale: 'log' }),
  kind: choice({ label: 'kind', options: ['relu', 'tanh'] }),
  fast: toggle({ label: 'fast' }),
  at: point({ label: 'start', x: [-1, 1], y: [0, 2], value: [0, 1] }),
});
export const make = () => explore(controls(), (values) => figureOf(JSON.stringify(values)));
const titleOf = (bundle: unknown): unknown => {
  const spec: unknown = Reflect.get(Object(bundle), PLOTLY);
  return (spec as Figure).layout.title;
};
export const valuesOf = (bundle: unknown): unknown => {
  const { text } = titleOf(bundle) as { text: string };
  return JSON.parse(text);
};
