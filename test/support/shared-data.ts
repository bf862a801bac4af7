import { existsSync } from 'node:fs';
import path from 'node:path';

const folders = (process.env.LAYERWISE_DATA ?? '')
  .split(path.delimiter)
  .filter((folder) => folder !== '' && existsSync(path.join(folder, 'mnist')));

/** The first folder of LAYERWISE_DATA that holds the large data sets, or undefined: tests on them are skipped there. */
export const sharedData: string | undefined = folders[0];
