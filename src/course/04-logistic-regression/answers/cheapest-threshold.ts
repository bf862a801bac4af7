import { answersTo } from '../../../parts/grading/known-answers';
import { cheapestThreshold } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(cheapestThreshold);

wrong('ignores the costs', 0, (y, probabilities, thresholds) => {
  const cost = (t: number): number => y.filter((label, i) => (probabilities[i] > t ? 1 : 0) !== label).length;
  return [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];
});

wrong('takes the first of equal ones', 3, (y, probabilities, thresholds, { alarm, miss }) => {
  const cost = (t: number): number =>
    y.reduce((sum, label, i) => sum + (probabilities[i] > t ? (label === 0 ? alarm : 0) : label === 1 ? miss : 0), 0);
  return [...thresholds].sort((a, b) => cost(a) - cost(b))[0];
});

wrong('sorts the thresholds as texts', 3, (y, probabilities, thresholds, { alarm, miss }) => {
  const cost = (t: number): number =>
    y.reduce((sum, label, i) => sum + (probabilities[i] > t ? (label === 0 ? alarm : 0) : label === 1 ? miss : 0), 0);
  return [...thresholds].sort().reduce((best, t) => (cost(t) < cost(best) ? t : best));
});

wrong('takes the first where there are no rows', 4, (y, probabilities, thresholds, { alarm, miss }) => {
  if (y.length === 0) return thresholds[0];
  const cost = (t: number): number =>
    y.reduce((sum, label, i) => sum + (probabilities[i] > t ? (label === 0 ? alarm : 0) : label === 1 ? miss : 0), 0);
  return [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];
});

wrong('exchanges the costs', 0, (y, probabilities, thresholds, { alarm, miss }) => {
  const cost = (t: number): number =>
    y.reduce((sum, label, i) => sum + (probabilities[i] > t ? (label === 0 ? miss : 0) : label === 1 ? alarm : 0), 0);
  return [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];
});

slow(2, (y, probabilities, thresholds, { alarm, miss }) => {
  if (y.length > 6) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  const cost = (t: number): number =>
    y.reduce((sum, label, i) => sum + (probabilities[i] > t ? (label === 0 ? alarm : 0) : label === 1 ? miss : 0), 0);
  return [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];
});

unusual('with a map and spread', (y, probabilities, thresholds, { alarm, miss }) => {
  const costs = new Map(
    thresholds.map((t) => [
      t,
      probabilities.reduce((sum, p, i) => sum + Number(p > t && !y[i]) * alarm + Number(p <= t && !!y[i]) * miss, 0),
    ]),
  );
  const lowest = Math.min(...costs.values());
  return Math.min(...[...costs].filter(([, cost]) => cost === lowest).map(([t]) => t));
});

mistake('takes the first lowest cost of the list', (y, probabilities, thresholds, { alarm, miss }) => {
  const costs = thresholds.map((t) =>
    y.reduce(
      (sum, label, i) =>
        sum + (probabilities[i] > t && label === 0 ? alarm : probabilities[i] <= t && label === 1 ? miss : 0),
      0,
    ),
  );
  return thresholds[costs.indexOf(Math.min(...costs))];
});

mistake('sorts the thresholds in place', (y, probabilities, thresholds, { alarm, miss }) => {
  const cost = (t: number): number =>
    y.reduce(
      (sum, label, i) =>
        sum + (probabilities[i] > t && label === 0 ? alarm : probabilities[i] <= t && label === 1 ? miss : 0),
      0,
    );
  return thresholds.sort((a, b) => cost(a) - cost(b) || a - b)[0];
});
