import { z } from 'zod';
import { GradingFailed } from './failed';
import type { CompiledOrNot, CompileRequest } from './inside/compiler';
import type { Extent } from './inside/statements';
import { inRoot, root } from '../paths';
import { startInside, whyNotStarted, type Sandboxed, type SandboxKind } from './sandbox/sandbox';

/** Where cells are taken to lie: imports are looked up from here. */
export const CELL_FOLDER = inRoot('notebooks', 'exercises');
const SECONDS = 30;

const compiled = z.union([
  z.object({
    cell: z.object({
      filename: z.string(),
      script: z.string(),
      isAsync: z.boolean(),
      steps: z.array(z.array(z.string())),
    }),
  }),
  z.object({ refused: z.string() }),
]);
const reply = z.object({ id: z.number(), compiled: z.array(compiled) });

/**
 * Checks and compiles notebooks in a sandbox of its own, one after the other. Begins anew when a notebook keeps it too
 * long.
 */
export class Compiler {
  private process: Sandboxed | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private count = 0;

  constructor(private readonly sandbox: SandboxKind) {}

  /**
   * The cells as scripts, or why they can't run.
   *
   * @param extents how much of each cell, where they have been checked before; without it they are checked.
   * @throws GradingFailed where no compiler can be started.
   */
  compile(cells: readonly string[], extents?: readonly Extent[]): Promise<readonly CompiledOrNot[]> {
    const result = this.last.then(() => this.ask(cells, extents));
    this.last = result.catch(() => undefined);
    return result;
  }

  /** The process, which has read the libraries. */
  private async start(): Promise<Sandboxed> {
    if (this.process) return this.process;
    const started = startInside('compiler', this.sandbox, [CELL_FOLDER, root], ['--max-old-space-size=1500']);
    const problem = await whyNotStarted(started);
    if (problem !== undefined) throw new GradingFailed(`the compiler for submissions did not start: ${problem}`);
    this.process = started;
    // One that ends while nobody asks is nobody's fault: the next one who asks gets another.
    void started.channel.closed.then(() => {
      if (this.process === started) this.process = undefined;
    });
    return started;
  }

  private async ask(cells: readonly string[], extents?: readonly Extent[]): Promise<readonly CompiledOrNot[]> {
    const process = await this.start();
    const request: CompileRequest = { id: ++this.count, cells, extents };
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<readonly CompiledOrNot[] | string>((resolve) => {
      timer = setTimeout(() => resolve(`checking its types took more than ${SECONDS} s`), SECONDS * 1000);
      void process.channel.closed.then(() => resolve('the compiler ended while it checked the notebook'));
      process.channel.onMessage((message) => {
        const read = reply.safeParse(message);
        if (read.success && read.data.id === request.id) resolve(read.data.compiled);
      });
      process.channel.send(request);
    });
    const answer = await answered;
    clearTimeout(timer);
    if (typeof answer !== 'string' && answer.length === cells.length) return answer;
    await this.close();
    return cells.map(() => ({ refused: typeof answer === 'string' ? answer : 'the compiler gave no answer' }));
  }

  async close(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    process?.kill();
    await process?.ended;
  }
}
