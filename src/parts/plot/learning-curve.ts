import { displaySymbol, newOutputId, output, type MimeBundle } from '../display';
import { type AxesText, type AxisScales, type Figure } from './figure';
import { line, type Series } from './line';
import { livePicture } from './live-picture';

export interface LearningCurveOptions extends AxesText, Pick<AxisScales, 'yScale' | 'yRange'> {
  readonly series: readonly Series[];
}

/** How a measure moves while a model learns: one line each for training and validation. */
export const learningCurve = (options: LearningCurveOptions): Figure => line(options);

export interface LiveCurveOptions extends AxesText, Pick<AxisScales, 'yScale' | 'yRange'> {
  /** Names of the lines. */
  readonly series: readonly string[];
}

/** A learning curve that grows in place. */
export interface LiveCurve {
  /** Adds a value to each line named, at `x` (for example the epoch). Redraws at most four times a second. */
  add(x: number, values: Readonly<Record<string, number>>): void;
  /** Draws the last state, which stays in the notebook. Say in `alt` what came out. */
  done(alt?: string): void;
}

const EVERY_MS = 250;

/**
 * Shows a learning curve that is drawn while a model trains.
 *
 * @example
 * import { liveCurve } from 'layerwise/plot';
 * const curve = liveCurve({
 *   title: 'The loss falls', alt: 'A curve of the loss that halves with every epoch, from 1 to 0.25.',
 *   xLabel: 'epoch', yLabel: 'loss', series: ['training'],
 * });
 * [1, 0.5, 0.25].forEach((loss, epoch) => curve.add(epoch, { training: loss }));
 * curve.done();
 */
export function liveCurve(options: LiveCurveOptions): LiveCurve {
  const id = newOutputId();
  const lines = options.series.map((name) => ({ name, x: new Array<number>(), y: new Array<number>() }));
  let shownAt = -Infinity;
  let update = false;
  const show = (bundle: MimeBundle): void => {
    output(bundle, { id, update });
    update = true;
    shownAt = performance.now();
  };
  return {
    add(x, values) {
      for (const [name, value] of Object.entries(values)) {
        const found = lines.find((known) => known.name === name);
        if (!found)
          throw new RangeError(`liveCurve: expected one of the series ${options.series.join(', ')}, got "${name}"`);
        found.x.push(x);
        found.y.push(value);
      }
      if (performance.now() - shownAt >= EVERY_MS)
        show({ 'text/html': livePicture(options, options, lines), 'text/plain': options.alt });
    },
    done(alt = options.alt) {
      show(learningCurve({ ...options, alt, series: lines.filter((known) => known.x.length > 0) })[displaySymbol]());
    },
  };
}
