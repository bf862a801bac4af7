import { Value } from '../../../parts/autodiff';
import { answersTo } from '../../../parts/grading/known-answers';
import { neuron } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(neuron);

wrong('leaves the graph', 2, (w, x, b) => {
  return new Value(Math.tanh(w[0].data * x[0] + w[1].data * x[1] + b.data));
});

wrong('forgets the bias', 0, (w, x) => {
  return w[0].mul(x[0]).add(w[1].mul(x[1])).tanh();
});

wrong('forgets tanh', 0, (w, x, b) => {
  return w[0].mul(x[0]).add(w[1].mul(x[1])).add(b);
});

slow(2, (w, x, b) => {
  if (x[1] !== 0) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return w[0].mul(x[0]).add(w[1].mul(x[1])).add(b).tanh();
});

unusual('with tanh from a sigmoid', (w, x, b) => {
  const z = b.add(w[1].mul(x[1])).add(w[0].mul(x[0]));
  return z.mul(2).sigmoid().mul(2).sub(1);
});

mistake('divides exponentials', (w, x, b) => {
  const e = w[0].mul(x[0]).add(w[1].mul(x[1])).add(b).mul(2).exp();
  return e.sub(1).div(e.add(1));
});

mistake('skips an input of 0', (w, x, b) => {
  let z = b;
  if (x[0]) z = z.add(w[0].mul(x[0]));
  if (x[1]) z = z.add(w[1].mul(x[1]));
  return z.tanh();
});

mistake('takes the second input for the first', (w, x, b) => {
  return w[0].mul(x[0]).add(w[1].mul(x[0]).mul(x[1])).add(b).tanh();
});
