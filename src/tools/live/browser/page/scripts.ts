import { type LiveChapter } from '../../chapter';
import type { MakeRunner } from './runner';
import type { MakeSharing } from './sharing';
import type { MakeEditor } from './site-scripts';

/** What scripts of the site hand to the page: what edits and runs, packs for its worker, and its cells. */
export interface LiveScripts {
  editor(make: MakeEditor): void;
  runner(make: MakeRunner): void;
  sharing(make: MakeSharing): void;
  pack(name: string, body: () => void): void;
  chapter(chapter: LiveChapter): void;
}

const FOLDER = 'assets/live/';
const packs = new Map<string, string>();
const chapters = new Map<string, LiveChapter>();
let editor: MakeEditor | undefined;
let runner: MakeRunner | undefined;
let sharing: MakeSharing | undefined;
const loading = new Map<string, Promise<void>>();

export const scripts: LiveScripts = {
  editor: (make) => void (editor = make),
  runner: (make) => void (runner = make),
  sharing: (make) => void (sharing = make),
  pack: (name, body) => void packs.set(name, `(${String(body)})();`),
  chapter: (chapter) => void chapters.set(chapter.name, chapter),
};

/** The text of a pack, for the worker. */
export async function packText(name: string): Promise<string> {
  await load(`${name}.js`);
  return packs.get(name) ?? missing(name);
}

/** What makes the editors of cells. */
export async function makeEditor(): Promise<MakeEditor> {
  await load('editor.js');
  return editor ?? missing('editor');
}

/** What makes that which runs the cells of a page. */
export async function makeRunner(): Promise<MakeRunner> {
  await load('runner.js');
  return runner ?? missing('runner');
}

/** What makes that which gives out and opens shared cells. */
export async function makeSharing(): Promise<MakeSharing> {
  await load('sharing.js');
  return sharing ?? missing('sharing');
}

/** The cells of a chapter. */
export async function chapterNamed(name: string): Promise<LiveChapter> {
  await load(`cells/${name}.js`);
  return chapters.get(name) ?? missing(name);
}

/** Scripts are the only files that a page which comes from a file may load. */
function load(file: string): Promise<void> {
  const known = loading.get(file);
  if (known) return known;
  const made = new Promise<void>((resolve, reject) => {
    const element = document.createElement('script');
    element.src = FOLDER + file;
    element.onload = () => resolve();
    element.onerror = () => {
      loading.delete(file);
      element.remove();
      reject(new Error(`${FOLDER}${file} is missing: unpack the handouts whole, with their folder assets`));
    };
    document.head.append(element);
  });
  loading.set(file, made);
  return made;
}

function missing(name: string): never {
  throw new Error(`${name} is empty: make the handouts again`);
}
