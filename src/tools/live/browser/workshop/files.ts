// What the compiler finds in the place of a disk.
import declarations from 'layerwise:declarations';
import path from 'node:path';
import type ts from 'typescript';

/** Where the project lies. */
export const ROOT = '/course';

const texts = new Map(Object.entries(declarations));
const folders = new Set<string>();
for (const file of texts.keys())
  for (let folder = path.dirname(file); !folders.has(folder); folder = path.dirname(folder)) folders.add(folder);

/** The course's own package is a link in `node_modules`. */
const realpath = (file: string): string =>
  path.resolve('/', file).replace(/^\/course\/node_modules\/layerwise(?=\/|$)/, `${ROOT}/src`);

const refuse = (): never => {
  throw new Error('the compiler of a page writes nothing');
};

/** The system of a compiler that reads what the page has brought with it. */
export const system: ts.System = {
  args: [],
  newLine: '\n',
  useCaseSensitiveFileNames: true,
  write: refuse,
  writeFile: refuse,
  createDirectory: refuse,
  exit: refuse,
  readFile: (file) => texts.get(realpath(file)),
  fileExists: (file) => texts.has(realpath(file)),
  directoryExists: (folder) => folders.has(realpath(folder)),
  resolvePath: realpath,
  realpath,
  getExecutingFilePath: () => `${ROOT}/node_modules/typescript/lib/typescript.js`,
  getCurrentDirectory: () => ROOT,
  getDirectories: (folder) => {
    const place = `${realpath(folder)}/`;
    return [...folders]
      .filter((each) => each.startsWith(place) && !each.slice(place.length).includes('/'))
      .map((each) => path.basename(each));
  },
  readDirectory: () => [],
};

// What modules for Node ask of `node:fs`.
export function readFileSync(file: string): string {
  const text = system.readFile(file);
  if (text === undefined) throw new Error(`${file} is not in this page`);
  return text;
}
export const statSync = (): undefined => undefined;
export const readdirSync = (): readonly never[] => [];
export default { readFileSync, statSync, readdirSync };
