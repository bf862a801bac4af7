import os from 'node:os';
import { Worker } from 'bullmq';
import { Compiler } from '../compiler';
import { gradeOne } from '../grade-one';
import type { Result } from '../result';
import { RunnerPool } from '../runner';
import type { SandboxKind } from '../sandbox/sandbox';
import { fromJob, jobData, MOST_TRIES, ownSoftware, QUEUE, type JobData, type RedisAddress } from './jobs';

export interface WorkOptions {
  readonly connection: RedisAddress;
  /** Submissions at a time. */
  readonly jobs: number;
  readonly sandbox: SandboxKind;
  /** After so long without a sign of life a submission is given to another worker (default 30 seconds). */
  readonly stalledSeconds?: number;
  readonly onActive?: (student: string, assignment: string) => void;
  readonly onResult?: (result: Result) => void;
}

const STALLED_SECONDS = 30;

/** A worker that takes submissions from the queue until it is closed. Closing waits for those that it has begun. */
export interface GradingWorker {
  close(): Promise<void>;
}

/** Starts to grade what is in the queue. */
export function startWorker({
  connection,
  jobs,
  sandbox,
  stalledSeconds = STALLED_SECONDS,
  onActive,
  onResult,
}: WorkOptions): GradingWorker {
  const compiler = new Compiler(sandbox);
  const pool = new RunnerPool(sandbox, jobs);
  const worker = new Worker(
    QUEUE,
    async (job): Promise<Result> => {
      const { data } = jobData.safeParse(job.data);
      if (!data)
        throw new Error(
          'what the queue holds under this name is no submission, or one that another version of the course handed in',
        );
      refuseOther(data);
      onActive?.(data.student, data.assignment);
      const result = await gradeOne(fromJob(data), {
        compiler,
        pool,
        sandbox,
        secret: data.secret,
        cellSeconds: data.cellSeconds,
        exerciseSeconds: data.exerciseSeconds,
        submissionSeconds: data.submissionSeconds,
      });
      // Another try, perhaps of another worker, may end well.
      if (result.ungraded !== undefined) throw new Error(result.ungraded);
      onResult?.(result);
      return result;
    },
    {
      connection,
      concurrency: jobs,
      lockDuration: stalledSeconds * 1000,
      stalledInterval: stalledSeconds * 1000,
      maxStalledCount: MOST_TRIES - 1,
      metrics: { maxDataPoints: 60 },
    },
  );
  worker.on('error', () => undefined);
  return {
    close: async () => {
      await worker.close();
      await pool.close();
      await compiler.close();
    },
  };
}

/** Points of another version of the course would not be the ones that were asked for. */
function refuseOther({ software, assignment }: JobData): void {
  const own = ownSoftware(assignment);
  if (software.version === own.version) return;
  const describe = ({ version, node }: JobData['software']): string => `version ${version.slice(0, 12)}, Node ${node}`;
  throw new Error(
    `it was handed in by another version of the course (${describe(software)}) than the worker on ${os.hostname()} has (${describe(own)}): bring both to the same commit, run npm run setup there, and hand it in again`,
  );
}
