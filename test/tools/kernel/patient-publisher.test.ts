import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Publisher, Subscriber } from 'zeromq';
import { PatientPublisher } from '../../../src/tools/kernel/patient-publisher';

const text = 'x'.repeat(20_000);
const numberOf = (frame: Uint8Array): number => Number(Buffer.from(frame).toString().split(' ')[0]);
const open: (Publisher | Subscriber)[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

/** A socket as the kernel's, with so many clients that have all subscribed. */
async function connected(clients: number): Promise<{ socket: Publisher; subscribers: Subscriber[] }> {
  const socket = new Publisher({ linger: 0, noDrop: true, sendHighWaterMark: 200 });
  open.push(socket);
  await socket.bind('tcp://127.0.0.1:*');
  const subscribers: Subscriber[] = [];
  for (let i = 0; i < clients; i++) {
    const subscriber = new Subscriber({ linger: 0, receiveHighWaterMark: 200, receiveTimeout: 10 });
    open.push(subscriber);
    subscriber.subscribe();
    subscriber.connect(socket.lastEndpoint ?? '');
    subscribers.push(subscriber);
  }
  for (const subscriber of subscribers) await greeted(socket, subscriber);
  return { socket, subscribers };
}

/** Sends until the client hears it. */
async function greeted(socket: Publisher, subscriber: Subscriber): Promise<void> {
  for (;;) {
    await socket.send('hello');
    try {
      await subscriber.receive();
      break;
    } catch {
      // Not yet.
    }
  }
  subscriber.receiveTimeout = -1;
}

/** The numbers of the messages up to the last one. */
async function read(
  subscriber: Subscriber,
  last: number,
  rest: () => Promise<unknown> = () => Promise.resolve(),
): Promise<number[]> {
  const numbers: number[] = [];
  for await (const [frame] of subscriber) {
    const number = numberOf(frame);
    if (!Number.isNaN(number)) numbers.push(number);
    if (number === last) return numbers;
    await rest();
  }
  return numbers;
}

describe('messages to clients', () => {
  const count = 3000;
  const inOrder = Array.from({ length: count }, (_, i) => i);

  it('all reach a client that reads slower than they come', async () => {
    const {
      socket,
      subscribers: [slow],
    } = await connected(1);
    const publisher = new PatientPublisher(socket);
    const received = read(slow, count - 1, () => turn());
    for (const number of inOrder) await publisher.send([Buffer.from(`${number} ${text}`)]);
    expect(await received).toEqual(inOrder);
  });

  it('all reach the others where a client reads nothing any more, and go on', async () => {
    const {
      socket,
      subscribers: [lively],
    } = await connected(2);
    const publisher = new PatientPublisher(socket, 100);
    const received = read(lively, count - 1);
    for (const number of inOrder) {
      await publisher.send([Buffer.from(`${number} ${text}`)]);
      await turn();
    }
    await publisher.send([Buffer.from(`${count - 1} again`)]);
    expect(await received).toEqual(inOrder);
  });
});
