import { readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { Plugin } from 'rolldown';
import { chapterNames, resultsFile } from '../course';
import { inRoot } from '../paths';
import type { LiveChapter } from './chapter';
import { forDanfo } from './danfo-pack';
import { declarations } from './declarations';
import { exercisePackName, forExercises, refuseHidden } from './exercise-pack';
import { kept, type Made } from './kept';

/** The site's scripts by file name, without those of the chapters. */
export type Scripts = ReadonlyMap<string, string>;

/** Makes what pages load to run cells: the page's own small script, and the packs that it loads when they are needed. */
export async function buildScripts(): Promise<Scripts> {
  const [live, runner, sharing, exercisePage, editor, workshop, runtime, tensorflow, danfo, exercises] =
    await Promise.all([
      bundleOf('page', 'live.ts'),
      bundleOf('page', 'runner.ts'),
      bundleOf('page', 'sharing.ts'),
      bundleOf('page', 'exercise-page.ts'),
      bundleOf('editor', 'editor.ts'),
      bundleOf('workshop', 'worker.ts'),
      bundleOf('worker', 'runtime.ts'),
      bundleOf('packs', 'tensorflow.ts'),
      bundleOf('packs', 'danfo.ts'),
      bundleOf('packs', 'exercises.ts', exercisePackName()),
    ]);
  return new Map([
    ['live.js', live],
    ['runner.js', runner],
    ['sharing.js', sharing],
    ['exercise-page.js', exercisePage],
    ['editor.js', editor],
    ['workshop.js', packScript('workshop', workshop)],
    ['runtime.js', packScript('runtime', runtime)],
    ['tensorflow.js', packScript('tensorflow', tensorflow)],
    ['danfo.js', packScript('danfo', danfo)],
    ['exercises.js', packScript('exercises', exercises)],
    ['data.js', packScript('data', `var layerwisePack = { install(door) { door.addData(${embeddedData()}); } };`)],
  ]);
}

/** A chapter's cells, which its page loads at the first press. */
export const chapterScript = (chapter: LiveChapter): string => `layerwiseLive.chapter(${JSON.stringify(chapter)});\n`;

/** A pack: the page gives the text of the function to its worker, and never calls it. */
const packScript = (name: string, code: string): string =>
  `layerwiseLive.pack(${JSON.stringify(name)}, function () {\n${code}\nself.layerwisePack = typeof layerwisePack === 'undefined' ? undefined : layerwisePack;\n});\n`;

/** A program of `browser` with all that it imports; made anew where its sources or the packages changed. */
const bundleOf = (folder: string, file: string, name = file.replace(/\.ts$/, '.js')): Promise<string> =>
  kept(name, () => bundle(inRoot('src', 'tools', 'live', 'browser', folder, file)));

async function bundle(input: string): Promise<Made> {
  const isCompiler = input.includes(`${path.sep}workshop${path.sep}`);
  const own = { 'danfo.ts': forDanfo, 'exercises.ts': forExercises }[path.basename(input)];
  const { rolldown } = await import('rolldown');
  const made = await rolldown({
    input,
    platform: 'browser',
    logLevel: 'silent',
    plugins: [...(isCompiler ? [forCompiler] : []), ...(own ? [own] : []), forBrowser],
    tsconfig: false,
  });
  try {
    const { output } = await made.generate({
      format: 'iife',
      name: 'layerwisePack',
      codeSplitting: false,
      minify: true,
      exports: 'named',
    });
    const [{ code, moduleIds }] = output;
    refuseHidden(moduleIds);
    const sources = [...moduleIds, ...(isCompiler ? declarations().from : [])].filter(
      (id) => path.isAbsolute(id) && !id.includes(`${path.sep}node_modules${path.sep}`),
    );
    return { text: code, from: [__filename, inRoot('package-lock.json'), ...sources] };
  } finally {
    await made.close();
  }
}

const TENSORFLOW = '@tensorflow/tfjs-node';
const WASM = 'tfjs-backend-wasm-simd.wasm';
const VIRTUAL = '\0';

/**
 * Parts find TensorFlow behind their door; what packages import for Node is not there, and fails where it is used; the
 * WebAssembly comes as base64.
 */
const forBrowser: Plugin = {
  name: 'for-browser',
  resolveId: (id) => (id === 'layerwise:wasm' || id === TENSORFLOW || isBuiltin(id) ? VIRTUAL + id : undefined),
  load(id) {
    if (id === VIRTUAL + TENSORFLOW)
      return `module.exports = require(${JSON.stringify(inRoot('src', 'parts', 'tensorflow', 'index.ts'))}).tensorFlow();`;
    if (id === `${VIRTUAL}layerwise:wasm`) {
      const file = inRoot('node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist', WASM);
      return `export default ${JSON.stringify(readFileSync(file, 'base64'))};`;
    }
    return id.startsWith(VIRTUAL) && isBuiltin(id.slice(1)) ? 'export default undefined;' : undefined;
  },
  // A page's policy refuses to make code of texts.
  transform: (code, id) =>
    id.endsWith('_pb.js') ? code.replaceAll(/Function\('return this'\)\(\)/g, 'globalThis') : undefined,
};

/** The compiler reads from memory. */
const forCompiler: Plugin = {
  name: 'for-compiler',
  resolveId: (id) => {
    if (id === 'layerwise:declarations') return VIRTUAL + id;
    if (/^(?:node:)?path$/.test(id)) return require.resolve('pathe');
    return id === 'node:fs' ? inRoot('src', 'tools', 'live', 'browser', 'workshop', 'files.ts') : undefined;
  },
  load: (id) =>
    id === `${VIRTUAL}layerwise:declarations`
      ? `export default JSON.parse(${JSON.stringify(declarations().text)});`
      : undefined,
};

/** All embedded data sets, and the chapters' tables of results. */
function embeddedData(): string {
  const folder = inRoot('data');
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const withEnding = (isText: boolean): string[] =>
    files.map(({ name }) => name).filter((name) => /\.(?:csv|json)$/.test(name) === isText);
  const read = (names: readonly string[], encoding: 'utf8' | 'base64'): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), encoding)]));
  const results = chapterNames().flatMap((chapter): [string, unknown][] => {
    const text = readIfThere(resultsFile(chapter));
    return text === undefined ? [] : [[chapter, JSON.parse(text)]];
  });
  return JSON.stringify({
    texts: read(withEnding(true), 'utf8'),
    binaries: read(withEnding(false), 'base64'),
    results: Object.fromEntries(results),
  });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
