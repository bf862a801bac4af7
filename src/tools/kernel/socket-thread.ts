// The thread that owns the sockets. It stays responsive while the main thread computes: heartbeat, interrupt, shutdown.
import { randomUUID } from 'node:crypto';
import { workerData, type MessagePort } from 'node:worker_threads';
import { Publisher, Reply, Router } from 'zeromq';
import { addressOf, type Connection } from './connection';
import { InputLine } from './input-line';
import { InterruptRequests } from './interrupt-requests';
import { JoinedStreams } from './joined-streams';
import type { FromSockets, Message, Parent, ReplyChannel, ToSockets } from './messages';
import { OutputPipeReader } from './output-pipes';
import { PatientPublisher } from './patient-publisher';
import { Pressure, sizeOf } from './pressure';
import { Wire, WireError } from './wire';

/** What the main thread hands to this one. */
export interface SocketThreadData {
  readonly connection: Connection;
  readonly port: MessagePort;
  /** The answer to kernel_info_request: it names the compiler, which this thread doesn't load. */
  readonly kernelInfo: Readonly<Record<string, unknown>>;
  /** What the threads share of interrupts, of a line of input, and of what waits to be sent. */
  readonly interrupts: Int32Array;
  readonly inputState: Int32Array;
  readonly inputBytes: Uint8Array;
  readonly waiting: Int32Array;
}

const MAX_MESSAGE_BYTES = 64 * 2 ** 20;
const PARENT_CHECK_MS = 500;
const END_MS = 1000;
const data = workerData as SocketThreadData;
const { connection } = data;
const input = new InputLine(data.inputState, data.inputBytes);
const pressure = new Pressure(data.waiting);
const wire = new Wire(connection.key, connection.signature_scheme);

const options = { maxMessageSize: MAX_MESSAGE_BYTES, linger: 1000 };
const sockets = {
  shell: new Router(options),
  control: new Router(options),
  stdin: new Router(options),
  iopub: new Publisher({ linger: 1000, noDrop: true }),
  heartbeat: new Reply(options),
};
const publisher = new PatientPublisher(sockets.iopub);

/** Sends in order, socket by socket: zeromq takes one message at a time of each. */
const sending = new Map<Router | Publisher, Promise<void>>();
function send(socket: Router | Publisher, frames: readonly Uint8Array[]): Promise<void> {
  const sent = inOrder(sending.get(socket), () =>
    socket === sockets.iopub ? publisher.send(frames) : socket.send([...frames]),
  );
  sending.set(socket, sent);
  return sent;
}

/** What can't be sent is dropped. */
async function inOrder(before: Promise<void> | undefined, work: () => Promise<void>): Promise<void> {
  await before;
  try {
    await work();
  } catch {
    // The client is gone.
  }
}

const publish = (type: string, content: Readonly<Record<string, unknown>>, parent?: Parent): Promise<void> =>
  send(sockets.iopub, wire.encode(type, content, parent, { topic: type }));
const tell = (message: FromSockets): void => data.port.postMessage(message);

const REMEMBERED_CELLS = 1000;
const cells = new Map<number, Parent>();
let lastCell: Parent | undefined;
let lastInput = '';
const streams = new JoinedStreams(
  ({ execution, name }, text, size) =>
    void publish('stream', { name, text }, cells.get(execution)).then(() => pressure.release(size)),
);

function remember(execution: number, parent: Parent): void {
  cells.set(execution, parent);
  lastCell = parent;
  if (cells.size > REMEMBERED_CELLS) cells.delete(cells.keys().next().value ?? 0);
}

/** Shows a text in the last cell. */
function show(name: 'stdout' | 'stderr', text: string): Promise<void> {
  streams.flush();
  return lastCell ? publish('stream', { name, text }, lastCell) : Promise.resolve();
}
const pipes = new OutputPipeReader(show);

/** Until the main thread has answered something it isn't ready, and this thread doesn't say so in its place. */
let isReady = false;

data.port.on('message', (message: ToSockets) => {
  isReady = true;
  pipes.drain();
  const size = sizeOf(message);
  if (message.kind === 'stream') return streams.add(message, size);
  if (message.kind !== 'cell') streams.flush();
  if (message.kind === 'end') return end();
  if (message.kind === 'pipes') pipes.listen(message.pipes);
  void transmit(message).then(() => pressure.release(size));
});

