import type { RandomGenerator } from '../random';

/** Points with a class each. */
export interface LabeledPoints {
  /** Coordinates, `[count][2]`. */
  readonly x: number[][];
  /** Class of each point, from 0. */
  readonly y: number[];
}

export interface PointOptions {
  /** How many points in all (default 200); shared evenly between the classes. */
  readonly count?: number;
  /** Standard deviation of the normal noise on each coordinate (default 0.1). */
  readonly noise?: number;
  /** Where the noise comes from. */
  readonly random: RandomGenerator;
}

function points(
  name: string,
  classes: number,
  options: PointOptions,
  place: (t: number, label: number, random: RandomGenerator) => readonly [number, number],
): LabeledPoints {
  const { count = 200, noise = 0.1, random } = options;
  if (!Number.isInteger(count) || count < classes)
    throw new RangeError(`${name}: expected a whole number of at least ${classes} as count, got ${count}`);
  if (!(noise >= 0)) throw new RangeError(`${name}: expected a noise of at least 0, got ${noise}`);
  const x: number[][] = [];
  const y: number[] = [];
  for (let label = 0; label < classes; label++) {
    const inClass = Math.floor(count / classes) + (label < count % classes ? 1 : 0);
    for (let i = 0; i < inClass; i++) {
      const [a, b] = place(inClass === 1 ? 0 : i / (inClass - 1), label, random);
      x.push([a + random.normal(0, noise), b + random.normal(0, noise)]);
      y.push(label);
    }
  }
  return { x, y };
}

/**
 * Two half circles that reach into each other: a line can't separate them.
 *
 * @example
 * import { makeMoons } from 'layerwise/data';
 * import { generator } from 'layerwise/random';
 * const { x, y } = makeMoons({ count: 100, random: generator(1) });
 */
export function makeMoons(options: PointOptions): LabeledPoints {
  return points('makeMoons', 2, options, (t, label) => {
    const angle = Math.PI * t;
    return label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  });
}

/** A circle of radius 1 around a circle of radius `factor` (default 0.5). */
export function makeCircles(options: PointOptions & { readonly factor?: number }): LabeledPoints {
  const { factor = 0.5 } = options;
  return points('makeCircles', 2, options, (t, label) => {
    const radius = label === 0 ? 1 : factor;
    return [radius * Math.cos(2 * Math.PI * t), radius * Math.sin(2 * Math.PI * t)];
  });
}

/** Spirals that wind around each other, `turns` times (default 1.5), one for each of `classes` (default 2). */
export function makeSpirals(
  options: PointOptions & { readonly classes?: number; readonly turns?: number },
): LabeledPoints {
  const { classes = 2, turns = 1.5 } = options;
  return points('makeSpirals', classes, options, (t, label) => {
    const radius = 0.1 + 0.9 * t;
    const angle = 2 * Math.PI * (turns * t + label / classes);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** Clouds of points around centers (default three), each normal with standard deviation `noise`. */
export function makeBlobs(
  options: PointOptions & { readonly centers?: ReadonlyArray<readonly [number, number]> },
): LabeledPoints {
  const {
    centers = [
      [-2, -1],
      [2, -1],
      [0, 2],
    ],
  } = options;
  return points('makeBlobs', centers.length, options, (_, label) => centers[label]);
}
