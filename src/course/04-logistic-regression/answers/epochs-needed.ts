import { answersTo } from '../../../parts/grading/known-answers';
import { epochsNeeded } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(epochsNeeded);

wrong('counts from 0', 1, (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 1000; epoch++) {
    let mistakes = 0;
    x.forEach((row, i) => {
      const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);
      if (error !== 0) mistakes++;
      w = w.map((value, j) => value + error * row[j]);
      b += error;
    });
    if (mistakes === 0) return epoch - 1;
  }
  return Infinity;
});

wrong('stops after three epochs', 1, (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 3; epoch++) {
    let mistakes = 0;
    x.forEach((row, i) => {
      const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);
      if (error !== 0) mistakes++;
      w = w.map((value, j) => value + error * row[j]);
      b += error;
    });
    if (mistakes === 0) return epoch;
  }
  return Infinity;
});

wrong('gives up after 20', 2, (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 20; epoch++) {
    let mistakes = 0;
    x.forEach((row, i) => {
      const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);
      if (error !== 0) mistakes++;
      w = w.map((value, j) => value + error * row[j]);
      b += error;
    });
    if (mistakes === 0) return epoch;
  }
  return Infinity;
});

wrong('stops before the 1,000th epoch', 4, (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 999; epoch++) {
    let mistakes = 0;
    x.forEach((row, i) => {
      const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);
      if (error !== 0) mistakes++;
      w = w.map((value, j) => value + error * row[j]);
      b += error;
    });
    if (mistakes === 0) return epoch;
  }
  return Infinity;
});

wrong('goes on after the 1,000th epoch', 4, (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 1001; epoch++) {
    let mistakes = 0;
    x.forEach((row, i) => {
      const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);
      if (error !== 0) mistakes++;
      w = w.map((value, j) => value + error * row[j]);
      b += error;
    });
    if (mistakes === 0) return epoch;
  }
  return Infinity;
});

wrong('knows the examples', 2, (x, y) => {
  return (
    new Map([
      ['0001', 6],
      ['0111', 4],
      ['11', 2],
      ['10', 2],
    ]).get(y.join('')) ?? Infinity
  );
});

wrong('gives up after 100', 2, (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 100; epoch++) {
    let mistakes = 0;
    x.forEach((row, i) => {
      const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);
      if (error !== 0) mistakes++;
      w = w.map((value, j) => value + error * row[j]);
      b += error;
    });
    if (mistakes === 0) return epoch;
  }
  return Infinity;
});

wrong('has no bias', 1, (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 1000; epoch++) {
    let mistakes = 0;
    x.forEach((row, i) => {
      const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);
      if (error !== 0) mistakes++;
      w = w.map((value, j) => value + error * row[j]);
      b += 0;
    });
    if (mistakes === 0) return epoch;
  }
  return Infinity;
});

slow(1, (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 1e12; epoch++) {
    let mistakes = 0;
    x.forEach((row, i) => {
      const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);
      if (error !== 0) mistakes++;
      w = w.map((value, j) => value + error * row[j]);
      b += error;
    });
    if (mistakes === 0) return epoch;
  }
  return Infinity;
});

unusual('by a recursive function', (x, y) => {
  const go = (w: number[], b: number, epoch: number): number => {
    if (epoch > 1000) return Infinity;
    let mistakes = 0;
    for (const [i, row] of x.entries()) {
      const error = y[i] - Number(row.reduce((z, value, j) => z + w[j] * value, b) > 0);
      mistakes += Math.abs(error);
      w = w.map((value, j) => value + error * row[j]);
      b += error;
    }
    return mistakes === 0 ? epoch : go(w, b, epoch + 1);
  };
  return go(
    x[0].map(() => 0),
    0,
    1,
  );
});

mistake('corrects once an epoch', (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 1000; epoch++) {
    const errors = x.map((row, i) => y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0));
    if (errors.every((error) => error === 0)) return epoch;
    w = w.map((value, j) => value + errors.reduce((sum, error, i) => sum + error * x[i][j], 0));
    b += errors.reduce((sum, error) => sum + error, 0);
  }
  return Infinity;
});

mistake('takes a sum of 0 for class 1', (x, y) => {
  let w = x[0].map(() => 0);
  let b = 0;
  for (let epoch = 1; epoch <= 1000; epoch++) {
    const errors = x.map((row, i) => y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) >= 0 ? 1 : 0));
    if (errors.every((error) => error === 0)) return epoch;
    w = w.map((value, j) => value + errors.reduce((sum, error, i) => sum + error * x[i][j], 0));
    b += errors.reduce((sum, error) => sum + error, 0);
  }
  return Infinity;
});