async function transmit(message: Exclude<ToSockets, { kind: 'stream' | 'end' }>): Promise<void> {
  if (message.kind === 'pipes') return;
  if (message.kind === 'cell') return remember(message.execution, message.parent);
  if (message.kind === 'publish')
    return send(
      sockets.iopub,
      wire.encodeJson(message.type, message.json, message.parent, { topic: message.type, metadata: message.metadata }),
    );
  if (message.kind === 'reply')
    return send(sockets[message.channel], wire.encodeJson(message.type, message.json, message.parent));
  lastInput = randomUUID();
  return send(sockets.stdin, wire.encodeJson('input_request', message.json, message.parent, { id: lastInput }));
}

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

const interrupts = new InterruptRequests(
  data.interrupts,
  (nth) => tell({ kind: 'interrupt', nth }),
  (text) => void show('stderr', text),
);

function interrupt(): void {
  interrupts.ask();
  input.cancel();
}

async function onControl(message: Message): Promise<void> {
  const type = message.header.msg_type;
  const reply = (content: Readonly<Record<string, unknown>>): Promise<void> =>
    send(sockets.control, wire.encode(type.replace(/_request$/, '_reply'), content, message));
  // What is published waits for its readers; what is asked here doesn't.
  if (type === 'interrupt_request') {
    interrupt();
    void publish('status', { execution_state: 'busy' }, message);
    void reply({ status: 'ok' });
    void publish('status', { execution_state: 'idle' }, message);
  } else if (type === 'shutdown_request') {
    await reply({ status: 'ok', restart: message.content.restart === true });
    void publish('shutdown_reply', { status: 'ok', restart: message.content.restart === true }, message);
    end();
  } else if (type === 'kernel_info_request' && isReady) {
    void publish('status', { execution_state: 'busy' }, message);
    void reply(data.kernelInfo);
    void publish('status', { execution_state: 'idle' }, message);
  } else request('control', message);
}

function request(channel: ReplyChannel, message: Message): void {
  if (message.header.msg_type === 'shutdown_request') return void onShellShutdown(message);
  try {
    tell({ kind: 'request', channel, message });
  } catch (error) {
    // For example nested so deep that it can't be copied.
    const type = message.header.msg_type;
    if (type.endsWith('_request'))
      void send(
        sockets[channel],
        wire.encode(
          type.replace(/_request$/, '_reply'),
          {
            status: 'error',
            ename: 'Error',
            evalue: `the request can't be read: ${String(error)}`,
            traceback: [],
            execution_count: 0,
          },
          message,
        ),
      );
  }
}

async function onShellShutdown(message: Message): Promise<void> {
  await send(
    sockets.shell,
    wire.encode('shutdown_reply', { status: 'ok', restart: message.content.restart === true }, message),
  );
  end();
}

/**
 * An answer to a question that was given up comes too late: a client that names what it answers is heard only for the
 * last question.
 */
function onInput({ header, parentHeader, content: { value } }: Message): void {
  const isOld = parentHeader.msg_id !== undefined && parentHeader.msg_id !== '' && parentHeader.msg_id !== lastInput;
  if (header.msg_type === 'input_reply' && !isOld)
    input.answer(typeof value === 'string' ? value : JSON.stringify(value ?? ''));
}

/** Ends the whole process once what was sent is out. The main thread may be busy: it isn't asked. */
function end(): void {
  const sent = Promise.all(sending.values());
  void Promise.race([sent, new Promise((resolve) => setTimeout(resolve, END_MS))]).then(() => setTimeout(die, 50));
}

/** Ends this process and all that it has started in its group; Jupyter gives each kernel a group of its own. */
function die(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}

async function echo(): Promise<void> {
  for await (const frames of sockets.heartbeat) await sockets.heartbeat.send(frames);
}

async function main(): Promise<void> {
  await Promise.all([
    sockets.shell.bind(addressOf(connection, connection.shell_port)),
    sockets.control.bind(addressOf(connection, connection.control_port)),
    sockets.stdin.bind(addressOf(connection, connection.stdin_port)),
    sockets.iopub.bind(addressOf(connection, connection.iopub_port)),
    sockets.heartbeat.bind(addressOf(connection, connection.hb_port)),
  ]);
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || die(), PARENT_CHECK_MS);
  await publish('status', { execution_state: 'starting' });
  await Promise.all([
    receive(sockets.shell, (message) => request('shell', message)),
    receive(sockets.control, (message) => void onControl(message)),
    receive(sockets.stdin, onInput),
    echo(),
  ]);
}

const complain = (error: unknown): boolean =>
  process.stderr.write(`the kernel's sockets: ${error instanceof Error ? error.stack : String(error)}\n`);
process.on('uncaughtException', complain);
process.on('unhandledRejection', complain);
main().catch((error: unknown) => {
  complain(error);
  die();
});
