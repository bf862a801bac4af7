import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import {
  PROTOCOL_VERSION,
  parseContent,
  parseHeader,
  type Content,
  type Header,
  type Message,
  type Parent,
} from './messages';

const DELIMITER = Buffer.from('<IDS|MSG>');
const DICTIONARIES = 4;
const REMEMBERED_SIGNATURES = 65_536;

/** Why a message was dropped. The protocol forbids an answer to what isn't signed. */
export class WireError extends Error {}

interface MessageOptions {
  /** Under which it is published; without one it goes to the parent's client. */
  readonly topic?: string;
  /** Its msg_id (default: a new one). */
  readonly id?: string;
  /** As JSON (default: none). */
  readonly metadata?: string;
}

/** Encodes, signs, checks and decodes messages of one session. */
export class Wire {
  private readonly session = randomUUID();
  private readonly seen = new Set<string>();

  constructor(
    private readonly key: string,
    private readonly scheme = 'hmac-sha256',
  ) {}

  private sign(parts: readonly Uint8Array[]): string {
    if (this.key === '') return '';
    const hmac = createHmac(this.scheme.replace(/^hmac-/, ''), this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  /**
   * Decodes the frames of a message. Throws a WireError where they are not one, or not signed by our client, or a
   * repeat.
   */
  decode(frames: readonly Uint8Array[]): Message {
    const at = frames.findIndex((frame) => DELIMITER.equals(frame));
    if (at < 0) throw new WireError('no delimiter');
    const dictionaries = frames.slice(at + 2, at + 2 + DICTIONARIES);
    if (dictionaries.length < DICTIONARIES) throw new WireError('too few frames');
    this.checkSignature(Buffer.from(frames[at + 1]).toString('latin1'), dictionaries);
    try {
      const [header, parentHeader, metadata, content] = dictionaries.map((frame): unknown =>
        JSON.parse(Buffer.from(frame).toString('utf8')),
      );
      return {
        identities: frames.slice(0, at),
        header: parseHeader(header),
        parentHeader: parseContent(parentHeader),
        metadata: parseContent(metadata),
        content: parseContent(content),
        buffers: frames.slice(at + 2 + DICTIONARIES),
      };
    } catch (error) {
      throw new WireError(`not a message: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private checkSignature(signature: string, dictionaries: readonly Uint8Array[]): void {
    if (this.key === '') return;
    const expected = this.sign(dictionaries);
    if (
      signature.length !== expected.length ||
      !timingSafeEqual(Buffer.from(signature, 'latin1'), Buffer.from(expected, 'latin1'))
    )
      throw new WireError('bad signature');
    if (this.seen.has(signature)) throw new WireError('a repeated message');
    this.seen.add(signature);
    if (this.seen.size > REMEMBERED_SIGNATURES) this.seen.delete(this.seen.values().next().value ?? '');
  }

  /** The frames of a message of ours. */
  encode(type: string, content: Content, parent: Parent | undefined, options: MessageOptions = {}): Uint8Array[] {
    return this.encodeJson(type, JSON.stringify(content), parent, options);
  }

  /** The same, of content that is JSON already. */
  encodeJson(
    type: string,
    json: string,
    parent: Parent | undefined,
    { topic, id = randomUUID(), metadata = '{}' }: MessageOptions = {},
  ): Uint8Array[] {
    const header: Header = {
      msg_id: id,
      msg_type: type,
      session: this.session,
      username: 'kernel',
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
    const dictionaries = [JSON.stringify(header), JSON.stringify(parent?.header ?? {}), metadata, json].map((part) =>
      Buffer.from(withoutHalves(part)),
    );
    const address = topic === undefined ? (parent?.identities ?? []) : [Buffer.from(topic)];
    return [...address, DELIMITER, Buffer.from(this.sign(dictionaries)), ...dictionaries];
  }
}

/** JSON escapes half characters (lone surrogates), which other programs refuse: they become U+FFFD. */
const withoutHalves = (json: string): string =>
  json.includes('\\ud') ? json.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '$1\ufffd') : json;
