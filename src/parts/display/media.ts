import { toBase64, toLatin1 } from '../files';
import type { MimeBundle } from './bundle';

const MEDIA: ReadonlyArray<{
  readonly type: string;
  readonly name: string;
  readonly begins: readonly number[];
  readonly at8?: string;
}> = [
  { type: 'image/png', name: 'PNG image', begins: [0x89, 0x50, 0x4e, 0x47] },
  { type: 'image/jpeg', name: 'JPEG image', begins: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', name: 'GIF image', begins: [0x47, 0x49, 0x46, 0x38] },
  { type: 'audio/wav', name: 'WAV sound', begins: [0x52, 0x49, 0x46, 0x46], at8: 'WAVE' },
];

/** The content of an image or sound file as something to look at or to play; undefined for other bytes. */
export function mediaBundle(bytes: Uint8Array): MimeBundle | undefined {
  const found = MEDIA.find(
    ({ begins, at8 }) =>
      begins.every((byte, i) => bytes[i] === byte) && (at8 === undefined || toLatin1(bytes.subarray(8, 12)) === at8),
  );
  if (!found) return undefined;
  const text = `${found.name}, ${bytes.length} bytes`;
  if (found.type.startsWith('image/')) return { [found.type]: bytes, 'text/plain': text };
  const source = `data:${found.type};base64,${toBase64(bytes)}`;
  return { 'text/html': `<audio controls aria-label="${text}" src="${source}"></audio>`, 'text/plain': text };
}
