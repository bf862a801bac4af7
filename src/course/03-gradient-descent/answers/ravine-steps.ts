import { answersTo } from '../../../parts/grading/known-answers';
import { ravineSteps } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(ravineSteps);

wrong('shrinks the gradient by 1 − momentum', 1, (momentum) => {
  let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, 0];
  while (Math.hypot(x, y) >= 0.001) {
    vx = momentum * vx - (1 - momentum) * 0.02 * 2 * x;
    vy = momentum * vy - (1 - momentum) * 0.02 * 50 * y;
    x += vx;
    y += vy;
    steps++;
  }
  return steps;
});

wrong('moves before the velocity changes', 0, (momentum) => {
  let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, 0];
  while (Math.hypot(x, y) >= 0.001) {
    x += vx;
    y += vy;
    vx = momentum * vx - 0.02 * 2 * x;
    vy = momentum * vy - 0.02 * 50 * y;
    steps++;
  }
  return steps;
});

wrong('knows one number', 1, (momentum) => {
  return momentum === 0 ? 184 : 100;
});

wrong('counts one too few', 0, (momentum) => {
  let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, -1];
  while (Math.hypot(x, y) >= 0.001) {
    vx = momentum * vx - 0.02 * 2 * x;
    vy = momentum * vy - 0.02 * 50 * y;
    x += vx;
    y += vy;
    steps++;
  }
  return steps;
});

slow(1, (momentum) => {
  if (momentum > 0) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return 184;
});

unusual('by recursion in blocks', (momentum) => {
  let state = { place: [-1.8, 0.6], velocity: [0, 0], steps: 0 };
  const next = ({ place: [x, y], velocity: [u, v], steps }: typeof state): typeof state => {
    const velocity = [momentum * u - 0.04 * x, momentum * v - 0.02 * 50 * y];
    return { place: [x + velocity[0], y + velocity[1]], velocity, steps: steps + 1 };
  };
  while (Math.sqrt(state.place[0] ** 2 + state.place[1] ** 2) >= 0.001) state = next(state);
  return state.steps;
});

mistake('gives up after five thousand steps', (momentum) => {
  let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, 0];
  while (Math.hypot(x, y) >= 0.001 && steps < 5000) {
    vx = momentum * vx - 0.02 * 2 * x;
    vy = momentum * vy - 0.02 * 50 * y;
    x += vx;
    y += vy;
    steps++;
  }
  return steps;
});

mistake('looks at each coordinate', (momentum) => {
  let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, 0];
  while (Math.abs(x) >= 0.001 || Math.abs(y) >= 0.001) {
    vx = momentum * vx - 0.02 * 2 * x;
    vy = momentum * vy - 0.02 * 50 * y;
    x += vx;
    y += vy;
    steps++;
  }
  return steps;
});

mistake('looks at the squared distance', (momentum) => {
  let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, 0];
  while (x * x + y * y >= 0.001) {
    vx = momentum * vx - 0.02 * 2 * x;
    vy = momentum * vy - 0.02 * 50 * y;
    x += vx;
    y += vy;
    steps++;
  }
  return steps;
});
