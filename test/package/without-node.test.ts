import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import vm from 'node:vm';
import { PNG } from 'pngjs';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { generator } from '../../src/parts/random';
import { inRoot } from '../support/root';

const { exports } = z
  .object({ exports: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(inRoot('src', 'package.json'), 'utf8')));
const publicParts = Object.keys(exports).map((name) => name.replace('./', ''));

const data = Object.fromEntries(
  ['registry.json', 'iris.csv', 'digits.csv'].map((name) => [
    name,
    Uint8Array.from(readFileSync(inRoot('data', name))),
  ]),
);
const CHAPTER = '05-neural-networks-from-scratch';
const text = readFileSync(inRoot('src', 'course', CHAPTER, 'results.json'), 'utf8');
const results: unknown = JSON.parse(text);
const [firstRow] = z.object({ rows: z.array(z.object({ id: z.string() })) }).parse(results).rows;

/** TensorFlow.js as a page has it: without Node's package, on the back end in JavaScript. */
const TENSORFLOW = `
  export * from '@tensorflow/tfjs-core';
  import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
  export * from '@tensorflow/tfjs-layers';
  import '@tensorflow/tfjs-backend-cpu';`;

let code = '';
beforeAll(async () => {
  const bundle = await rolldown({
    input: inRoot('test', 'package', 'in-a-page.mjs'),
    platform: 'browser',
    logLevel: 'silent',
    plugins: [
      {
        name: 'page',
        resolveId: (id) =>
          id === '@tensorflow/tfjs-node' ? '\0tensorflow' : isBuiltin(id) ? `\0node:${id}` : undefined,
        load(id) {
          if (id === '\0tensorflow') return TENSORFLOW;
          return id.startsWith('\0node:') ? `throw new Error('a page has no ${id.slice(6)}');` : undefined;
        },
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'page', codeSplitting: false });
  code = output[0].code;
});

/** Uses a part in a worker of a page: what isn't of the language or named here is not there. */
async function use(part: string): Promise<unknown> {
  const printed: unknown[] = [];
  const print = (...words: unknown[]): number => printed.push(words);
  const context = vm.createContext({
    ...{ TextDecoder, TextEncoder, URL, AbortController, performance, atob, btoa, setTimeout, clearTimeout },
    console: { log: print, info: print, warn: print, error: print },
    WorkerGlobalScope: class {},
    given: { data, results },
  });
  const script = `globalThis.self = globalThis;
    ${code}
    page.provide(given);
    Promise.resolve(page.uses[${JSON.stringify(part)}]()).then(JSON.stringify);`;
  const made: unknown = await vm.runInContext(script, context);
  expect(printed).toEqual([]);
  const value: unknown = JSON.parse(String(made));
  return value;
}

/** What each public part gives there. */
const EXPECTED: Readonly<Record<string, unknown>> = {
  data: {
    iris: [5.1, 3.5, 1.4, 0.2],
    digits: 1797,
    idx: [7, -2],
    table: [{ a: '1,5', b: 'ä' }],
    json: 'DataError: x.json: not valid JSON: InvalidSymbol (at byte 7)',
    tier: 'quick',
    missing:
      'DataNotFoundError: mnist/train-labels-idx1-ubyte: MNIST handwritten digits is not part of this page; the notebook has it',
    file: 'DataError: /etc/hostname: there is no such file; check the path',
    gzip: 'Error: this needs Node (its module path): run it in the notebook, not in a page',
  },
  random: [generator(7).uniform(), generator(7).normal()],
  display: {
    png: expect.any(Array),
    sound: '<audio controls aria-label="WAV sound, 12 bytes" src="data:audio/wav;base64,UklGRi4uLi5XQVZF"></audio>',
    shown: ['Tensor float32, shape [2]\n[2, 3]'],
    tensors: 0,
    ids: ['layerwise-page-1', 'layerwise-page-2'],
  },
  plot: [2, 3],
  memory: 2,
  autodiff: 6,
  nn: [[[11]], 2],
  metrics: [
    [1, 1],
    [0, 1],
  ],
  experiments: [2, firstRow.id],
  graph: [-1, 1],
  // From w = b = 0 towards 3: the loss is 9; one step of 0.1 along 2 · 3 makes both 0.6, so 1.2, and a loss of 1.8².
  train: [9, 9, 3.24, 1.2],
  grading: {
    right: [expect.stringContaining('1 of 1 tests passed')],
    wrong: [expect.stringContaining('0 of 1 tests passed'), expect.stringContaining('1 of 1 tests did not pass')],
    graph: [
      expect.stringContaining('graph mode is not part of a page: run this check in the notebook'),
      expect.any(String),
    ],
  },
};

describe('where there is no Node', () => {
  it('every public part is tried', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual([...publicParts].sort());
  });

  it.each(publicParts)('%s loads, and gives what it gives in the notebook', async (part) => {
    expect(await use(part)).toEqual(EXPECTED[part]);
  });

  it('images are PNG files all the same', async () => {
    const { png } = z.object({ png: z.array(z.number()) }).parse(await use('display'));
    expect(Array.from(PNG.sync.read(Buffer.from(png)).data)).toEqual([255, 0, 0, 255, 0, 0, 255, 255]);
  });
});
