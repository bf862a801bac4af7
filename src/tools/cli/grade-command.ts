import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot } from '../paths';
import { gradeFolder } from '../assignments/grade-folder';
import type { GradedNotebook } from '../assignments/nbgrader';
import { plainLine, plainText } from '../assignments/report/plain-text';
import type { Result } from '../assignments/result';
import { whyNoSandbox } from '../assignments/sandbox/bubblewrap';
import { limitMechanism } from '../assignments/sandbox/limits';
import type { SandboxKind } from '../assignments/sandbox/sandbox';
import { whyNoClass, type Found } from '../assignments/submissions/find';
import { takeWords } from '../assignments/take-words';
import { GradeProgress, tellWritten } from './grade-progress';
import { clearLine } from './progress-line';

/** The words of the command line. */
export interface GradeCommandOptions {
  readonly out?: string;
  readonly only?: string[];
  readonly jobs?: number;
  readonly timeout?: number;
  readonly cellTimeout?: number;
  readonly submissionTimeout?: number;
  readonly unsafe?: boolean;
  readonly force?: boolean;
  readonly nbgrader?: string;
  readonly roster?: string;
  readonly words?: string;
}

/**
 * `layerwise grade`: grades a folder with a progress line, takes in marks of answers in words, or both; returns the
 * exit status.
 */
export async function runGrade(folder: string | undefined, options: GradeCommandOptions): Promise<number> {
  // An exit, unlike a signal, takes the sandboxes with it.
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => process.exit(status));
  try {
    const out = path.resolve(options.out ?? inRoot('build', 'grades'));
    if (folder === undefined) {
      if (options.words === undefined)
        throw new Error('grade: expected a folder of submissions, or --words with a table of marks');
      takeIn(out, options.words);
      return 0;
    }
    const sandbox = chooseSandbox(options.unsafe === true);
    const wrong = whyNoClass(folder);
    if (wrong !== undefined) throw new Error(wrong);
    mkdirSync(out, { recursive: true });
    const graded = await grade(path.resolve(folder), out, sandbox, options);
    if (options.words !== undefined) takeIn(out, options.words);
    if (options.nbgrader !== undefined) {
      const { toGradebook } = await import('../assignments/nbgrader.js');
      await toGradebook(path.resolve(options.nbgrader), graded, (line) => console.log(plainLine(line)));
      console.log(`Gradebook: ${path.join(options.nbgrader, 'gradebook.db')}`);
    }
    return statusOf(graded.map(({ result }) => result));
  } catch (error) {
    clearLine();
    console.error(plainText(error instanceof Error ? error.message : String(error)));
    return 1;
  }
}

/** The exit status: 0 where there are results, and none is missing because grading failed. */
export const statusOf = (results: readonly Result[]): number =>
  results.length > 0 && results.every(({ ungraded }) => ungraded === undefined) ? 0 : 1;

/** Refuses to go on where submissions could change their points, unless that was asked for. */
export function chooseSandbox(unsafe: boolean): SandboxKind {
  const reason = whyNoSandbox();
  if (reason === undefined) return 'bubblewrap';
  if (unsafe) {
    console.error(`No sandbox (${reason}): submissions run with your rights, and the results are marked untrusted.`);
    return 'none';
  }
  throw new Error(
    [
      `grade: no sandbox can be made here: ${reason}.`,
      'Submissions are programs of other people; without a sandbox they could read and change your files, and their points.',
      'Install bubblewrap (Debian and Ubuntu: apt-get install -y bubblewrap; Fedora: dnf install bubblewrap), on Linux, and allow user namespaces.',
      "To grade all the same, in a machine that you throw away afterwards: --unsafe. The results then say that they can't be trusted.",
    ].join('\n'),
  );
}

function takeIn(out: string, file: string): void {
  const { changed, withdrawn, written } = takeWords(out, file);
  console.log(
    `Marks: ${changed} new or changed${withdrawn > 0 ? `, ${withdrawn} taken back` : ''}; in feedback.html, summary.csv and grades.csv`,
  );
  tellWritten(out, written);
}

async function grade(
  folder: string,
  out: string,
  sandbox: SandboxKind,
  options: GradeCommandOptions,
): Promise<GradedNotebook[]> {
  let submissions: Found['submissions'] = [];
  const told = new GradeProgress(folder, out, `sandbox: ${sandbox}, limits: ${limitMechanism().name}`);
  const results = await gradeFolder({
    folder,
    out,
    only: options.only,
    jobs: options.jobs ?? Math.min(8, os.availableParallelism()),
    sandbox,
    cellSeconds: options.cellTimeout,
    exerciseSeconds: options.timeout,
    submissionSeconds: options.submissionTimeout,
    force: options.force,
    onFound: (found) => {
      submissions = found.submissions;
      told.onFound(found);
    },
    onResult: told.onResult,
    onWritten: told.onWritten,
    roster: options.roster,
  });
  told.end();
  return results.map((result, i) => ({ result, read: submissions[i].read }));
}
