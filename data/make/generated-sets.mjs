// Makes the generated sets of data/, always the same: node data/make/generated-sets.mjs [folder]
// The clip's digit is taken from scikit-learn's digits, so run sklearn_sets.py first.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { makeBlobs, makeCircles, makeMoons, makeSpirals } = require('layerwise/data');
const { generator } = require('layerwise/random');

const data = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = process.argv[2] ?? data;
const write = (name, columns, rows) =>
  writeFileSync(path.join(out, `${name}.csv`), `${[columns, ...rows].map((row) => row.join(',')).join('\n')}\n`);
const writePoints = (name, { x, y }) =>
  write(
    name,
    ['x1', 'x2', 'class'],
    x.map((point, i) => [...point.map((value) => value.toFixed(4)), y[i]]),
  );

writePoints('moons', makeMoons({ count: 200, noise: 0.12, random: generator(1) }));
writePoints('circles', makeCircles({ count: 200, noise: 0.08, random: generator(2) }));
writePoints('spirals', makeSpirals({ count: 200, noise: 0.02, random: generator(3) }));
writePoints('blobs', makeBlobs({ count: 150, noise: 0.8, random: generator(4) }));

{
  const random = generator(5);
  const people = Array.from({ length: 27 }, () => {
    const age = 18 + random.integer(47);
    const affordability = random.uniform() < 0.75 ? 1 : 0;
    const logit = (age - 38) / 5 + 1.5 * (affordability - 0.5);
    return [age, affordability, random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0];
  });
  write('insurance', ['age', 'affordability', 'bought'], people);
}

{
  const random = generator(6);
  const homes = Array.from({ length: 20 }, () => {
    const bedrooms = 2 + random.integer(4);
    const area = 100 * Math.round(5 + 4.5 * bedrooms + random.normal(0, 2.5));
    return [
      area,
      bedrooms,
      1000 * Math.round((60_000 + 120 * area + 15_000 * bedrooms + random.normal(0, 15_000)) / 1000),
    ];
  });
  write('home-prices', ['area', 'bedrooms', 'price'], homes);
}

{
  const random = generator(7);
  const start = Date.UTC(2021, 0, 1);
  let weather = 0;
  const days = Array.from({ length: 3 * 365 }, (_, day) => {
    weather = 0.8 * weather + random.normal(0, 1.6);
    const season = 10 - 9 * Math.cos((2 * Math.PI * (day - 15)) / 365.25);
    return [
      new Date(start + day * 86_400_000).toISOString().slice(0, 10),
      (season + (0.5 * day) / 365 + weather).toFixed(1),
    ];
  });
  write('seasonal-series', ['date', 'temperature'], days);
}

{
  const [frames, side, digitSide] = [16, 32, 16];
  const digit = readFileSync(path.join(data, 'digits.csv'), 'utf8').split('\n')[4].split(',').map(Number);
  const header = Buffer.alloc(16);
  header.set([0, 0, 8, 3]);
  [frames, side, side].forEach((length, axis) => header.writeUInt32BE(length, 4 + 4 * axis));
  const pixels = Buffer.alloc(frames * side * side);
  const bounce = (position, room) => room - Math.abs(room - (position % (2 * room)));
  for (let frame = 0; frame < frames; frame++) {
    const top = bounce(2 * frame, side - digitSide);
    const left = bounce(3 * frame, side - digitSide);
    for (let row = 0; row < digitSide; row++) {
      for (let column = 0; column < digitSide; column++) {
        const value = digit[(row >> 1) * 8 + (column >> 1)];
        pixels[(frame * side + top + row) * side + left + column] = Math.round((value * 255) / 16);
      }
    }
  }
  writeFileSync(path.join(out, 'moving-digit.idx'), Buffer.concat([header, pixels]));
}
