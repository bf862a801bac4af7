import { answersTo } from '../../../parts/grading/known-answers';
import { countParameters } from '../exercises';

const { wrong, slow, mistake } = answersTo(countParameters);

wrong('forgets the biases', 0, (sizes) => {
  return sizes.slice(1).reduce((sum, units, l) => sum + sizes[l] * units, 0);
});

wrong('gives the inputs biases', 0, (sizes) => {
  return (
    sizes.slice(1).reduce((sum, units, l) => sum + sizes[l] * units, 0) + sizes.reduce((sum, units) => sum + units, 0)
  );
});

wrong('knows two layers', 1, (sizes) => {
  const [a, b, c = 0] = sizes;
  return (a + 1) * b + (b + 1) * c;
});

slow(1, (sizes) => {
  if (sizes.length > 3) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  const [a, b, c = 0] = sizes;
  return (a + 1) * b + (b + 1) * c;
});

mistake('knows one hidden layer', (sizes) => {
  return sizes.length === 2
    ? sizes[0] * sizes[1] + sizes[1]
    : (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[sizes.length - 1];
});
