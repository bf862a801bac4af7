import path from 'node:path';
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { bundleOf, type MimeBundle, type OutputOptions } from '../display';
import { isComplete } from './checker';
import { History } from './history';
import type { Interrupts } from './interrupts';
import { KERNEL_INFO } from './kernel-info';
import type { Content, FromSockets, Message, Parent, ReplyChannel, ToSockets } from './messages';
import { OutputStreams, type CellContext } from './output-streams';
import { toCodePoints, toUtf16 } from './positions';
import { Session, type Outcome } from './session';
import type { ShownError } from './traceback';

/** What the kernel shares with its socket thread. */
export interface KernelParts {
  readonly port: MessagePort;
  readonly interrupts: Interrupts;
  readonly readLine: () => string | undefined;
  /** Where the notebook lies. */
  readonly folder: string;
  readonly root: string;
}

type Request = Extract<FromSockets, { kind: 'request' }>;

/** Answers requests one after the other. */
export class Kernel {
  private readonly queue: Request[] = [];
  private readonly streams = new OutputStreams((execution, name, text) => this.send({ kind: 'stream', execution, name, text }));
  private readonly session: Session;
  private readonly history: History;
  private executionCount = 0;
  private executions = 0;
  private isWorking = false;

  constructor(private readonly parts: KernelParts) {
    this.session = new Session(parts.folder, parts.root, parts.interrupts);
    this.history = new History(path.join(parts.root, 'build', 'kernel-history.jsonl'));
  }

  /** Begins to listen; returns at once. */
  start(): void {
    this.streams.capture();
    this.offer('layerwise.output', (bundle: MimeBundle, options: OutputOptions) => this.display(bundle, options));
    this.offer('layerwise.clear-output', (wait: boolean) => this.publishHere('clear_output', { wait }));
    this.offer('layerwise.input', (text: string, hidden: boolean) => this.ask(text, hidden));
    process.on('SIGINT', () => undefined);
    process.on('uncaughtException', (error) => this.complain(error));
    process.on('unhandledRejection', (reason) => this.complain(reason));
    this.parts.port.on('message', (message: FromSockets) => {
      this.receive(message);
      void this.work();
    });
  }

  private offer(name: string, hook: unknown): void {
    Object.defineProperty(globalThis, Symbol.for(name), { value: hook, configurable: true });
  }

  private receive(message: FromSockets): void {
    if (message.kind === 'interrupt') this.parts.interrupts.onMessage();
    else this.queue.push(message);
  }

  private send(message: ToSockets): void {
    this.parts.port.postMessage(message);
  }

  private publish(type: string, content: Content, parent: Parent, metadata?: Content): void {
    this.send({ kind: 'publish', type, content, parent: { identities: [], header: parent.header }, ...(metadata ? { metadata } : {}) });
  }

  /** Publishes for the cell that is running, after what it has written so far. */
  private publishHere(type: string, content: Content): void {
    const context = this.streams.current;
    if (!context || context.silent) return;
    this.publish(type, content, context.parent);
  }

  private display(bundle: MimeBundle, { id, update, metadata = {} }: OutputOptions): void {
    this.publishHere(update ? 'update_display_data' : 'display_data', { data: toJson(bundle), metadata, transient: id === undefined ? {} : { display_id: id } });
  }

  private ask(text: string, hidden: boolean): string {
    const context = this.streams.current;
    if (!context?.allowStdin) throw new Error('prompt: this front end takes no input; run the cell in JupyterLab');
    this.send({ kind: 'input', content: { prompt: text, password: hidden }, parent: context.parent });
    const line = this.parts.readLine();
    if (line === undefined) throw new Error('prompt: interrupted');
    return line;
  }

