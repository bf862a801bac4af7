import { activations } from '../../../parts/nn';
import { answersTo } from '../../../parts/grading/known-answers';
import { softplus } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(softplus);

wrong('overflows', 3, () => {
  return { name: 'softplus', value: (z) => Math.log(1 + Math.exp(z)), derivative: activations.sigmoid.value };
});

wrong('is ReLU where |z| is above 10', 2, () => {
  return {
    name: 'softplus',
    value: (z) => (z > 10 ? z : z < -10 ? 0 : Math.log(1 + Math.exp(z))),
    derivative: (z) => (z > 10 ? 1 : z < -10 ? 0 : 1 / (1 + Math.exp(-z))),
  };
});

wrong('is ReLU where |z| is above 12', 3, () => {
  return {
    name: 'softplus',
    value: (z) => (z > 12 ? z : z < -12 ? 0 : Math.log(1 + Math.exp(z))),
    derivative: activations.sigmoid.value,
  };
});

wrong('has a derivative that overflows', 3, () => {
  return {
    name: 'softplus',
    value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    derivative: (z) => Math.exp(z) / (1 + Math.exp(z)),
  };
});

wrong('has the derivative of sigmoid', 3, () => {
  return {
    name: 'softplus',
    value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    derivative: activations.sigmoid.derivative,
  };
});

wrong('is ReLU', 0, () => {
  return activations.relu;
});

slow(2, () => {
  return {
    name: 'softplus',
    value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    derivative: (z) => {
      const end = Date.now() + 600_000;
      while (Date.now() < end);
      return activations.sigmoid.value(z);
    },
  };
});

unusual('with a frozen object and an integral', () => {
  const value = (z: number): number => (z > 40 ? z : Math.log1p(Math.exp(z)));
  return Object.freeze({ name: 'softplus', value, derivative: (z: number) => 1 - 1 / (1 + Math.exp(z)) });
});

mistake('has the slope of ReLU', () => {
  return {
    name: 'softplus',
    value: (z) => (z > 30 ? z : Math.log(1 + Math.exp(z))),
    derivative: (z) => (z > 30 ? 1 : z < -30 ? 0 : z === 0 ? 0.5 : z > 0 ? 1 : 0),
  };
});
