// What travels: Jupyter messages (protocol 5.3), and what the two threads of the kernel tell each other.

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

/** What a cell, named by the number of its execution, has written. */
export interface StreamText {
  readonly execution: number;
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

/** Descriptors from which the output of children is read. */
export interface OutputPipes {
  readonly stdout: number;
  readonly stderr: number;
}

/**
 * From the main thread to the sockets. The content of a message is JSON already, so that nothing that a cell makes can
 * fail here.
 */
export type ToSockets =
  // A cell begins: its streams name it by number, which is all that travels with each piece.
  | { readonly kind: 'cell'; readonly execution: number; readonly parent: Parent }
  | ({ readonly kind: 'stream' } & StreamText)
  | {
      readonly kind: 'publish';
      readonly type: string;
      readonly json: string;
      readonly parent: Parent;
      /** As JSON. */
      readonly metadata?: string;
    }
  | {
      readonly kind: 'reply';
      readonly channel: ReplyChannel;
      readonly type: string;
      readonly json: string;
      readonly parent: Parent;
    }
  | { readonly kind: 'input'; readonly json: string; readonly parent: Parent }
  | { readonly kind: 'pipes'; readonly pipes: OutputPipes }
  // The process shall end when all this is out.
  | { readonly kind: 'end' };

/** From the sockets to the main thread. */
export type FromSockets =
  | { readonly kind: 'request'; readonly channel: ReplyChannel; readonly message: Message }
  | { readonly kind: 'interrupt'; readonly nth: number };

/** The content of a message: an object. By hand, because zod alone costs the socket thread 10 MiB. */
export function parseContent(value: unknown): Content {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(
      `expected an object, got ${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value}`,
    );
  return { ...value };
}

/** The header of a message: an object of texts, of which the client may leave out all but id and type. */
export function parseHeader(value: unknown): Header {
  const fields = parseContent(value);
  const text = (name: keyof Header, otherwise?: string): string => {
    const field = fields[name] ?? otherwise;
    if (typeof field !== 'string') throw new TypeError(`expected header.${name} to be text, got ${typeof field}`);
    return field;
  };
  return {
    ...fields,
    msg_id: text('msg_id'),
    msg_type: text('msg_type'),
    session: text('session', ''),
    username: text('username', ''),
    date: text('date', ''),
    version: text('version', PROTOCOL_VERSION),
  };
}
