import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot } from '../paths';
import { connectionTo, DEFAULT_REDIS, findRedis, type RedisAddress } from '../assignments/queue/jobs';
import { queueState, type QueueState } from '../assignments/queue/state';
import { submitFolder } from '../assignments/queue/submit';
import { startWorker } from '../assignments/queue/work';
import { plainLine, plainText } from '../assignments/report/plain-text';
import { limitMechanism } from '../assignments/sandbox/limits';
import { whyNoClass } from '../assignments/submissions/find';
import { chooseSandbox, statusOf } from './grade-command';
import { GradeProgress } from './grade-progress';
import { clearLine } from './progress-line';

interface RedisOptions {
  readonly redis?: string;
}

export interface QueueStateOptions extends RedisOptions {
  readonly watch?: boolean;
}

export interface QueueWorkOptions extends RedisOptions {
  readonly jobs?: number;
  readonly stalled?: number;
  readonly unsafe?: boolean;
}

export interface QueueAddOptions extends RedisOptions {
  readonly out?: string;
  readonly roster?: string;
  readonly only?: string[];
  readonly priority?: number;
  readonly timeout?: number;
  readonly cellTimeout?: number;
  readonly submissionTimeout?: number;
}

/** How to reach Redis, which has answered. */
async function connect({ redis }: RedisOptions): Promise<RedisAddress> {
  const connection = connectionTo(redis ?? process.env.LAYERWISE_REDIS ?? DEFAULT_REDIS);
  await findRedis(connection);
  return connection;
}

async function told(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    clearLine();
    console.error(plainText(error instanceof Error ? error.message : String(error)));
    return 1;
  }
}

const describe = ({ waiting, active, done, failed, workers, perMinute }: QueueState): string =>
  `${waiting} waiting, ${active} being graded, ${done} graded and not yet written, ${failed} failed; ${workers} workers; ${perMinute.toFixed(0)} a minute`;

const WATCH_MS = 2000;

/** `layerwise queue`: shows how the queue stands; returns the exit status. */
export const runQueueState = (options: QueueStateOptions): Promise<number> =>
  told(async () => {
    const connection = await connect(options);
    for (;;) {
      const state = await queueState(connection);
      console.log(describe(state));
      if (!options.watch || state.waiting + state.active === 0) return 0;
      await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    }
  });

/** `layerwise queue work`: grades until it is asked to end; what it has begun it ends first. */
export const runQueueWork = (options: QueueWorkOptions): Promise<number> =>
  told(async () => {
    const sandbox = chooseSandbox(options.unsafe === true);
    const jobs = options.jobs ?? Math.min(8, os.availableParallelism());
    const worker = startWorker({
      connection: await connect(options),
      jobs,
      sandbox,
      stalledSeconds: options.stalled,
      onActive: (student, assignment) => console.log(plainLine(`begins  ${assignment}  ${student}`)),
      onResult: (result) =>
        console.log(plainLine(`graded  ${result.assignment}  ${result.student}: ${result.points} of ${result.max}`)),
    });
    console.log(`waits for submissions, ${jobs} at a time; sandbox: ${sandbox}, limits: ${limitMechanism().name}`);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    console.log('ends what it has begun');
    await worker.close();
    return 0;
  });

/** `layerwise queue add`: hands submissions to the queue and writes results; returns the exit status. */
export const runQueueAdd = (folder: string, options: QueueAddOptions): Promise<number> =>
  told(async () => {
    const wrong = whyNoClass(folder);
    if (wrong !== undefined) throw new Error(wrong);
    const out = path.resolve(options.out ?? inRoot('build', 'grades'));
    mkdirSync(out, { recursive: true });
    const connection = await connect(options);
    const progress = new GradeProgress(folder, out, 'graded by the workers of the queue');
    const results = await submitFolder({
      connection,
      folder: path.resolve(folder),
      out,
      only: options.only,
      priority: options.priority,
      sandbox: 'bubblewrap',
      cellSeconds: options.cellTimeout,
      exerciseSeconds: options.timeout,
      submissionSeconds: options.submissionTimeout,
      onFound: progress.onFound,
      onResult: progress.onResult,
      onWritten: progress.onWritten,
      roster: options.roster,
    });
    progress.end();
    return statusOf(results);
  });
