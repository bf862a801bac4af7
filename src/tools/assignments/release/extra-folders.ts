import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { inRoot, root } from '../../paths';
import { filesIn, isMade } from './course-files';

/** A file that the teacher adds: where it lies, and its path in what students get. */
export interface ExtraFile {
  readonly from: string;
  readonly to: string;
}

const HANDOUTS = 'build/handouts';

/**
 * The files of folders that a teacher names. A folder of the project keeps its place in it, another one gets its own
 * name; `build/handouts` becomes `handouts`.
 *
 * @throws Error where there is no such folder, or it holds what students must not get.
 */
export function extraFiles(folders: readonly string[]): ExtraFile[] {
  return folders.flatMap((name) => {
    const folder = path.resolve(name);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new Error(`release: --with ${name}: expected a folder, there is none of that name`);
    const inside = path.relative(realpathSync(root), realpathSync(folder)).split(path.sep).join('/');
    const isInside = inside !== '..' && !inside.startsWith('../') && !path.isAbsolute(inside);
    if (inside === '' || !path.relative(realpathSync(folder), realpathSync(inRoot('package.json'))).startsWith('..'))
      throw new Error(
        `release: --with ${name}: this is the whole course; name the folders in it that students are to get`,
      );
    if (isInside && isMade(inside) && inside !== HANDOUTS)
      throw new Error(
        `release: --with ${name}: a folder that the project makes or that is a learner's own, not for students; of these only ${HANDOUTS} can be given`,
      );
    const to = inside === HANDOUTS ? 'handouts' : isInside ? inside : path.basename(folder);
    return filesIn(folder)
      .filter((file) => !isMade(file))
      .map((file) => ({ from: path.join(folder, file), to: `${to}/${file}` }));
  });
}
