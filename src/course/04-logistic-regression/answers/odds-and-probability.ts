import { answersTo } from '../../../parts/grading/known-answers';
import { oddsAndProbability } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(oddsAndProbability);

wrong('takes z for the odds', 0, (z) => {
  return { odds: z, probability: z / (1 + z) };
});

wrong('divides the odds by 1 plus the odds', 1, (z) => {
  const odds = Math.exp(z);
  return { odds, probability: odds / (1 + odds) };
});

wrong('rounds before it divides', 1, (z) => {
  const probability = 1 / (1 + Math.exp(-z));
  return { odds: probability / (1 - probability), probability };
});

wrong('takes a hundred for too large', 1, (z) => {
  return z > 100 ? { odds: Infinity, probability: 1 } : { odds: Math.exp(z), probability: 1 / (1 + Math.exp(-z)) };
});

wrong('takes the small away from 1', 1, (z) => {
  return { odds: Math.exp(z), probability: 1 - 1 / (1 + Math.exp(z)) };
});

wrong('has the probability of the other class', 0, (z) => {
  return { odds: Math.exp(z), probability: 1 / (1 + Math.exp(z)) };
});

slow(0, () => {
  const end = Date.now() + 600_000;
  while (Date.now() < end);
  return { odds: 1, probability: 0.5 };
});

unusual('by the stable form of chapter 04', (z) => {
  const odds = Math.exp(z);
  return { odds, probability: z > 0 ? 1 / (1 + Math.exp(-z)) : odds / (1 + odds) };
});

mistake('clips z', (z) => {
  const odds = Math.exp(Math.min(z, 700));
  return { odds, probability: odds / (1 + odds) };
});

mistake('takes 700 for too large', (z) => {
  return { odds: z > 700 ? Infinity : Math.exp(z), probability: z > 20 ? 1 : 1 / (1 + Math.exp(-z)) };
});
