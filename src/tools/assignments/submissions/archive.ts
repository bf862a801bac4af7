import type { ArchiveEntry, ArchiveSource } from './archive-entry';
import { listTar } from './tar';
import { listZip } from './zip';

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
export const leadsOut = (name: string): boolean =>
  name.startsWith('/') || /^[a-z]:/i.test(name) || name.split('/').includes('..');
