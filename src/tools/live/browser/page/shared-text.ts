import { SHARED } from './site-scripts';

/** A changed cell as it travels: which one, and what is in it. */
export interface SharedCell {
  readonly page: string;
  readonly cell: string;
  readonly text: string;
}

/** Longer links are cut on their way by much that carries them. */
export const MOST_LINK = 8_000;
/** A short text may unpack to a long one. */
const MOST_TEXT = 200_000;

/** A cell as the fragment of a link. */
export async function fragmentOf(shared: SharedCell): Promise<string> {
  const { page, cell, text } = shared;
  const packed = await through(
    new CompressionStream('deflate-raw'),
    new TextEncoder().encode(JSON.stringify([page, cell, text])),
  );
  return (
    SHARED +
    btoa(String.fromCharCode(...packed))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '')
  );
}

/**
 * The cell in a link, or in a text that somebody pasted.
 *
 * @throws Error where there is none, or it is damaged.
 */
export async function sharedIn(text: string): Promise<SharedCell> {
  const [, packed] = /#shared=([\w-]+)/.exec(text.replace(/\s+/g, '')) ?? [];
  if (packed === undefined) throw new Error(`expected a link or a text with ${SHARED}…`);
  try {
    const letters = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const unpacked: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(await through(new DecompressionStream('deflate-raw'), bytes)),
    );
    const [page, cell, code] = Array.isArray(unpacked) ? (unpacked as readonly unknown[]) : [];
    if (typeof page === 'string' && typeof cell === 'string' && typeof code === 'string')
      return { page, cell, text: code };
  } catch {
    // Said below.
  }
  throw new Error('the shared cell is damaged: copy its link or text whole');
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // What fails there fails in reading too.
  writer.write(bytes).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const pieces: number[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Uint8Array.from(pieces);
    if (pieces.length + value.length > MOST_TEXT) throw new RangeError('too long');
    for (const byte of value) pieces.push(byte);
  }
}
