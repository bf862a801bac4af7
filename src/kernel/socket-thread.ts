// The thread that owns the sockets. It stays responsive while the main thread computes: heartbeat, interrupt, shutdown.
import { workerData, type MessagePort } from 'node:worker_threads';
import { Publisher, Reply, Router } from 'zeromq';
import type { Connection } from './connection';
import type { FromSockets, Message, Parent, ReplyChannel, ToSockets } from './messages';
import { Wire, WireError } from './wire';

/** What the main thread hands to this one. */
export interface SocketThreadData {
  readonly connection: Connection;
  readonly port: MessagePort;
  /** The answer to kernel_info_request: it names the compiler, which this thread doesn't load. */
  readonly kernelInfo: Readonly<Record<string, unknown>>;
  /** [0]: not zero while an interrupt is wanted. */
  readonly interruptFlag: Int32Array;
  /** [0]: not zero when a line of input lies in `input`; its length in [1]. */
  readonly inputFlag: Int32Array;
  readonly input: Uint8Array;
}

const MAX_MESSAGE_BYTES = 64 * 2 ** 20;
const PARENT_CHECK_MS = 500;
const SIGNAL_AFTER_MS = 100;
const data = workerData as SocketThreadData;
const { connection } = data;
const wire = new Wire(connection.key, connection.signature_scheme);

const options = { maxMessageSize: MAX_MESSAGE_BYTES, linger: 1000 };
const sockets = { shell: new Router(options), control: new Router(options), stdin: new Router(options), iopub: new Publisher({ linger: 1000, sendHighWaterMark: 0 }), heartbeat: new Reply(options) };

/** Sends in order, socket by socket: zeromq takes one message at a time of each. */
const sending = new Map<Router | Publisher, Promise<void>>();
function send(socket: Router | Publisher, frames: readonly Uint8Array[]): Promise<void> {
  const sent = (sending.get(socket) ?? Promise.resolve()).then(() => socket.send([...frames])).catch(() => undefined);
  sending.set(socket, sent);
  return sent;
}

const publish = (type: string, content: Readonly<Record<string, unknown>>, parent?: Parent): Promise<void> => send(sockets.iopub, wire.encode(type, content, parent, type));
const tell = (message: FromSockets): void => data.port.postMessage(message);

/** Stream text is joined for this long; any other message sends what waits, so that the order stays. */
const JOIN_MS = 10;
const JOIN_LENGTH = 2 ** 18;
const REMEMBERED_CELLS = 1000;
const cells = new Map<number, Parent>();
let waiting: { execution: number; name: string; parts: string[]; length: number } | undefined;
let timer: NodeJS.Timeout | undefined;

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  if (!waiting) return;
  const { execution, name, parts } = waiting;
  waiting = undefined;
  void publish('stream', { name, text: parts.join('') }, cells.get(execution));
}

function join(execution: number, name: string, text: string): void {
  if (waiting && (waiting.execution !== execution || waiting.name !== name)) flush();
  waiting ??= { execution, name, parts: [], length: 0 };
  waiting.parts.push(text);
  waiting.length += text.length;
  if (waiting.length > JOIN_LENGTH) flush();
  else timer ??= setTimeout(flush, JOIN_MS);
}

function remember(execution: number, parent: Parent): void {
  cells.set(execution, parent);
  if (cells.size > REMEMBERED_CELLS) cells.delete(cells.keys().next().value ?? 0);
}

/** Until the main thread has answered something it isn't ready, and this thread doesn't say so in its place. */
let isReady = false;

data.port.on('message', (message: ToSockets) => {
  isReady = true;
  if (message.kind === 'stream') return join(message.execution, message.name, message.text);
  if (message.kind === 'cell') return remember(message.execution, message.parent);
  flush();
  if (message.kind === 'publish') void send(sockets.iopub, wire.encodeJson(message.type, message.json, message.parent, message.type));
  else if (message.kind === 'reply') void send(sockets[message.channel], wire.encodeJson(message.type, message.json, message.parent));
  else void send(sockets.stdin, wire.encodeJson('input_request', message.json, message.parent));
});

