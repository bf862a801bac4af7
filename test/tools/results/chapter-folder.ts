import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { resultsSchema, type ResultRow } from '../../../src/parts/experiments/results';
import type { Place } from '../../../src/tools/results';
import { inRoot } from '../../support/root';

/** A chapter with these experiments in a folder of its own, compiled as chapters are. */
export function chapterFolder(experiments: string, helpers = ''): Place & { remove(): void } {
  mkdirSync(inRoot('build', 'test'), { recursive: true });
  const folder = mkdtempSync(inRoot('build', 'test', 'chapter-'));
  const place = {
    chapter: '98',
    module: path.join(folder, 'experiments.js'),
    results: path.join(folder, 'results.json'),
  };
  writeFileSync(place.module, moduleText(folder, experiments, helpers));
  return { ...place, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const part = (folder: string, name: string): string =>
  JSON.stringify(path.relative(folder, inRoot('src', 'dist', 'parts', name)));

/** `experiments` are calls, separated by commas; `helpers` what they need. */
const moduleText = (folder: string, experiments: string, helpers: string): string => `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const experiments_1 = require(${part(folder, 'experiments')});
const data_1 = require(${part(folder, 'data')});
const random_1 = require(${part(folder, 'random')});
${helpers}
exports.experiments = [${experiments}];
`;

export const tableOf = ({ results }: Place): ResultRow[] =>
  resultsSchema.parse(JSON.parse(readFileSync(results, 'utf8'))).rows;
