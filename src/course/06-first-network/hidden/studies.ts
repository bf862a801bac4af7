import type { Comparer } from '../../../parts/grading/compare';
import type { RandomGenerator } from '../../../parts/random';
import { studied, type Study } from '../studies';
import { times, wholes } from '../../../parts/grading/draws';

/**
 * Few pictures, each of a class of its own, asked for twice; the rows that follow them show the same pictures with
 * other classes.
 */
export function contradicted(draw: RandomGenerator): Study {
  const count = 5 + draw.integer(3);
  const pictures = times(count, () => times(64, () => draw.integer(17)));
  const labels = draw.shuffle(times(10, (i) => i)).slice(0, count);
  return [
    [...pictures, ...pictures, ...pictures],
    [...labels, ...times(2 * count, (i) => labels[(i + 1) % count])],
    [count, count],
    199,
  ];
}

/** The same picture again and again, with drawn classes: the loss soon stands still. */
export function plateau(draw: RandomGenerator): Study {
  const picture = times(64, () => draw.integer(17));
  return [times(40, () => picture), wholes(draw, 40, 10), [40], 53];
}

/** The first model knows the class of each row that it was given, and not that of a row after them. */
export const knowsItsRows = (studies: readonly Study[]): Comparer =>
  studied(studies, 'a model that knows each row it was given', ([knows]) => {
    const [[images, labels, [count]]] = studies;
    return knows.predict(images.slice(0, count)).every((p, i) => p[labels[i]] >= 0.65)
      ? undefined
      : 'a model that does not know each of its rows';
  });
