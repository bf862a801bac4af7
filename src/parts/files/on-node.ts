import type { Files } from './files';
import { node } from './node';

/** The files of this machine. */
export function filesOnNode(): Files {
  return {
    embedded: folderAbove(__dirname, 'data', 'registry.json'),
    exists: (file) => node('fs').existsSync(file),
    read: (file) => node('fs').readFileSync(file),
    sha256: (content) => node('crypto').createHash('sha256').update(content).digest('hex'),
  };
}

/** The project's folder of that name, found from the compiled package or from the sources. */
function folderAbove(from: string, name: string, file: string): string {
  const path = node('path');
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (node('fs').existsSync(path.join(folder, name, file))) return path.join(folder, name);
    if (folder === path.dirname(folder))
      throw new Error(
        `the project's file ${path.join(name, file)} was not found above ${from}: is the clone complete?`,
      );
  }
}
