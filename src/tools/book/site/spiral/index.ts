import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { inRoot } from '../../../paths';
import { makeNetwork, paint, spiral, train } from './network';

const SIZE = 400;
const STEPS = 800;

/** The picture that stands on the front page before anybody presses: a network that has learned the spiral, as PNG. */
export function spiralPicture(): Buffer {
  const points = spiral();
  const network = makeNetwork();
  for (let step = 0; step < STEPS; step++) train(network, points, 0.01);
  const picture = new PNG({ width: SIZE, height: SIZE });
  picture.data.set(paint(network, points, SIZE));
  return PNG.sync.write(picture);
}

/** What runs on the front page: the network, compiled, and what shows it. */
export function spiralScript(): string {
  const network = readFileSync(inRoot('src', 'dist', 'tools', 'book', 'site', 'spiral', 'network.js'), 'utf8').replace(
    /^\/\/# sourceMappingURL=.*$/m,
    '',
  );
  const page = readFileSync(inRoot('src', 'tools', 'book', 'site', 'assets', 'spiral.js'), 'utf8');
  return `(() => {\nconst exports = {};\n(() => {\n${network}\n})();\n${page}})();\n`;
}
