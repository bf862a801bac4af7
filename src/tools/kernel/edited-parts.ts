import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const PART = /^layerwise\/([a-z][\w-]*)$/;

/**
 * The sources of a part of the package that was edited since the package was compiled: `src/parts/<part>/index.ts`.
 * Undefined where the compiled form is up to date, or the name is no part. So an edit shows in the next import without
 * a build.
 */
export function editedPart(name: string, root: string): string | undefined {
  const part = PART.exec(name)?.[1];
  if (part === undefined) return undefined;
  const compiled = statSync(path.join(root, 'src', 'dist', 'made-from'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const index = path.join(root, 'src', 'parts', part, 'index.ts');
  if (!statSync(index, { throwIfNoEntry: false })) return undefined;
  return newest(path.join(root, 'src', 'parts', part)) > compiled ? index : undefined;
}

function newest(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((time, entry) => {
    const file = path.join(folder, entry.name);
    return Math.max(time, entry.isDirectory() ? newest(file) : statSync(file).mtimeMs);
  }, 0);
}
