import { bundleOf, type MimeBundle, type OutputOptions } from '../display';
import type { History } from './history';
import type { Content, Message, Parent, ReplyChannel } from './messages';
import type { CellContext, OutputStreams } from './output-streams';
import type { Session } from './session';
import type { ShownError } from './traceback';

/** What executions need of the kernel. */
export interface ExecutionHost {
  readonly session: Session;
  readonly streams: OutputStreams;
  readonly history: History;
  readonly publish: (type: string, content: Content, parent: Parent) => void;
  readonly reply: (channel: ReplyChannel, message: Message, content: Content) => void;
  readonly beginCell: (context: CellContext) => void;
  readonly askFor: (prompt: Content, parent: Parent) => string | undefined;
  /** Takes the executions that wait out of the queue and answers them as aborted. */
  readonly abortWaiting: () => () => void;
}

/** Runs cells: from an execute_request to its reply, with all that is published between. */
export class Executions {
  private count = 0;
  private executions = 0;

  constructor(private readonly host: ExecutionHost) {}

  async execute(message: Message, channel: ReplyChannel): Promise<void> {
    const { content } = message;
    const code = typeof content.code === 'string' ? content.code : '';
    const silent = content.silent === true;
    const stores = !silent && content.store_history !== false;
    if (stores) this.count++;
    const context: CellContext = { parent: message, silent, execution: ++this.executions, allowStdin: content.allow_stdin === true };
    this.host.beginCell(context);
    if (!silent) this.host.publish('execute_input', { code, execution_count: this.count }, message);
    if (stores && code.trim() !== '') this.host.history.add(this.count, code);
    const outcome = await this.host.streams.cells.run(context, () => this.host.session.run(code, context.execution));
    if (outcome.status === 'error') return this.fail(outcome.error, message, channel, silent);
    if (outcome.value !== undefined && !silent) this.publishResult(outcome.value, message);
    const expressions = await this.evaluate(content.user_expressions, context);
    this.host.reply(channel, message, { status: 'ok', execution_count: this.count, user_expressions: expressions, payload: [] });
  }

  private publishResult(value: unknown, message: Message): void {
    this.host.publish('execute_result', { execution_count: this.count, data: toJson(safeBundle(value)), metadata: {} }, message);
  }

  private fail(error: ShownError, message: Message, channel: ReplyChannel, silent: boolean): void {
    if (!silent) this.host.publish('error', { ...error }, message);
    const answerAborted = message.content.stop_on_error === false ? () => undefined : this.host.abortWaiting();
    this.host.reply(channel, message, { status: 'error', execution_count: this.count, ...error, user_expressions: {}, payload: [] });
    answerAborted();
  }

  /** What the reply to an execution that is not run says. */
  get abortedReply(): Content {
    return { status: 'aborted', execution_count: this.count };
  }

  private async evaluate(expressions: unknown, context: CellContext): Promise<Content> {
    const results: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(typeof expressions === 'object' && expressions !== null ? expressions : {})) {
      const outcome = await this.host.streams.cells.run({ ...context, silent: true }, () => this.host.session.run(`(${String(expression)})`, ++this.executions));
      results[name] = outcome.status === 'ok' ? { status: 'ok', data: toJson(safeBundle(outcome.value)), metadata: {} } : { status: 'error', ...outcome.error };
    }
    return results;
  }

  /** Publishes for the cell that is running. */
  publishHere(type: string, content: Content): void {
    const context = this.host.streams.current;
    if (context && !context.silent) this.host.publish(type, content, context.parent);
  }

  display(bundle: MimeBundle, { id, update, metadata = {} }: OutputOptions): void {
    this.publishHere(update ? 'update_display_data' : 'display_data', { data: toJson(bundle), metadata, transient: id === undefined ? {} : { display_id: id } });
  }

  /** Asks for a line, and waits for it. */
  ask(text: string, hidden: boolean): string {
    const context = this.host.streams.current;
    if (!context?.allowStdin) throw new Error('prompt: this front end takes no input; run the cell in JupyterLab');
    const line = this.host.askFor({ prompt: text, password: hidden }, context.parent);
    if (line === undefined) throw new Error('prompt: interrupted');
    return line;
  }
}

/** A value whose own method fails to show it is still shown. */
function safeBundle(value: unknown): MimeBundle {
  try {
    return bundleOf(value);
  } catch (error) {
    return { 'text/plain': `a value that can't be shown: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Binary content as base64, as the protocol wants it. */
function toJson(bundle: MimeBundle): Content {
  return Object.fromEntries(Object.entries(bundle).map(([type, value]) => [type, value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value]));
}
