import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { ChildOutput } from './child-output';
import { codeQuestions } from './code-questions';
import { Comms } from './comms';
import { Executions } from './execution';
import { collectLater, collectMuch } from './garbage';
import { isEnded } from './guard';
import { History, historyFile } from './history';
import type { InputLine } from './input-line';
import { Interrupted } from './interrupted';
import type { Interrupts } from './interrupts';
import { KERNEL_INFO } from './kernel-info';
import type { Content, FromSockets, Message, Parent, ReplyChannel, ToSockets } from './messages';
import { NoInput } from './no-input';
import { OutputStreams } from './output-streams';
import type { Pressure } from './pressure';
import { Session } from './session';

/** What the kernel shares with its socket thread. */
export interface KernelParts {
  readonly port: MessagePort;
  readonly interrupts: Interrupts;
  readonly input: InputLine;
  readonly pressure: Pressure;
  /** Where the notebook lies. */
  readonly folder: string;
  readonly root: string;
}

type Request = Extract<FromSockets, { kind: 'request' }>;

/** Answers requests one after the other. */
export class Kernel {
  private readonly queue: Request[] = [];
  private readonly streams = new OutputStreams((execution, name, text) => {
    this.send({ kind: 'stream', execution, name, text });
    this.waitForRoom();
  });
  private readonly session: Session;
  private readonly history: History;
  private readonly executions: Executions;
  private readonly comms = new Comms(
    (type, content, metadata) => this.executions.publishHere(type, content, metadata),
    () => this.streams.current?.cell,
  );
  /** Whoever asks gets an answer, also where answering fails. */
  private readonly unanswered = new Set<Message>();
  private isWorking = false;

  constructor(private readonly parts: KernelParts) {
    this.session = new Session(
      parts.folder,
      parts.root,
      parts.interrupts,
      new ChildOutput((pipes) => this.send({ kind: 'pipes', pipes })),
    );
    parts.interrupts.executionOf = () => this.streams.cells.getStore()?.execution;
    this.history = new History(historyFile(parts.root));
    this.executions = new Executions({
      session: this.session,
      streams: this.streams,
      history: this.history,
      publish: (type, content, parent, metadata) => this.publish(type, content, parent, metadata),
      reply: (channel, message, content) => this.reply(channel, message, content),
      beginCell: (context) => {
        this.streams.lastCell = context;
        this.streams.cells.run(context, () => this.comms.closeOf(context.cell));
        this.send({
          kind: 'cell',
          execution: context.execution,
          parent: { identities: [], header: context.parent.header },
        });
      },
      askFor: (content, parent) => {
        const { identities, header } = parent;
        return parts.input.ask(
          () => this.send({ kind: 'input', json: JSON.stringify(content), parent: { identities, header } }),
          () => parts.interrupts.isWanted,
        );
      },
      interrupts: parts.interrupts,
      waitForRoom: () => this.waitForRoom(),
      abortWaiting: () => this.abortWaiting(),
    });
  }

