import { answersTo } from '../../../parts/grading/known-answers';
import { countSteps } from '../exercises';

const { wrong, slow, mistake } = answersTo(countSteps);

wrong('drops the last batch', 0, (rows, batchSize, epochs) => {
  return Math.floor(rows / batchSize) * epochs;
});

wrong('rounds over all epochs', 0, (rows, batchSize, epochs) => {
  return Math.ceil((rows * epochs) / batchSize);
});

wrong('adds nearly 1', 0, (rows, batchSize, epochs) => {
  return Math.floor(rows / batchSize + 0.99) * epochs;
});

wrong('adds a step always', 0, (rows, batchSize, epochs) => {
  return (Math.floor(rows / batchSize) + 1) * epochs;
});

slow(0, (rows, batchSize, epochs) => {
  const end = Date.now() + 600_000;
  while (Date.now() < end);
  return Math.ceil(rows / batchSize) * epochs;
});

mistake('leaves out the last batch', (rows, batchSize, epochs) => {
  return Math.floor(rows / batchSize) * epochs;
});