async function receive(socket: Router, handle: (message: Message) => void): Promise<void> {
  for await (const frames of socket) {
    try {
      handle(wire.decode(frames));
    } catch (error) {
      // Whatever arrives, this thread lives on.
      if (!(error instanceof WireError)) process.stderr.write(`the kernel dropped a message: ${String(error)}\n`);
    }
  }
}

function interrupt(): void {
  Atomics.store(data.interruptFlag, 0, 1);
  Atomics.store(data.inputFlag, 0, -1);
  Atomics.notify(data.inputFlag, 0);
  tell({ kind: 'interrupt' });
  // Code of libraries loops without a check of ours: only a signal reaches it.
  setTimeout(() => Atomics.load(data.interruptFlag, 0) === 1 && process.kill(process.pid, 'SIGINT'), SIGNAL_AFTER_MS);
}

async function onControl(message: Message): Promise<void> {
  const type = message.header.msg_type;
  const reply = (content: Readonly<Record<string, unknown>>): Promise<void> => send(sockets.control, wire.encode(type.replace(/_request$/, '_reply'), content, message));
  if (type === 'interrupt_request') {
    await publish('status', { execution_state: 'busy' }, message);
    interrupt();
    await reply({ status: 'ok' });
    await publish('status', { execution_state: 'idle' }, message);
  } else if (type === 'shutdown_request') {
    await reply({ status: 'ok', restart: message.content.restart === true });
    await publish('shutdown_reply', { status: 'ok', restart: message.content.restart === true }, message);
    end();
  } else if (type === 'kernel_info_request' && isReady) {
    await publish('status', { execution_state: 'busy' }, message);
    await reply(data.kernelInfo);
    await publish('status', { execution_state: 'idle' }, message);
  } else request('control', message);
}

function request(channel: ReplyChannel, message: Message): void {
  if (message.header.msg_type === 'shutdown_request') return void onShellShutdown(message);
  try {
    tell({ kind: 'request', channel, message });
  } catch (error) {
    // For example nested so deep that it can't be copied.
    const type = message.header.msg_type;
    if (type.endsWith('_request')) void send(sockets[channel], wire.encode(type.replace(/_request$/, '_reply'), { status: 'error', ename: 'Error', evalue: `the request can't be read: ${String(error)}`, traceback: [], execution_count: 0 }, message));
  }
}

async function onShellShutdown(message: Message): Promise<void> {
  await send(sockets.shell, wire.encode('shutdown_reply', { status: 'ok', restart: message.content.restart === true }, message));
  end();
}

function onInput(message: Message): void {
  if (message.header.msg_type !== 'input_reply') return;
  const { value } = message.content;
  const line = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value ?? '')).subarray(0, data.input.length);
  data.input.set(line);
  Atomics.store(data.inputFlag, 1, line.length);
  Atomics.store(data.inputFlag, 0, 1);
  Atomics.notify(data.inputFlag, 0);
}

/** Ends the whole process once what was sent is out. The main thread may be busy: it isn't asked. */
function end(): void {
  void Promise.all(sending.values()).then(() => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50));
}

async function echo(): Promise<void> {
  for await (const frames of sockets.heartbeat) await sockets.heartbeat.send(frames);
}

async function main(): Promise<void> {
  const at = (port: number): string => `${connection.transport}://${connection.ip}${connection.transport === 'ipc' ? '-' : ':'}${port}`;
  await Promise.all([sockets.shell.bind(at(connection.shell_port)), sockets.control.bind(at(connection.control_port)), sockets.stdin.bind(at(connection.stdin_port)), sockets.iopub.bind(at(connection.iopub_port)), sockets.heartbeat.bind(at(connection.hb_port))]);
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), PARENT_CHECK_MS);
  await publish('status', { execution_state: 'starting' });
  await Promise.all([receive(sockets.shell, (message) => request('shell', message)), receive(sockets.control, (message) => void onControl(message)), receive(sockets.stdin, onInput), echo()]);
}

const complain = (error: unknown): boolean => process.stderr.write(`the kernel's sockets: ${error instanceof Error ? error.stack : String(error)}\n`);
process.on('uncaughtException', complain);
process.on('unhandledRejection', complain);
main().catch((error: unknown) => {
  complain(error);
  process.kill(process.pid, 'SIGKILL');
});
