import type { Files } from './files';

/**
 * Files that a page was packed with: contents by their paths below `data`, decompressed. They were checked when they were
 * packed.
 */
export function filesInMemory(contents: Readonly<Record<string, Uint8Array>>): Files {
  const embedded = 'data';
  const byPath = new Map(Object.entries(contents).map(([name, content]) => [`${embedded}/${name}`, content]));
  return {
    embedded,
    exists: (file) => byPath.has(file),
    read(file) {
      const content = byPath.get(file);
      if (!content) throw Object.assign(new Error(`${file} is not part of this page`), { code: 'ENOENT' });
      return content;
    },
    sha256: () => undefined,
  };
}
