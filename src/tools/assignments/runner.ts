import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { decode, encode, type Outcome } from '../../parts/grading/values';
import type { SideEffects } from '../../parts/grading/watch';
import type { CompiledCell } from '../kernel/compiled-cell';
import { CELL_FOLDER } from './compiler';
import { LIMITS } from './sandbox/limits';
import { startInside, whyNotStarted, type Sandboxed, type SandboxKind } from './sandbox/sandbox';

/**
 * What a runner says while it does what it was asked: 0 when it begins, then which statement of a cell it has reached.
 */
const progress = z.strictObject({ id: z.number(), reached: z.number() });

const reply = z.object({
  id: z.number(),
  value: z.string().optional(),
  missing: z.boolean().optional(),
  thrown: z.object({ name: z.string().max(1000), message: z.string().max(10_000) }).optional(),
  effects: z.object({ changed: z.number().int().min(0).max(99).optional(), left: z.number() }).optional(),
});

/** How a request to a runner ended. After a timeout or a crash the runner is gone. */
export type Answer =
  | { readonly status: 'done'; readonly outcome: Outcome; readonly effects: SideEffects }
  | { readonly status: 'missing' | 'timeout' | 'crashed'; readonly message: string };

/** A process in a sandbox that runs the cells of one submission and calls its functions. */
export class Runner {
  private readonly process: Sandboxed;
  private readonly open = new Map<number, (message: unknown) => void>();
  private isKilled = false;
  /**
   * The statement that the last cell has reached; 0 for calls. Undefined where the last request never began: then what
   * ran before it is to blame.
   */
  reached: number | undefined;
  /** Settles once it waits for a submission; with what is wrong where it can't, which no submission is to blame for. */
  readonly problem: Promise<string | undefined>;

  /** @param preload packages that are loaded before the submission comes. */
  constructor(
    sandbox: SandboxKind,
    readonly preload: readonly string[],
  ) {
    this.process = startInside('runner', sandbox, [CELL_FOLDER, ...preload], ['--max-old-space-size=1500']);
    this.problem = whyNotStarted(this.process).then((problem) => {
      this.process.channel.onMessage((message) => this.receive(message));
      return problem;
    });
  }

  private receive(message: unknown): void {
    const told = progress.safeParse(message);
    if (told.success && this.open.has(told.data.id)) this.reached = told.data.reached;
    const read = reply.safeParse(message);
    if (read.success && !told.success) this.open.get(read.data.id)?.(read.data);
  }

  /** False when it has ended, or was ended. */
  get lives(): boolean {
    return !this.isKilled;
  }

  /** Runs a cell. What it throws is its outcome. */
  runCell(cell: CompiledCell, seconds: number): Promise<Answer> {
    return this.ask({ ask: 'cell', cell }, seconds);
  }

  /** Calls the function of that name with a test's input. */
  call(name: string, run: string, input: unknown, seconds: number): Promise<Answer> {
    return this.ask({ ask: 'call', name, run, input: JSON.parse(encode(input)) as unknown }, seconds);
  }

  private async ask(request: object, seconds: number): Promise<Answer> {
    // Nobody can answer a request that has not been made.
    const id = randomInt(2 ** 48 - 1);
    this.reached = undefined;
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<Answer | 'ended'>((resolve) => {
      timer = setTimeout(
        () => resolve({ status: 'timeout', message: `it took more than ${Number(seconds.toFixed(1))} s` }),
        seconds * 1000,
      );
      this.open.set(id, (message) => resolve(toAnswer(message)));
      void this.process.channel.closed.then(() => resolve('ended'));
      this.process.channel.send({ id, ...request });
    });
    const answer = await answered;
    clearTimeout(timer);
    this.open.delete(id);
    if (answer === 'ended') return { status: 'crashed', message: await this.whyEnded() };
    if (answer.status === 'timeout') await this.kill();
    return answer;
  }

  private async whyEnded(): Promise<string> {
    this.kill().catch(() => undefined);
    const { ranOut } = await this.process.ended;
    return ranOut ? `it used more than ${LIMITS.memory / 2 ** 30} GiB of memory` : 'the process that ran it ended';
  }

  /** Ends all processes of the sandbox, and waits for that. */
  async kill(): Promise<void> {
    this.isKilled = true;
    this.process.kill();
    await this.process.ended;
  }
}

function toAnswer(message: unknown): Answer {
  const { value, missing, thrown, effects = { left: 0 } } = reply.parse(message);
  if (missing) return { status: 'missing', message: 'there is no function of this name' };
  if (thrown) return { status: 'done', outcome: { thrown }, effects };
  try {
    return { status: 'done', outcome: { returned: value === undefined ? undefined : decode(value) }, effects };
  } catch (error) {
    return {
      status: 'done',
      outcome: { thrown: { name: 'Unreadable', message: error instanceof Error ? error.message : String(error) } },
      effects,
    };
  }
}

/** Runners that have started and wait: each serves one submission. */
export class RunnerPool {
  private readonly waiting: Runner[] = [];
  private isOpen = true;

  /** @param spare how many wait. */
  constructor(
    private readonly sandbox: SandboxKind,
    private readonly spare: number,
  ) {}

  /** A fresh runner. Another one of its kind is started in its place. */
  take(preload: readonly string[]): Runner {
    const found = this.waiting.findIndex((runner) => runner.preload.join() === preload.join());
    const runner = found < 0 ? new Runner(this.sandbox, preload) : this.waiting.splice(found, 1)[0];
    if (this.isOpen && this.waiting.length < this.spare) this.waiting.push(new Runner(this.sandbox, preload));
    return runner;
  }

  async close(): Promise<void> {
    this.isOpen = false;
    await Promise.all(this.waiting.splice(0).map((runner) => runner.kill()));
  }
}
