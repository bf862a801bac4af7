import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { devNull } from 'node:os';

const FUNCTIONS = [
  'write',
  'writeSync',
  'writev',
  'writevSync',
  'writeFile',
  'writeFileSync',
  'appendFile',
  'appendFileSync',
] as const;

/**
 * From now on what JavaScript writes to the descriptors 1 and 2 by `fs` goes to `take` instead, as bytes.
 * Native code that writes there isn't seen.
 */
export function captureDescriptors(take: (name: 'stdout' | 'stderr', bytes: Buffer) => void): void {
  let nowhere: number | undefined;
  for (const name of FUNCTIONS) {
    const original: (...words: never[]) => unknown = fs[name];
    const captured = (descriptor: unknown, ...words: unknown[]): unknown => {
      if (descriptor !== 1 && descriptor !== 2) return Reflect.apply(original, fs, [descriptor, ...words]);
      nowhere ??= fs.openSync(devNull, 'w');
      // Node checks the arguments, counts the bytes and calls back.
      const written: unknown = Reflect.apply(original, fs, [nowhere, ...words]);
      take(descriptor === 1 ? 'stdout' : 'stderr', bytesOf(words));
      return written;
    };
    Object.defineProperties(captured, Object.getOwnPropertyDescriptors(original));
    Object.defineProperty(fs, name, { value: captured, configurable: true, writable: true, enumerable: true });
  }
  syncBuiltinESMExports();
}

/** The bytes that a call writes: a text in an encoding, part of a view, or several views. */
function bytesOf([data, ...words]: readonly unknown[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data.map((view: unknown) => bytesOf([view])));
  const options: object = words.find((word) => typeof word === 'object' && word !== null) ?? {};
  if (!ArrayBuffer.isView(data))
    return Buffer.from(String(data), [...words, Reflect.get(options, 'encoding')].find(isEncoding));
  const [offset, length] = [words[0] ?? Reflect.get(options, 'offset'), words[1] ?? Reflect.get(options, 'length')].map(
    (word) => (typeof word === 'number' ? word : undefined),
  );
  const start = offset ?? 0;
  return Buffer.from(data.buffer, data.byteOffset + start, length ?? data.byteLength - start);
}

const isEncoding = (word: unknown): word is BufferEncoding => typeof word === 'string' && Buffer.isEncoding(word);
