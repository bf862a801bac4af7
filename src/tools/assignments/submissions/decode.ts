import type { Problem } from './read-file';

/** A notebook's bytes as text: UTF-8, or UTF-16 with or without a byte order mark. */
function textOf(content: Buffer): string {
  const [first, second] = content;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(content);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(content);
  // JSON begins with an ASCII character: a zero beside it is half of a longer one.
  if (first !== 0 && second === 0) return new TextDecoder('utf-16le').decode(content);
  if (first === 0 && second !== 0) return new TextDecoder('utf-16be').decode(content);
  return new TextDecoder('utf-8').decode(content);
}

/** Python writes these, and JSON doesn't know them. */
const withoutNaN = (text: string): string =>
  text.replace(/"[^"\\]*(?:\\[^][^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : 'null',
  );

/** What a file that should be a notebook is instead. */
function whyNotJson(content: Buffer, text: string): string {
  if (text.trim() === '') return 'it is empty';
  if (content.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])) || text.startsWith('PK\u0003'))
    return 'it is no notebook but a compressed archive under the name of one';
  if (/^version https:\/\/git-lfs/.test(text)) return 'it is a pointer of Git LFS and not the notebook itself';
  if (/^(?:<{7}|={7}|>{7}) /m.test(text)) return 'it holds the marks of a merge that was not finished (<<<<<<<)';
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text)) return 'it is no notebook but a web page under the name of one';
  if (/^\s*\{/.test(text) && !/\}\s*$/.test(text))
    return 'it is no notebook: it ends in the middle, so it was cut off on its way';
  return 'it is no notebook: its content is not JSON';
}

/** The JSON that a file holds, as Python's nbformat reads it; or what it is instead. */
export function decodeJson(content: Buffer): { readonly json: unknown } | Problem {
  const text = textOf(content);
  for (const attempt of [(): string => text, (): string => withoutNaN(text)]) {
    try {
      return { json: JSON.parse(attempt()) as unknown };
    } catch {
      // The next way of reading it, or the reason below.
    }
  }
  return { problem: whyNotJson(content, text) };
}
