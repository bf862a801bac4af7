import { answersTo } from '../../../parts/grading/known-answers';
import { countGraphs } from '../exercises';

const { wrong, slow, mistake } = answersTo(countGraphs);

wrong('always counts a rest', 0, (rows, batchSize) => {
  return rows % batchSize === 0 ? 1 : 2;
});

wrong('says two', 0, (rows, batchSize) => {
  return batchSize > 0 ? 2 : rows;
});

wrong('takes 32 for every batch size', 0, (rows, batchSize) => {
  if (rows < 32) return 1;
  return rows % batchSize === 0 ? 1 : 2;
});

wrong('counts the batches', 0, (rows, batchSize) => {
  return Math.ceil(rows / batchSize);
});

slow(2, (rows, batchSize) => {
  if (![96, 100, 10, 33, 20, 40].includes(rows)) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return rows < batchSize || rows % batchSize === 0 ? 1 : 2;
});

mistake('says two always', (rows, batchSize) => {
  return rows < batchSize ? 1 : 2;
});
