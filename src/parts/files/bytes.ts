/** Most characters that one call makes of bytes: arguments lie on the stack. */
const PIECE = 8192;

/** Bytes as text in which each has one character, as old file formats name their parts. */
export function toLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return text;
}

export const toBase64 = (bytes: Uint8Array): string => btoa(toLatin1(bytes));
