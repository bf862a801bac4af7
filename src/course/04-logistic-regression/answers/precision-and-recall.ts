import { answersTo } from '../../../parts/grading/known-answers';
import { precisionAndRecall } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(precisionAndRecall);

wrong('exchanges the two', 2, (y, predicted) => {
  const [tp, said, are] = [
    y.filter((label, i) => label === 1 && predicted[i] === 1),
    predicted.filter((label) => label === 1),
    y.filter((label) => label === 1),
  ].map(({ length }) => length);
  return { precision: are === 0 ? 0 : tp / are, recall: said === 0 ? 0 : tp / said };
});

wrong('divides by 0', 3, (y, predicted) => {
  const [tp, said, are] = [
    y.filter((label, i) => label === 1 && predicted[i] === 1),
    predicted.filter((label) => label === 1),
    y.filter((label) => label === 1),
  ].map(({ length }) => length);
  return { precision: tp / said, recall: tp / are };
});

wrong('takes every class but 0 for class 1', 2, (y, predicted) => {
  const count = (of: (label: number, said: number) => number): number =>
    y.filter((label, i) => of(label, predicted[i])).length;
  const [tp, said, are] = [count((label, p) => label && p), count((_, p) => p), count((label) => label)];
  return { precision: tp / said || 0, recall: tp / are || 0 };
});

wrong('adds something small below', 2, (y, predicted) => {
  const [tp, said, are] = [
    y.filter((label, i) => label === 1 && predicted[i] === 1),
    predicted.filter((label) => label === 1),
    y.filter((label) => label === 1),
  ].map(({ length }) => length);
  return { precision: tp / (said + 1e-9), recall: tp / (are + 1e-9) };
});

wrong('gives the accuracy', 0, (y, predicted) => {
  const right = y.filter((label, i) => label === predicted[i]).length / y.length;
  return { precision: right, recall: right };
});

slow(2, (y, predicted) => {
  if (y.length > 5) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  const [tp, said, are] = [
    y.filter((label, i) => label === 1 && predicted[i] === 1),
    predicted.filter((label) => label === 1),
    y.filter((label) => label === 1),
  ].map(({ length }) => length);
  return { precision: tp / said || 0, recall: tp / are || 0 };
});

unusual('with a class instance', (y, predicted) => {
  class Scores {
    precision = 0;
    recall = 0;
  }
  const scores = new Scores();
  const [said, are] = [predicted, y].map((list) => list.reduce((n, value) => n + Number(value === 1), 0));
  const tp = y.reduce((n, label, i) => n + Number(label === 1 && predicted[i] === 1), 0);
  if (said > 0) scores.precision = tp / said;
  if (are > 0) scores.recall = tp / are;
  return scores;
});

unusual('with NaN turned into 0', (y, predicted) => {
  const rows = y.map((label, i) => [label === 1, predicted[i] === 1]);
  const hits = rows.filter(([are, said]) => are && said).length;
  const quotient = (of: number): number => hits / rows.filter((row) => row[of]).length || 0;
  return { recall: quotient(0), precision: quotient(1) };
});

mistake('scores class 0 where class 1 never occurs', (y, predicted) => {
  const of = y.includes(1) ? 1 : 0;
  const count = (truth: number, said: number): number =>
    y.filter((label, i) => label === truth && predicted[i] === said).length;
  const [tp, fp, fn] = [count(of, of), count(1 - of, of), count(of, 1 - of)];
  return { precision: tp / (tp + fp) || 0, recall: tp / (tp + fn) || 0 };
});
