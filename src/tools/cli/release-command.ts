import path from 'node:path';
import { inRoot } from '../paths';
import { releaseToCourse } from '../assignments/nbgrader';
import { release, type Released } from '../assignments/release/release';

/** The words of the command line. */
export interface ReleaseCommandOptions {
  readonly out?: string;
  readonly with?: readonly string[];
  readonly nbgrader?: string;
}

const shown = (file: string): string => path.relative(process.cwd(), file) || '.';

/** `layerwise release`: makes the student version of the course; returns the exit status. */
export async function runRelease(options: ReleaseCommandOptions): Promise<number> {
  try {
    for (const line of describe(await release(path.resolve(options.out ?? inRoot('build', 'release')), options.with)))
      console.log(line);
    if (options.nbgrader !== undefined)
      await releaseToCourse(path.resolve(options.nbgrader), (line) => console.log(line));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function describe({ folder, zip, files, teachers, leftOut, unread }: Released): string[] {
  return [
    `${files} files for students: ${shown(folder)} and ${shown(zip)}.`,
    unread.length === 0
      ? 'All were searched for answers and hidden tests, also inside archives: there are none.'
      : `Searched for answers and hidden tests: there are none. Not searched, so look for yourself:\n${unread.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n')}`,
    `Left out, because it is the teacher's: ${teachers.join(', ')}`,
    ...(leftOut.length === 0
      ? []
      : [
          `Left out, because it is no part of the course (the list is .course-files, which \`npm run setup\` makes):\n${leftOut.map((name) => `  ${name}`).join('\n')}\n\`release --with FOLDER\` gives a folder to students.`,
        ]),
  ];
}
