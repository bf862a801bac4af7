import type { Content } from './read-file';

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

/** An archive in a file, or in another archive: unpacked each time, so that memory holds one at a time. */
export type ArchiveSource = { readonly file: string } | { readonly content: () => Promise<Buffer> };
