import type { Files } from './files';
import { isOnNode, node } from './node';
import { filesOnNode } from './on-node';

let given: Files | undefined;

/** Takes the place of the machine's files: in a page. */
export function provideFiles(files: Files): void {
  given = files;
}

/** The files that parts read: those of {@link provideFiles}, else the machine's. */
export function files(): Files {
  return (given ??= filesOnNode());
}

/** A path of folders and a file, as it is written here. */
export const joinPath = (...names: readonly string[]): string =>
  isOnNode() ? node('path').join(...names) : names.join('/');
