import { openQueue, type RedisAddress } from './jobs';

/** How the queue stands. */
export interface QueueState {
  readonly waiting: number;
  readonly active: number;
  /** Graded, but not yet written by whoever handed them in. */
  readonly done: number;
  readonly failed: number;
  readonly workers: number;
  /** Submissions a minute, over the last whole minutes, at most five. */
  readonly perMinute: number;
}

const MINUTES = 5;

/** Asks Redis how the queue stands. */
export async function queueState(connection: RedisAddress): Promise<QueueState> {
  const queue = openQueue(connection);
  try {
    const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'completed', 'failed');
    const { data } = await queue.getMetrics('completed', 0, MINUTES - 1);
    const minutes = data.map(Number);
    return {
      waiting: counts.waiting + counts.prioritized + counts.delayed,
      active: counts.active,
      done: counts.completed,
      failed: counts.failed,
      workers: await queue.getWorkersCount(),
      perMinute: minutes.length === 0 ? 0 : minutes.reduce((sum, count) => sum + count, 0) / minutes.length,
    };
  } finally {
    await queue.close();
  }
}
