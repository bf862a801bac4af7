import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Comm, CommHost, CommTarget } from '../../parts/display';
import { inRoot } from '../paths';
import type { Content, Message } from './messages';

type Publish = (type: string, content: Content, metadata?: Content) => void;

interface Listeners {
  message?: (data: unknown) => void;
  close?: (data: unknown) => void;
}

interface OpenComm {
  readonly target: string;
  readonly listeners: Listeners;
  /** What the front end calls the cell that opened it. */
  readonly cell: unknown;
}

/** Widgets are shown by the cell that opens them, and are of no use when that runs again. */
const OF_CELLS = 'jupyter.widget';

/** Channels between cells and the front end, opened by either side. */
export class Comms implements CommHost {
  private readonly targets = new Map<string, CommTarget>();
  private readonly open_ = new Map<string, OpenComm>();

  /** @param cell what the front end calls the cell that is running. */
  constructor(
    private readonly publish: Publish,
    private readonly cell: () => unknown = () => undefined,
  ) {}

  register(name: string, target: CommTarget): void {
    this.targets.set(name, target);
  }

  open(target: string, data: unknown = {}, metadata?: Content): Comm {
    const id = randomUUID();
    this.publish('comm_open', { comm_id: id, target_name: target, data }, metadata);
    return this.add(id, target, this.cell());
  }

  hasExtension(name: string): boolean {
    return existsSync(inRoot('.venv', 'share', 'jupyter', 'labextensions', name));
  }

  private add(id: string, target: string, cell?: unknown): Comm {
    const listeners: Listeners = {};
    this.open_.set(id, { target, listeners, cell });
    return {
      id,
      send: (data) => this.publish('comm_msg', { comm_id: id, data }),
      close: (data = {}) => {
        if (this.open_.delete(id)) this.publish('comm_close', { comm_id: id, data });
      },
      onMessage: (listener) => {
        listeners.message = listener;
      },
      onClose: (listener) => {
        listeners.close = listener;
      },
    };
  }

  /** A cell runs again: its widgets are closed. */
  closeOf(cell: unknown): void {
    if (cell === undefined) return;
    for (const [id, { target, listeners, cell: owner }] of this.open_) {
      if (target !== OF_CELLS || owner !== cell) continue;
      this.open_.delete(id);
      this.publish('comm_close', { comm_id: id, data: {} });
      listeners.close?.({});
    }
  }

  /** Answers comm_info_request: the open comms, of one target where it is named. */
  info(target: unknown): Content {
    const comms = [...this.open_].filter(([, comm]) => typeof target !== 'string' || comm.target === target);
    return Object.fromEntries(comms.map(([id, comm]) => [id, { target_name: comm.target }]));
  }

  /** A target that throws gets no channel. */
  private greet(target: CommTarget, id: string, name: string, data: unknown): void {
    const comm = this.add(id, name);
    try {
      target(comm, data);
    } catch (thrown) {
      comm.close();
      throw thrown;
    }
  }

  /** The front end opens, writes or closes. A target that nobody registered is closed at once, as the protocol says. */
  receive({ header, content }: Message): void {
    const id = String(content.comm_id);
    if (header.msg_type === 'comm_open') {
      const name = String(content.target_name);
      const target = this.targets.get(name);
      if (target) this.greet(target, id, name, content.data);
      else this.publish('comm_close', { comm_id: id, data: {} });
      return;
    }
    const comm = this.open_.get(id);
    if (header.msg_type === 'comm_close') {
      this.open_.delete(id);
      comm?.listeners.close?.(content.data);
    } else comm?.listeners.message?.(content.data);
  }
}
