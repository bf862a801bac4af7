import type { MimeBundle, OutputOptions } from '../../parts/display';
import { bundleJson, objectJson } from './bundle-json';
import type { History } from './history';
import type { Content, Message, Parent, ReplyChannel } from './messages';
import type { CellContext, OutputStreams } from './output-streams';
import { Interrupted, passInterrupt } from './interrupted';
import type { Interrupts } from './interrupts';
import { describe, kindOf } from './plain-json';
import type { Session } from './session';
import type { ShownError } from './shown-error';

/** What executions need of the kernel. */
export interface ExecutionHost {
  readonly session: Session;
  readonly interrupts: Interrupts;
  readonly streams: OutputStreams;
  readonly history: History;
  readonly publish: (type: string, content: Content, parent: Parent, metadata?: Content) => void;
  readonly reply: (channel: ReplyChannel, message: Message, content: Content) => void;
  readonly beginCell: (context: CellContext) => void;
  readonly askFor: (prompt: Content, parent: Parent) => string | undefined;
  /** Waits until what was published is on its way, or an interrupt is wanted. */
  readonly waitForRoom: () => void;
  /** Takes the executions that wait out of the queue and answers them as aborted. */
  readonly abortWaiting: () => () => void;
}

/** Runs cells: from an execute_request to its reply, with all that is published between. */
export class Executions {
  private count = 0;
  private executions = 0;
  private running: { readonly message: Message; readonly channel: ReplyChannel } | undefined;

  constructor(private readonly host: ExecutionHost) {}

  async execute(message: Message, channel: ReplyChannel): Promise<void> {
    this.host.interrupts.begin(++this.executions);
    this.running = { message, channel };
    try {
      await this.answer(message, channel);
    } finally {
      this.running = undefined;
      this.host.interrupts.end();
    }
  }

  /** The process ends inside a cell, by process.exit: the cell is answered. */
  onExit(code: unknown): void {
    const { running } = this;
    this.running = undefined;
    if (!running) return;
    const evalue = `process.exit(${String(code)}) ended the kernel: its variables are lost`;
    this.fail({ ename: 'Exit', evalue, traceback: [`Exit: ${evalue}`] }, running.message, running.channel, false);
    this.host.publish('status', { execution_state: 'idle' }, running.message);
  }

  private async answer(message: Message, channel: ReplyChannel): Promise<void> {
    const { content } = message;
    const code = typeof content.code === 'string' ? content.code : '';
    const silent = content.silent === true;
    const stores = !silent && content.store_history !== false;
    if (stores) this.count++;
    const context: CellContext = {
      parent: message,
      silent,
      execution: this.executions,
      allowStdin: content.allow_stdin === true,
      cell: message.metadata.cellId,
    };
    this.host.beginCell(context);
    if (!silent) this.host.publish('execute_input', { code, execution_count: this.count }, message);
    if (stores && code.trim() !== '') this.host.history.add(this.count, code);
    const outcome = await this.host.streams.cells.run(context, () =>
      this.host.session.run(code, context.execution, stores ? `cell ${this.count}` : 'a cell without a number'),
    );
    this.host.streams.cells.run(context, () => this.host.streams.finish());
    if (outcome.status === 'error') return this.fail(outcome.error, message, channel, silent);
    if (outcome.shown !== undefined && !silent)
      this.host.publish('execute_result', { execution_count: this.count, data: outcome.shown, metadata: {} }, message);
    const expressions = await this.evaluate(content.user_expressions, context);
    this.host.reply(channel, message, {
      status: 'ok',
      execution_count: this.count,
      user_expressions: expressions,
      payload: [],
    });
  }

  private fail(error: ShownError, message: Message, channel: ReplyChannel, silent: boolean): void {
    if (!silent) this.host.publish('error', { ...error }, message);
    const answerAborted = message.content.stop_on_error === false ? () => undefined : this.host.abortWaiting();
    this.host.reply(channel, message, {
      status: 'error',
      execution_count: this.count,
      ...error,
      user_expressions: {},
      payload: [],
    });
    answerAborted();
  }

  /** What the reply to an execution that is not run says. */
  get abortedReply(): Content {
    return { status: 'aborted', execution_count: this.count };
  }

  private async evaluate(expressions: unknown, context: CellContext): Promise<Content> {
    const results: [string, Content][] = [];
    for (const [name, expression] of Object.entries(
      typeof expressions === 'object' && expressions !== null ? expressions : {},
    )) {
      const code = typeof expression === 'string' ? expression : JSON.stringify(expression);
      const outcome = await this.host.streams.cells.run({ ...context, silent: true }, () =>
        this.host.session.run(`(${code})`, ++this.executions, `expression ${name}`),
      );
      results.push([
        name,
        outcome.status === 'ok'
          ? { status: 'ok', data: outcome.shown ?? { 'text/plain': 'undefined' }, metadata: {} }
          : { status: 'error', ...outcome.error },
      ]);
    }
    return Object.fromEntries(results);
  }

  private show(type: string, content: Content, parent: Parent, metadata?: Content): void {
    this.host.publish(type, content, parent, metadata);
    this.host.waitForRoom();
  }

  /** Publishes for the cell that is running. Throws a TypeError where the content can't travel. */
  publishHere(type: string, content: Content, metadata?: Content): void {
    const context = this.host.streams.current;
    if (!context || context.silent) return;
    this.show(type, objectJson(content, type), context.parent, metadata && objectJson(metadata, 'metadata'));
  }

  display(bundle: MimeBundle, { id, update, metadata = {} }: OutputOptions): void {
    const context = this.host.streams.current;
    const content = shownContent(bundle, metadata, id);
    if (context && !context.silent) this.show(update ? 'update_display_data' : 'display_data', content, context.parent);
  }

  /** Asks for a line, and waits for it. */
  ask(text: string, hidden: boolean): string {
    const context = this.host.streams.current;
    if (!context?.allowStdin) throw new Error('prompt: this front end takes no input; run the cell in JupyterLab');
    const line = this.host.askFor({ prompt: String(text), password: hidden === true }, context.parent);
    if (line === undefined) throw new Interrupted();
    return line;
  }
}

/** What an output holds. Throws a TypeError in the cell that makes it, where it can't travel. */
function shownContent(bundle: MimeBundle, metadata: unknown, id: unknown): Content {
  try {
    if (id !== undefined && typeof id !== 'string') throw new TypeError(`expected id to be a text, got ${kindOf(id)}`);
    return {
      data: bundleJson(bundle),
      metadata: objectJson(metadata, 'metadata'),
      transient: id === undefined ? {} : { display_id: id },
    };
  } catch (thrown) {
    passInterrupt(thrown);
    throw new TypeError(`output: ${describe(thrown)}`);
  }
}
