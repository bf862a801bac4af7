// The network on the front page learns while one looks. `exports` is what spiral/network.ts exports: this script and
// that file become one.
const { accuracy, makeNetwork, paint, spiral, train } = exports;
const SIZE = 400;
const MOST_STEPS = 3000;
const MILLISECONDS_A_PICTURE = 12;

const figure = document.querySelector('.spiral');
const form = figure.querySelector('form');
const button = form.querySelector('button');
const [numbers, status] = ['figcaption', '[role="status"]'].map((place) => figure.querySelector(place));
const canvas = Object.assign(document.createElement('canvas'), { width: SIZE, height: SIZE });
canvas.setAttribute('role', 'img');
canvas.setAttribute('aria-label', 'The plane as the network sees it now, with the points of both arms');
figure.querySelector('img').replaceWith(canvas);

const points = spiral();
let network;
let isRunning = false;
/** The first network is the same for everyone; a few of a hundred seeds get stuck. */
let seed = 0;

const show = (loss) => {
  canvas.getContext('2d').putImageData(new ImageData(paint(network, points, SIZE), SIZE, SIZE), 0, 0);
  const right = Math.round(accuracy(network, points) * points.length);
  numbers.textContent = `Step ${network.steps}, loss ${loss.toFixed(3)}, ${right} of ${points.length} points right`;
  return right === points.length;
};

const stop = (text, next) => {
  isRunning = false;
  button.textContent = next;
  status.textContent = text;
};

const go = () => {
  if (!isRunning) return;
  const { value: rate } = form.elements.rate;
  const until = performance.now() + MILLISECONDS_A_PICTURE;
  let loss;
  do loss = train(network, points, Number(rate));
  while (performance.now() < until && network.steps < MOST_STEPS);
  const isLearned = show(loss) && loss < 0.01;
  if (isLearned) stop(`Learned in ${network.steps} steps.`, 'Train again');
  else if (network.steps >= MOST_STEPS) stop(`${MOST_STEPS} steps: this network gets no further.`, 'Train again');
  else requestAnimationFrame(go);
};

const begin = () => {
  const { width, depth, activation } = form.elements;
  network = makeNetwork({
    width: Number(width.value),
    depth: Number(depth.value),
    activation: activation.value,
    seed: ++seed,
  });
};

const run = () => {
  isRunning = true;
  button.textContent = 'Pause';
  status.textContent = 'It learns.';
  requestAnimationFrame(go);
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (isRunning) return stop('Paused.', 'Go on');
  if (button.textContent === 'Train again') begin();
  run();
});
// Another rate is followed from the next step on; another shape is another network.
form.addEventListener('change', ({ target }) => {
  if (target.name !== 'rate') begin();
  if (!isRunning) run();
});
begin();
run();
