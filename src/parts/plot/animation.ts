import { Figure, makeFigure, type Spec } from './figure';
import { palette } from './theme';

export interface AnimationOptions {
  readonly title: string;
  readonly alt: string;
  /** The figure at each moment: all of one kind, with as many traces each. */
  readonly frames: readonly Figure[];
  /** What stands on the slider for each frame. */
  readonly labels: readonly string[];
  /** What the slider counts, for example "step". */
  readonly sliderLabel: string;
  /** Milliseconds a frame (default 300). */
  readonly frameMs?: number;
}

/** Figures in a row, with a play button and a slider. The first frame is what a page without scripts shows. */
export function animation(options: AnimationOptions): Figure {
  const { frames, labels, frameMs = 300 } = options;
  if (frames.length === 0 || frames.length !== labels.length)
    throw new RangeError(
      `animation: expected at least one frame and a label for each, got ${frames.length} frames and ${labels.length} labels`,
    );
  const odd = frames.findIndex((frame) => frame.data.length !== frames[0].data.length);
  if (odd > 0)
    throw new RangeError(
      `animation: expected ${frames[0].data.length} traces in each frame, got ${frames[odd].data.length} in frame ${odd}`,
    );
  const timing = {
    frame: { duration: frameMs, redraw: true },
    transition: { duration: 0 },
    fromcurrent: true,
    mode: 'immediate',
  };
  const { text, background, grid } = palette();
  const controls: Spec = {
    updatemenus: [
      {
        type: 'buttons',
        direction: 'left',
        showactive: false,
        x: 0,
        xanchor: 'left',
        y: -0.2,
        yanchor: 'top',
        pad: { t: 22, r: 10 },
        font: { color: text },
        bgcolor: background,
        bordercolor: grid,
        buttons: [
          { label: '▶ Play', method: 'animate', args: [null, timing] },
          {
            label: '❚❚ Pause',
            method: 'animate',
            args: [[null], { mode: 'immediate', frame: { duration: 0, redraw: false } }],
          },
        ],
      },
    ],
    sliders: [
      {
        x: 0.28,
        len: 0.7,
        y: -0.2,
        yanchor: 'top',
        pad: { t: 10 },
        currentvalue: { prefix: `${options.sliderLabel} `, xanchor: 'left' },
        font: { color: text },
        steps: labels.map((label) => ({
          label,
          method: 'animate',
          args: [[label], { ...timing, frame: { duration: 0, redraw: true } }],
        })),
      },
    ],
  };
  const { layout } = frames[0];
  return makeFigure(
    'animation',
    options,
    frames[0].data,
    {
      ...layout,
      ...momentOf(frames[0], options.title),
      meta: { alt: options.alt },
      margin: { ...Object(layout.margin), b: 140 },
      height: Number(layout.height) + 90,
      ...controls,
    },
    frames.map((frame, i) => ({ name: labels[i], data: frame.data, layout: momentOf(frame, options.title) })),
  );
}

/** What a frame says in its own layout: its title, which stands below the animation's, its notes and marks. */
function momentOf({ layout }: Figure, title: string): Spec {
  const { title: own, annotations = [], shapes = [] } = layout;
  const text = typeof own === 'object' && own !== null && 'text' in own && typeof own.text === 'string' ? own.text : '';
  return {
    title: { ...Object(own), text: title, subtitle: { text: text === title ? '' : text } },
    annotations,
    shapes,
  };
}
