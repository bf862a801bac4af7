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
  return {
    images: [...pictures, ...pictures, ...pictures],
    labels: [...labels, ...times(2 * count, (i) => labels[(i + 1) % count])],
    counts: [count, count],
    epochs: 199,
  };
}

/** The same picture again and again, with drawn classes: the loss soon stands still. */
export function plateau(draw: RandomGenerator): Study {
  const picture = times(64, () => draw.integer(17));
  return { images: times(40, () => picture), labels: wholes(draw, 40, 10), counts: [40], epochs: 53 };
}

/** The first model knows the class of each row that it was given, and not that of a row after them. */
export const knowsItsRows = (studies: readonly Study[]): Comparer =>
  studied(studies, 'a model that knows each row it was given', ([knows]) => {
    const [
      {
        images,
        labels,
        counts: [count],
      },
    ] = studies;
    return knows.says(images.slice(0, count)).every((p, i) => p[labels[i]] >= 0.65)
      ? undefined
      : 'a model that does not know each of its rows';
  });
