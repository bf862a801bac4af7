import type { Content } from './read-file';
import { listTar } from './tar';
import { listZip, type ArchiveSource } from './zip';

/** Something in an archive. */
export interface ArchiveEntry {
  /** With the folders before it, divided by `/`. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'special';
  /** Milliseconds since 1970, as the archive says. */
  readonly modified?: number;
  /** Unpacks it: never more bytes than that. */
  readonly read: (most: number) => Promise<Content>;
}

/** As many entries as an archive may have. */
export const MOST_ENTRIES = 10_000;

/**
 * What is in an archive: a zip archive or a tar archive, by its name. Nothing is written anywhere.
 *
 * @throws Error where it can't be read, has too many entries, or names places outside itself.
 */
export async function listArchive(name: string, source: ArchiveSource): Promise<ArchiveEntry[]> {
  return /\.zip$/i.test(name) ? listZip(source, MOST_ENTRIES) : listTar(source, !/\.tar$/i.test(name), MOST_ENTRIES);
}

/** An entry's name leads out of the folder that it is unpacked into. */
export const leadsOut = (name: string): boolean => name.startsWith('/') || /^[a-z]:/i.test(name) || name.split('/').includes('..');
