import path from 'node:path';
import { inRoot } from '../book/paths';
import { releaseToCourse } from '../grader/nbgrader';
import { release } from '../grader/release/release';

/** The words of the command line. */
export interface ReleaseCommandOptions {
  readonly out?: string;
  readonly nbgrader?: string;
}

/** `layerwise release`: makes the student version of the course; returns the exit status. */
export async function runRelease(options: ReleaseCommandOptions): Promise<number> {
  try {
    const { folder, zip, files } = await release(path.resolve(options.out ?? inRoot('build', 'release')));
    const shown = (file: string): string => path.relative(process.cwd(), file);
    console.log(`${files} files for students: ${shown(folder)} and ${shown(zip)}. Answers and hidden tests are not among them.`);
    if (options.nbgrader !== undefined) await releaseToCourse(path.resolve(options.nbgrader), (line) => console.log(line));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
