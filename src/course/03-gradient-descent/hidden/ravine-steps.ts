import { exactly } from '../../../parts/grading/compare';
import { ravineSteps } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times } from '../../../parts/grading/draws';

/** Walks in the ravine x² + 25y², as the task says. */
function walk(momentum: number): number {
  const place = [-1.8, 0.6];
  const velocity = [0, 0];
  for (let steps = 0; ; steps++) {
    if (Math.sqrt(place[0] ** 2 + place[1] ** 2) < 0.001) return steps;
    const gradient = [2 * place[0], 50 * place[1]];
    for (const i of [0, 1]) {
      velocity[i] = momentum * velocity[i] - 0.02 * gradient[i];
      place[i] += velocity[i];
    }
  }
}

export const ravineStepsTests = hiddenTests(ravineSteps, ({ calls }) => [
  calls(
    'counts for any momentum',
    2,
    (draw) =>
      [0.985, draw.between(0.988, 0.998), 0.999, 0.67, ...times(4, () => draw.between(0.1, 0.95))].map(
        (momentum) =>
          [[Math.round(momentum * 1000) / 1000], exactly(walk(Math.round(momentum * 1000) / 1000))] as const,
      ),
    {
      look: 'Gradient at the old place, then the velocity, then the place; the first place counts as 0 steps. The distance is √(x² + y²), and with much momentum it may take thousands of steps.',
    },
  ),
]);