  /** Reports what nobody caught: a rejected promise, a throw in a timer. */
  private complain(thrown: unknown): void {
    const { traceback } = this.session.show(thrown);
    this.streams.write('stderr', `Uncaught ${traceback.join('\n')}\n`);
  }

  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    for (let request = this.queue.shift(); request; request = this.queue.shift()) {
      try {
        await this.answer(request);
      } catch (error) {
        this.complain(error);
      }
    }
    this.isWorking = false;
  }

  private async answer({ channel, message }: Request): Promise<void> {
    const handler = this.handlers[message.header.msg_type];
    if (!handler) return;
    this.publish('status', { execution_state: 'busy' }, message);
    try {
      await handler(message, channel);
    } finally {
        this.publish('status', { execution_state: 'idle' }, message);
    }
  }

  private reply(channel: ReplyChannel, message: Message, content: Content): void {
    this.send({ kind: 'reply', channel, type: message.header.msg_type.replace(/_request$/, '_reply'), content, parent: message });
  }

  private readonly handlers: Readonly<Record<string, (message: Message, channel: ReplyChannel) => void | Promise<void>>> = {
    kernel_info_request: (message, channel) => this.reply(channel, message, KERNEL_INFO),
    execute_request: (message, channel) => this.execute(message, channel),
    is_complete_request: (message, channel) => this.reply(channel, message, { ...isComplete(text(message, 'code')) }),
    complete_request: (message, channel) => {
      const code = text(message, 'code');
      const { start, end, names } = this.session.checker.complete(code, toUtf16(code, integer(message, 'cursor_pos', code.length)));
      this.reply(channel, message, { status: 'ok', matches: names, cursor_start: toCodePoints(code, start), cursor_end: toCodePoints(code, end), metadata: {} });
    },
    inspect_request: (message, channel) => {
      const code = text(message, 'code');
      const found = this.session.checker.inspect(code, toUtf16(code, integer(message, 'cursor_pos', 0)));
      this.reply(channel, message, { status: 'ok', found: found !== undefined, data: found ? { 'text/plain': found.text, 'text/markdown': found.markdown } : {}, metadata: {} });
    },
    history_request: (message, channel) => this.reply(channel, message, { status: 'ok', history: this.history.answer(message.content) }),
    comm_info_request: (message, channel) => this.reply(channel, message, { status: 'ok', comms: {} }),
    comm_open: (message) => this.publish('comm_close', { comm_id: message.content.comm_id, data: {} }, message),
    comm_msg: () => undefined,
    comm_close: () => undefined,
  };

  private async execute(message: Message, channel: ReplyChannel): Promise<void> {
    const code = text(message, 'code');
    const silent = message.content.silent === true;
    const stores = !silent && message.content.store_history !== false;
    if (stores) this.executionCount++;
    const count = this.executionCount;
    const context: CellContext = { parent: message, silent, execution: ++this.executions, allowStdin: message.content.allow_stdin === true };
    this.streams.lastCell = context;
    this.send({ kind: 'cell', execution: context.execution, parent: { identities: [], header: message.header } });
    if (!silent) this.publish('execute_input', { code, execution_count: count }, message);
    if (stores && code.trim() !== '') this.history.add(count, code);
    const outcome = await this.streams.cells.run(context, () => this.session.run(code, context.execution));
    if (outcome.status === 'error') return this.fail(outcome.error, message, channel, count, silent);
    if (outcome.value !== undefined && !silent) this.publish('execute_result', { execution_count: count, data: toJson(bundleOf(outcome.value)), metadata: {} }, message);
    const expressions = await this.evaluate(message.content.user_expressions, context);
    this.reply(channel, message, { status: 'ok', execution_count: count, user_expressions: expressions, payload: [] });
  }

  private fail(error: ShownError, message: Message, channel: ReplyChannel, count: number, silent: boolean): void {
    if (!silent) this.publish('error', { ...error }, message);
    const aborted = message.content.stop_on_error === false ? [] : this.takeQueuedExecutions();
    this.reply(channel, message, { status: 'error', execution_count: count, ...error, user_expressions: {}, payload: [] });
    for (const request of aborted) {
      this.publish('status', { execution_state: 'busy' }, request.message);
      this.reply(request.channel, request.message, { status: 'aborted', execution_count: count });
      this.publish('status', { execution_state: 'idle' }, request.message);
    }
  }

  /** The executions that had arrived when a cell failed: exactly these are aborted. */
  private takeQueuedExecutions(): Request[] {
    for (let received = receiveMessageOnPort(this.parts.port); received; received = receiveMessageOnPort(this.parts.port)) this.receive(received.message as FromSockets);
    const executions = this.queue.filter(({ message }) => message.header.msg_type === 'execute_request');
    const others = this.queue.filter(({ message }) => message.header.msg_type !== 'execute_request');
    this.queue.splice(0, this.queue.length, ...others);
    return executions;
  }

  private async evaluate(expressions: unknown, context: CellContext): Promise<Content> {
    const results: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(typeof expressions === 'object' && expressions !== null ? expressions : {})) {
      const outcome: Outcome = await this.streams.cells.run({ ...context, silent: true }, () => this.session.run(`(${String(expression)})`, ++this.executions));
      results[name] = outcome.status === 'ok' ? { status: 'ok', data: toJson(bundleOf(outcome.value)), metadata: {} } : { status: 'error', ...outcome.error };
    }
    return results;
  }
}

const text = (message: Message, name: string): string => (typeof message.content[name] === 'string' ? message.content[name] : '');
const integer = (message: Message, name: string, otherwise: number): number => (typeof message.content[name] === 'number' ? message.content[name] : otherwise);

/** Binary content as base64, as the protocol wants it. */
function toJson(bundle: MimeBundle): Content {
  return Object.fromEntries(Object.entries(bundle).map(([type, value]) => [type, value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value]));
}
