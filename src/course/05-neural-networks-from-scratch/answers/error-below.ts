import { matMul } from '../../../parts/nn';
import { answersTo } from '../../../parts/grading/known-answers';
import { errorBelow } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(errorBelow);

wrong('forgets the slope of ReLU', 0, (delta, weights) => {
  return delta.map((row) => weights.map((outgoing) => outgoing.reduce((sum, w, k) => sum + w * row[k], 0)));
});

wrong('lets the error through where z is 0', 0, (delta, weights, zBelow) => {
  return delta.map((row, i) =>
    weights.map((outgoing, j) => (zBelow[i][j] >= 0 ? outgoing.reduce((sum, w, k) => sum + w * row[k], 0) : 0)),
  );
});

wrong('adds up as many units as there are rows', 0, (delta, weights, zBelow) => {
  return zBelow.map((row, i) =>
    row.map((z, j) => (z > 0 ? delta.reduce((sum, _, k) => sum + delta[i][k] * weights[j][k], 0) : 0)),
  );
});

wrong('multiplies by z', 0, (delta, weights, zBelow) => {
  return delta.map((row, i) =>
    weights.map((outgoing, j) => Math.max(0, zBelow[i][j]) * outgoing.reduce((sum, w, k) => sum + w * row[k], 0)),
  );
});

wrong('takes the z of the first row', 0, (delta, weights, zBelow) => {
  return delta.map((row) =>
    weights.map((outgoing, j) => (zBelow[0][j] > 0 ? outgoing.reduce((sum, w, k) => sum + w * row[k], 0) : 0)),
  );
});

slow(2, (delta, weights, zBelow) => {
  if (delta.length > 2) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return delta.map((row, i) =>
    weights.map((outgoing, j) => (zBelow[i][j] > 0 ? outgoing.reduce((sum, w, k) => sum + w * row[k], 0) : 0)),
  );
});

unusual('with a matrix product', (delta, weights, zBelow) => {
  const transposed = weights[0].map((_, k) => weights.map((row) => row[k]));
  return matMul(delta, transposed).map((row, i) => row.map((value, j) => (zBelow[i][j] > 0 ? value : 0)));
});

mistake('multiplies by the weights the wrong way round', (delta, weights, zBelow) => {
  return delta.map((row, i) =>
    zBelow[i].map((z, j) =>
      z > 0 ? row.reduce((sum, error, k) => sum + error * (weights[k]?.[j] ?? weights[j][k]), 0) : 0,
    ),
  );
});
