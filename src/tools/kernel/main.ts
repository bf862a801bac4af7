// The kernel's process: this thread runs cells, another owns the sockets.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { parseConnection } from './connection';
import { InputLine } from './input-line';
import { Interrupts } from './interrupts';
import { Kernel } from './kernel';
import { KERNEL_INFO } from './kernel-info';
import { Pressure } from './pressure';
import type { SocketThreadData } from './socket-thread';

/** Ten calls, as Node keeps them, end within TensorFlow: the cell that called it would not be told. */
const DEEPEST_STACK = 50;

function start(connectionFile: string): void {
  process.setSourceMapsEnabled(true);
  Error.stackTraceLimit = DEEPEST_STACK;
  const { port1, port2 } = new MessageChannel();
  const interrupts = new Interrupts();
  const input = new InputLine();
  const pressure = new Pressure();
  const connection = parseConnection(readFileSync(connectionFile, 'utf8'));
  const data: SocketThreadData = {
    connection,
    port: port2,
    kernelInfo: KERNEL_INFO,
    interrupts: interrupts.flag,
    inputState: input.state,
    inputBytes: input.bytes,
    waiting: pressure.waiting,
  };
  // Sockets warn of options that are changed later, though the one that is takes effect at once.
  const worker = new Worker(path.join(__dirname, 'socket-thread.js'), {
    workerData: data,
    transferList: [port2],
    execArgv: ['--no-warnings'],
  });
  worker.on('error', (error) => {
    process.stderr.write(`the kernel's sockets failed: ${String(error.stack)}\n`);
    process.exit(1);
  });
  new Kernel({
    port: port1,
    interrupts,
    input,
    pressure,
    folder: process.cwd(),
    root: path.resolve(__dirname, '../../../..'),
  }).start();
}

const [connectionFile] = process.argv.slice(2);
if (connectionFile === undefined) {
  console.error('usage: node main.js CONNECTION_FILE (Jupyter starts the kernel)');
  process.exitCode = 1;
} else start(connectionFile);