  /**
   * Begins to listen; returns when cells can run. What has arrived by then is answered after that, so that who hears of
   * the kernel finds it ready.
   */
  start(): void {
    this.streams.capture();
    Object.defineProperty(process, 'stdin', { value: new NoInput(), configurable: true, enumerable: true });
    const { executions } = this;
    const hooks = {
      'layerwise.output': executions.display.bind(executions),
      'layerwise.clear-output': (wait: unknown) => executions.publishHere('clear_output', { wait: wait === true }),
      'layerwise.input': executions.ask.bind(executions),
      'layerwise.comms': this.comms,
      'layerwise.checkpoint': () => this.parts.interrupts.checkpoint(),
    };
    for (const [name, hook] of Object.entries(hooks))
      Object.defineProperty(globalThis, Symbol.for(name), { value: hook, configurable: true });
    process.on('exit', (code) => {
      executions.onExit(code);
      this.parts.pressure.waitForRoom(() => false, 0);
      // Node would end the sockets' thread first, which their library answers with an abort: that thread ends the
      // process.
      this.send({ kind: 'end' });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
    process.on('uncaughtException', (error) => this.complain(error));
    process.on('unhandledRejection', (reason) => this.complain(reason));
    this.parts.port.on('message', (message: FromSockets) => {
      this.receive(message);
      void this.work();
    });
    this.session.warmUp();
  }

  private receive(message: FromSockets): void {
    if (message.kind === 'interrupt') this.parts.interrupts.onMessage(message.nth);
    else this.queue.push(message);
  }

  private send(message: ToSockets): void {
    this.parts.port.postMessage(message);
    this.parts.pressure.add(message);
  }

  /** Whoever shows faster than the front end reads waits. */
  private waitForRoom(): void {
    this.parts.pressure.waitForRoom(() => this.parts.interrupts.isWanted);
  }

  private publish(type: string, content: Content, parent: Parent, metadata?: Content): void {
    this.send({
      kind: 'publish',
      type,
      json: JSON.stringify(content),
      parent: { identities: [], header: parent.header },
      metadata: metadata && JSON.stringify(metadata),
    });
  }

  private reply(channel: ReplyChannel, message: Message, content: Content): void {
    const { identities, header } = message;
    this.send({
      kind: 'reply',
      channel,
      type: header.msg_type.replace(/_request$/, '_reply'),
      json: JSON.stringify(content),
      parent: { identities, header },
    });
    this.unanswered.delete(message);
  }

  /** Reports what nobody caught: a rejected promise, a throw in a timer. */
  private complain(thrown: unknown): void {
    if (isEnded(thrown) || thrown instanceof Interrupted) return;
    this.streams.write(
      'stderr',
      `Uncaught ${this.session.show(thrown, this.streams.cells.getStore()?.execution).traceback.join('\n')}\n`,
    );
  }

  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    for (let request = this.queue.shift(); request; request = this.queue.shift()) await this.answer(request);
    this.isWorking = false;
    collectLater();
  }

  private async answer({ channel, message }: Request): Promise<void> {
    const type = message.header.msg_type;
    if (!Object.hasOwn(this.handlers, type)) return;
    this.publish('status', { execution_state: 'busy' }, message);
    if (type.endsWith('_request')) this.unanswered.add(message);
    try {
      await this.handlers[type](message, channel);
    } catch (error) {
      this.complain(error);
      if (this.unanswered.has(message))
        this.reply(channel, message, {
          status: 'error',
          execution_count: this.executions.abortedReply.execution_count,
          ...this.session.show(error),
        });
    } finally {
      this.publish('status', { execution_state: 'idle' }, message);
      collectMuch();
    }
  }

  private readonly handlers: Readonly<
    Record<string, (message: Message, channel: ReplyChannel) => void | Promise<void>>
  > = {
    kernel_info_request: (message, channel) => this.reply(channel, message, KERNEL_INFO),
    execute_request: (message, channel) => this.executions.execute(message, channel),
    ...Object.fromEntries(
      Object.entries(codeQuestions).map(([type, answer]) => [
        type,
        (message: Message, channel: ReplyChannel) =>
          this.reply(channel, message, answer(message.content, this.session.checker)),
      ]),
    ),
    history_request: (message, channel) =>
      this.reply(channel, message, { status: 'ok', history: this.history.answer(message.content) }),
    comm_info_request: (message, channel) =>
      this.reply(channel, message, { status: 'ok', comms: this.comms.info(message.content.target_name) }),
    comm_open: (message) => this.onComm(message),
    comm_msg: (message) => this.onComm(message),
    comm_close: (message) => this.onComm(message),
  };

  /** What a comm's listener writes belongs to the message that it answers. */
  private onComm(message: Message): void {
    const context = { parent: message, silent: false, execution: 0, allowStdin: false };
    this.send({ kind: 'cell', execution: 0, parent: { identities: [], header: message.header } });
    this.streams.cells.run(context, () => this.comms.receive(message));
  }

  /** Takes out of the queue the executions that had arrived when a cell failed: exactly these are aborted. */
  private abortWaiting(): () => void {
    for (
      let received = receiveMessageOnPort(this.parts.port);
      received;
      received = receiveMessageOnPort(this.parts.port)
    )
      this.receive(received.message as FromSockets);
    const isExecution = ({ message }: Request): boolean => message.header.msg_type === 'execute_request';
    const aborted = this.queue.filter(isExecution);
    this.queue.splice(0, this.queue.length, ...this.queue.filter((request) => !isExecution(request)));
    return () => {
      for (const { channel, message } of aborted) {
        this.publish('status', { execution_state: 'busy' }, message);
        this.reply(channel, message, this.executions.abortedReply);
        this.publish('status', { execution_state: 'idle' }, message);
      }
    };
  }
}
