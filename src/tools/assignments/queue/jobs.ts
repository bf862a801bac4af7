import { Queue, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { SubmittedNotebook } from '../grade-one';
import { resultSchema } from '../result';
import { assignmentVersion } from '../version';

export const QUEUE = 'layerwise-grading';
export const DEFAULT_REDIS = 'redis://127.0.0.1:6379';

/** How often a submission is tried whose worker fails or dies. Then it gets a result that says so. */
export const MOST_TRIES = 3;

const CONNECT_MS = 5000;
const content = z.union([z.strictObject({ base64: z.string() }), z.strictObject({ problem: z.string() })]);

/**
 * What grades an assignment here: who hands in and who grades must have the same version, else points would not be
 * comparable. Node may differ.
 */
const softwareSchema = z.strictObject({ version: z.string(), node: z.string() });
export const ownSoftware = (assignment: string): z.infer<typeof softwareSchema> => ({
  version: assignmentVersion(assignment),
  node: process.version,
});

/** What a worker is told. Redis sees submissions and the secret: it must be as private as the grader. */
export const jobData = z.strictObject({
  student: z.string(),
  assignment: z.string(),
  content,
  secret: z.string(),
  software: softwareSchema,
  cellSeconds: z.number().optional(),
  exerciseSeconds: z.number().optional(),
  submissionSeconds: z.number().optional(),
});
export type JobData = z.infer<typeof jobData>;

export const toJob = (
  { student, assignment, content: bytes }: SubmittedNotebook,
  rest: Omit<JobData, 'student' | 'assignment' | 'content' | 'software'>,
): JobData => ({
  student,
  assignment,
  content: 'problem' in bytes ? bytes : { base64: bytes.toString('base64') },
  software: ownSoftware(assignment),
  ...rest,
});

export const fromJob = ({ student, assignment, content: sent }: JobData): SubmittedNotebook => ({
  student,
  assignment,
  content: 'problem' in sent ? sent : Buffer.from(sent.base64, 'base64'),
});

/** How Redis is reached. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: object;
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: (tries: number) => number;
}

/**
 * Where Redis or Valkey is, for example `redis://127.0.0.1:6379` or `rediss://user:password@host:6380/1`.
 *
 * @throws Error where the address has another form.
 */
export function connectionTo(address: string): RedisAddress {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol))
    throw new Error(`expected an address such as ${DEFAULT_REDIS}, got "${address}"`);
  return {
    host: url.hostname || '127.0.0.1',
    port: Number(url.port || 6379),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.pathname.length > 1 ? { db: Number(url.pathname.slice(1)) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    // A restart of Redis is waited for.
    maxRetriesPerRequest: null,
    retryStrategy: (tries: number) => Math.min(2000, 50 * tries),
  };
}

/**
 * Makes sure that Redis is there.
 *
 * @throws Error where it doesn't answer; the message says where it was looked for.
 */
export async function findRedis(connection: RedisAddress): Promise<void> {
  const client = new Redis({
    ...connection,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    throw new Error(
      `Redis does not answer at ${connection.host}:${connection.port} (${error instanceof Error ? error.message : String(error)}). Start redis-server or valkey-server there, or name another address with --redis or LAYERWISE_REDIS.`,
    );
  } finally {
    client.disconnect();
  }
}

export const openQueue = (connection: RedisAddress): Queue => {
  const queue = new Queue(QUEUE, {
    connection,
    defaultJobOptions: { attempts: MOST_TRIES, backoff: { type: 'fixed', delay: 500 } },
  });
  // While Redis is away its client tries again; each try would be an error event of its own.
  queue.on('error', () => undefined);
  return queue;
};

/** The result that a worker has returned, or undefined where it is none. */
export const resultOf = (job: Job): z.infer<typeof resultSchema> | undefined =>
  resultSchema.safeParse(job.returnvalue).data;
