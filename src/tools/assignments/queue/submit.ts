import { submissionKey, ungraded, type SubmittedNotebook } from '../grade-one';
import { secretOf } from '../grade-folder';
import { complete, writeIfNew } from '../complete';
import { readResult, readWritten } from '../report/files';
import { writeGrades, type WrittenGrades } from '../report/grades';
import { writeStudents } from '../report/students-file';
import type { Result } from '../result';
import type { SandboxKind } from '../sandbox/sandbox';
import { findSubmissions, type Found, type Submission } from '../submissions/find';
import { readRoster } from '../submissions/roster';
import { readMarks } from '../words/marks';
import { openQueue, resultOf, toJob, type RedisAddress } from './jobs';

export interface SubmitOptions {
  readonly connection: RedisAddress;
  readonly folder: string;
  /** File that lists who should have a row. */
  readonly roster?: string;
  readonly out: string;
  readonly only?: readonly string[];
  /** 1 comes first; without a number a submission waits its turn among those without, which come before all others. */
  readonly priority?: number;
  readonly sandbox: SandboxKind;
  readonly cellSeconds?: number;
  readonly exerciseSeconds?: number;
  readonly submissionSeconds?: number;
  readonly onFound?: (found: Found, queued: number) => void;
  readonly onResult?: (result: Result, isNew: boolean) => void;
  readonly onWritten?: (written: WrittenGrades) => void;
}

const LOOK_EVERY_MS = 250;
const LOST_EVERY_ROUNDS = 20;

/**
 * Hands all submissions in a folder to the queue, and writes their results as they come: the one writer for that
 * folder.
 * A submission is queued under the hash of all that its points depend on, so the same one is graded once, however often
 * it is handed in.
 * Ended and begun again, it goes on where it was.
 */
export async function submitFolder(options: SubmitOptions): Promise<Result[]> {
  const { connection, folder, out, only, priority, sandbox, cellSeconds, exerciseSeconds, submissionSeconds } = options;
  const found = await findSubmissions(folder, {
    only,
    roster: options.roster === undefined ? undefined : readRoster(options.roster),
  });
  const marks = readMarks(out);
  const settings = { sandbox, secret: secretOf(out), cellSeconds, exerciseSeconds, submissionSeconds };
  const queue = openQueue(connection);
  try {
    const results = new Map<string, Result>();
    const open = new Map<string, SubmittedNotebook & Pick<Submission, 'file' | 'copies'>>();
    const write = (
      key: string,
      result: Result,
      submission: SubmittedNotebook & Pick<Submission, 'file' | 'copies'>,
      before?: Result,
    ): void => {
      const whole = complete(result, submission, submission.content, marks);
      writeIfNew(out, whole, before);
      results.set(key, whole);
    };
    for (const { student, assignment, file, copies, read } of found.submissions) {
      const submission = { student, assignment, file, copies, content: await read() };
      const key = submissionKey(submission, settings);
      const known = readResult(out, student, assignment, key);
      if (known) write(key, known, submission, known);
      else open.set(key, submission);
    }
    options.onFound?.(found, open.size);
    for (const result of results.values()) options.onResult?.(result, false);
    const { secret } = settings;
    const add = (submissions: readonly (readonly [string, SubmittedNotebook])[]): Promise<unknown> =>
      queue.addBulk(
        submissions.map(([key, submission]) => ({
          name: submission.assignment,
          data: toJob(submission, { secret, cellSeconds, exerciseSeconds, submissionSeconds }),
          opts: { jobId: key, priority },
        })),
      );
    // What has left the queue was written by somebody else who waits for the same folder, or Redis has forgotten it.
    const lookForLost = async (): Promise<void> => {
      const lost = (
        await Promise.all([...open].map(async (entry) => ((await queue.getJob(entry[0])) ? [] : [entry])))
      ).flat();
      for (const [key, { student, assignment }] of lost) {
        const written = readWritten(out, student, assignment, key);
        if (!written) continue;
        results.set(key, written);
        open.delete(key);
        options.onResult?.(written, true);
      }
      await add(lost.filter(([key]) => open.has(key)));
    };
    await add([...open]);
    for (let rounds = 1; open.size > 0; rounds++) {
      for (const job of await queue.getJobs(['completed', 'failed'])) {
        const submission = job.id === undefined ? undefined : open.get(job.id);
        if (!submission || job.id === undefined) continue;
        const returned = resultOf(job);
        const result =
          returned?.key === job.id
            ? returned
            : ungraded(submission, whyNone(job.failedReason, returned, sandbox), settings);
        write(job.id, result, submission);
        open.delete(job.id);
        await job.remove();
        options.onResult?.(result, true);
      }
      if (rounds % LOST_EVERY_ROUNDS === 0) await lookForLost();
      if (open.size > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    const all = [...results.values()].sort((a, b) => (a.assignment + a.student < b.assignment + b.student ? -1 : 1));
    writeStudents(out, found);
    const written = writeGrades(out);
    options.onWritten?.(written);
    return all;
  } finally {
    await queue.close();
  }
}

/** Why there is no result that can be taken. */
function whyNone(failedReason: string | undefined, returned: Result | undefined, sandbox: SandboxKind): string {
  if (returned && returned.sandbox.kind !== sandbox)
    return 'a worker without a sandbox graded it, so its points can not be trusted: end that worker, and hand it in again';
  if (returned) return `a worker returned a result for other tests or limits (key ${returned.key.slice(0, 12)})`;
  return failedReason
    ? `its workers failed again and again: ${failedReason}`
    : 'its worker returned no result that this version can read';
}
