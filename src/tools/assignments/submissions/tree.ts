import { readdirSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { leadsOut, listArchive } from './archive';
import type { ArchiveEntry, ArchiveSource } from './archive-entry';
import { kindOf } from './names';
import { MOST_BYTES, readFileSafely, type Content } from './read-file';

/** The largest archive inside another one, in bytes, and how deep they may be nested. */
const MOST_NESTED_BYTES = 100 * 2 ** 20;
const MOST_NESTED = 3;

/** What lies in a folder or an archive: folders and archives in it look the same. */
export interface Node {
  readonly name: string;
  /** Where it lies, from the folder that was named; archives count as folders. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'archive' | 'link' | 'special';
  /**
   * When it was changed last, in milliseconds since 1970: as its archive says, else its file. Undefined where that
   * isn't known.
   */
  readonly modified?: number;
  /** @throws Error where an archive can't be read. */
  readonly children: () => Promise<readonly Node[]>;
  readonly read: () => Promise<Content>;
}

/** Before zip archives were made: nobody's time. */
const NO_TIME = Date.UTC(1980, 0, 2);
const known = (time: number | undefined): number | undefined =>
  time === undefined || time <= NO_TIME ? undefined : time;
const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
const noChildren = async (): Promise<readonly Node[]> => [];
const noContent = async (): Promise<Content> => ({ problem: 'it is no file' });

/** The folder or archive that was named; its own path is empty. */
export const rootAt = (file: string): Node =>
  statSync(file).isDirectory() ? folderNode(file, '', path.basename(file)) : fileNode(file, '', path.basename(file));

function folderNode(place: string, shown: string, name: string): Node {
  const children = async (): Promise<readonly Node[]> =>
    readdirSync(place, { withFileTypes: true })
      .sort(byName)
      .map((entry) => child(entry, path.join(place, entry.name), path.join(shown, entry.name)));
  return { name, path: shown, kind: 'folder', children, read: noContent };
}

function child(entry: Dirent, file: string, shown: string): Node {
  if (entry.isDirectory()) return folderNode(file, shown, entry.name);
  // A link is given out as one: under a notebook's name it is a hand-in that can't be read.
  if (entry.isFile()) return fileNode(file, shown, entry.name);
  return {
    name: entry.name,
    path: shown,
    kind: entry.isSymbolicLink() ? 'link' : 'special',
    children: noChildren,
    read: async () => readFileSafely(file),
  };
}

function fileNode(file: string, shown: string, name: string): Node {
  const isArchive = kindOf(name) === 'archive';
  return {
    name,
    path: shown,
    kind: isArchive ? 'archive' : 'file',
    modified: known(statSync(file, { throwIfNoEntry: false })?.mtimeMs),
    children: isArchive ? once(() => inArchive(name, { file }, shown, 1)) : noChildren,
    read: async () => readFileSafely(file, MOST_BYTES),
  };
}

/** An archive is listed once, however often its content is asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly entries: { readonly name: string; readonly entry: ArchiveEntry }[];
}

async function inArchive(name: string, source: ArchiveSource, shown: string, depth: number): Promise<readonly Node[]> {
  const top: Folder = { folders: new Map(), entries: [] };
  const entries = await listArchive(name, source);
  // Its names are told apart all the same, so that its student learns why.
  const bad = entries.find((entry) => leadsOut(entry.name))?.name;
  for (const entry of entries) {
    const parts = entry.name.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
    const last = entry.kind === 'folder' ? undefined : parts.pop();
    let folder = top;
    for (const part of parts) {
      const next = folder.folders.get(part) ?? { folders: new Map(), entries: [] };
      folder.folders.set(part, next);
      folder = next;
    }
    if (last !== undefined) folder.entries.push({ name: last, entry });
  }
  return archivedNodes(
    top,
    shown,
    depth,
    bad === undefined ? undefined : `its archive names a place outside itself ("${bad}")`,
  );
}

function archivedNodes(
  { folders, entries }: Folder,
  shown: string,
  depth: number,
  refused: string | undefined,
): readonly Node[] {
  const inside = [...folders].map(([name, folder]): Node => {
    const place = path.join(shown, name);
    return {
      name,
      path: place,
      kind: 'folder',
      children: async () => archivedNodes(folder, place, depth, refused),
      read: noContent,
    };
  });
  return [
    ...inside,
    ...entries.map(({ name, entry }) => archivedNode(name, entry, path.join(shown, name), depth, refused)),
  ].sort(byName);
}

function archivedNode(
  name: string,
  entry: ArchiveEntry,
  shown: string,
  depth: number,
  refused: string | undefined,
): Node {
  const kind = entry.kind !== 'file' ? entry.kind : kindOf(name) === 'archive' ? 'archive' : 'file';
  const read = async (most: number): Promise<Content> =>
    refused === undefined ? entry.read(most) : { problem: refused };
  const children = async (): Promise<readonly Node[]> => {
    if (depth >= MOST_NESTED) throw new Error(`archives lie in archives, more than ${MOST_NESTED} deep`);
    const content = async (): Promise<Buffer> => {
      const unpacked = await read(MOST_NESTED_BYTES);
      if ('problem' in unpacked) throw new Error(unpacked.problem);
      return unpacked;
    };
    return inArchive(name, { content }, shown, depth + 1);
  };
  return {
    name,
    path: shown,
    kind,
    modified: known(entry.modified),
    children: kind === 'archive' ? once(children) : noChildren,
    read: async () => (kind === 'link' ? { problem: 'it is a link, which is not followed' } : read(MOST_BYTES)),
  };
}
