import { answersTo } from '../../../parts/grading/known-answers';
import { stopsAfter } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(stopsAfter);

wrong('compares with the epoch before', 1, (losses, patience) => {
  let waited = 0;
  for (const [epoch, loss] of losses.entries()) {
    waited = epoch === 0 || loss < losses[epoch - 1] ? 0 : waited + 1;
    if (waited >= patience) return epoch + 1;
  }
  return losses.length;
});

wrong('takes NaN for neither', 3, (losses, patience) => {
  let [best, waited] = [Infinity, 0];
  for (const [epoch, loss] of losses.entries()) {
    if (loss < best) [best, waited] = [loss, 0];
    else if (loss >= best) waited++;
    if (waited >= patience) return epoch + 1;
  }
  return losses.length;
});

wrong('counts epochs from 0', 0, (losses, patience) => {
  let [best, waited] = [Infinity, 0];
  for (const [epoch, loss] of losses.entries()) {
    waited = loss < best ? 0 : waited + 1;
    best = Math.min(best, loss);
    if (waited >= patience) return epoch;
  }
  return losses.length;
});

wrong('takes the first loss for the best, be it NaN', 3, (losses, patience) => {
  let [best, waited] = [losses[0], 0];
  for (let i = 1; i < losses.length; i++) {
    if (losses[i] < best) [best, waited] = [losses[i], 0];
    else waited++;
    if (waited >= patience) return i + 1;
  }
  return losses.length;
});

wrong('takes 10 for larger than any loss', 2, (losses, patience) => {
  let [best, waited] = [10, 0];
  for (const [epoch, loss] of losses.entries()) {
    if (loss < best) [best, waited] = [loss, 0];
    else waited++;
    if (waited >= patience) return epoch + 1;
  }
  return losses.length;
});

wrong('takes a little lower for no lower', 1, (losses, patience) => {
  let [best, waited] = [Infinity, 0];
  for (const [epoch, loss] of losses.entries()) {
    if (loss < best - 1e-6) [best, waited] = [loss, 0];
    else waited++;
    if (waited >= patience) return epoch + 1;
  }
  return losses.length;
});

wrong('takes an equal loss for better', 1, (losses, patience) => {
  let [best, waited] = [Infinity, 0];
  for (const [epoch, loss] of losses.entries()) {
    waited = loss <= best ? 0 : waited + 1;
    best = Math.min(best, loss);
    if (waited >= patience) return epoch + 1;
  }
  return losses.length;
});

slow(2, (losses, patience) => {
  if (losses.length > 8) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  let [best, waited] = [Infinity, 0];
  for (const [epoch, loss] of losses.entries()) {
    if (loss < best) [best, waited] = [loss, 0];
    else waited++;
    if (waited >= patience) return epoch + 1;
  }
  return losses.length;
});

unusual('by looking for a window', (losses, patience) => {
  const seen = losses.map((loss) => (Number.isNaN(loss) ? Infinity : loss));
  for (let stop = patience - 1; stop < losses.length; stop++) {
    const before = Math.min(Infinity, ...seen.slice(0, stop - patience + 1));
    if (losses.slice(stop - patience + 1, stop + 1).every((loss) => !(loss < before))) return stop + 1;
  }
  return losses.length;
});

mistake('wants it lower by a thousandth', (losses, patience) => {
  let [best, bad] = [Infinity, 0];
  for (let i = 0; i < losses.length; i++) {
    if (losses[i] < best - 1e-3) [best, bad] = [losses[i], 0];
    else if (++bad >= patience) return i + 1;
  }
  return losses.length;
});

mistake('counts an equal loss as better', (losses, patience) => {
  let best = Infinity;
  let waited = 0;
  for (const [epoch, loss] of losses.entries()) {
    waited = loss <= best ? 0 : waited + 1;
    best = Math.min(best, loss);
    if (waited >= patience) return epoch + 1;
  }
  return losses.length;
});
