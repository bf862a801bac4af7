// What travels: Jupyter messages (protocol 5.3), and what the two threads of the kernel tell each other.
import { z } from 'zod';

export const PROTOCOL_VERSION = '5.3';

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

export type Content = Readonly<Record<string, unknown>>;

/** A message that has arrived, signature checked. */
export interface Message {
  /** The client's address on its socket. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parentHeader: Partial<Header>;
  readonly metadata: Content;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

/** What an answer belongs to. */
export type Parent = Pick<Message, 'identities' | 'header'>;

export type ReplyChannel = 'shell' | 'control';

/** From the main thread to the sockets. */
export type ToSockets =
  // A cell begins: its streams name it by number, which is all that travels with each piece.
  | { readonly kind: 'cell'; readonly execution: number; readonly parent: Parent }
  | { readonly kind: 'stream'; readonly execution: number; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'publish'; readonly type: string; readonly content: Content; readonly metadata?: Content; readonly parent?: Parent; readonly buffers?: readonly Uint8Array[] }
  | { readonly kind: 'reply'; readonly channel: ReplyChannel; readonly type: string; readonly content: Content; readonly parent: Parent }
  | { readonly kind: 'input'; readonly content: Content; readonly parent: Parent };

/** From the sockets to the main thread. */
export type FromSockets = { readonly kind: 'request'; readonly channel: ReplyChannel; readonly message: Message } | { readonly kind: 'interrupt' };

const header = z.looseObject({ msg_id: z.string(), msg_type: z.string(), session: z.string().default(''), username: z.string().default(''), date: z.string().default(''), version: z.string().default(PROTOCOL_VERSION) });
const content = z.record(z.string(), z.unknown());

export const parseHeader = (value: unknown): Header => header.parse(value);
export const parseContent = (value: unknown): Content => content.parse(value);

/** The file by which Jupyter tells a kernel where to listen. */
export const connectionFile = z.object({
  transport: z.string(),
  ip: z.string(),
  key: z.string(),
  signature_scheme: z.string(),
  shell_port: z.int(),
  iopub_port: z.int(),
  stdin_port: z.int(),
  control_port: z.int(),
  hb_port: z.int(),
});
export type Connection = z.infer<typeof connectionFile>;
