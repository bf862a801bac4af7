import { DataError } from './data-error';
import { openFile } from './open-file';

/** Numbers of one kind in one or more axes, the last axis varying fastest. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

interface ElementType {
  readonly bytes: number;
  readonly read: (content: DataView, start: number, count: number) => IdxArray['values'];
}

const each = (count: number, read: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => read(i));

const ELEMENT_TYPES: Readonly<Record<number, ElementType>> = {
  0x08: {
    bytes: 1,
    read: ({ buffer, byteOffset }, start, count) => Uint8Array.from(new Uint8Array(buffer, byteOffset + start, count)),
  },
  0x09: { bytes: 1, read: (content, start, count) => Int8Array.from(each(count, (i) => content.getInt8(start + i))) },
  0x0b: {
    bytes: 2,
    read: (content, start, count) => Int16Array.from(each(count, (i) => content.getInt16(start + 2 * i))),
  },
  0x0c: {
    bytes: 4,
    read: (content, start, count) => Int32Array.from(each(count, (i) => content.getInt32(start + 4 * i))),
  },
  0x0d: {
    bytes: 4,
    read: (content, start, count) => Float32Array.from(each(count, (i) => content.getFloat32(start + 4 * i))),
  },
  0x0e: {
    bytes: 8,
    read: (content, start, count) => Float64Array.from(each(count, (i) => content.getFloat64(start + 8 * i))),
  },
};

/**
 * Reads an IDX file, the format of MNIST: a magic number, the length of each axis, the values (big-endian).
 * A gzip file is decompressed on the way. Format: LeCun, Cortes and Burges, "The MNIST database" (1998).
 *
 * @throws DataError where the file is missing, not IDX, cut or too long.
 * @example
 * import { readIdx, parseIdx } from 'layerwise/data';
 * const { shape, values } = parseIdx(Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]), 'two-labels');
 * shape; // [2]
 */
export function readIdx(file: string): IdxArray {
  return parseIdx(openFile(file), file);
}

/** The same for content that is already in memory; `file` is the name that errors show. */
export function parseIdx(content: Uint8Array, file: string): IdxArray {
  if (content.length < 4)
    throw new DataError(file, `expected an IDX header of 4 bytes, got ${content.length} bytes`, content.length);
  const element = ELEMENT_TYPES[content[2]];
  if (content[0] !== 0 || content[1] !== 0)
    throw new DataError(
      file,
      `not an IDX file: it should begin with two zero bytes, got ${content[0]} and ${content[1]}`,
      0,
    );
  if (!element)
    throw new DataError(
      file,
      `unknown IDX element type ${hex(content[2])}; known: ${Object.keys(ELEMENT_TYPES)
        .map((code) => hex(Number(code)))
        .join(', ')}`,
      2,
    );
  const rank = content[3];
  const start = 4 + 4 * rank;
  if (rank === 0) throw new DataError(file, 'expected at least one axis, got 0', 3);
  if (content.length < start)
    throw new DataError(
      file,
      `the header is cut: ${rank} axes need ${start} bytes, got ${content.length}`,
      content.length,
    );
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const shape = each(rank, (axis) => view.getUint32(4 + 4 * axis));
  const count = shape.reduce((product, length) => product * length, 1);
  const end = start + count * element.bytes;
  if (content.length < end)
    throw new DataError(
      file,
      `the file is cut: shape [${shape.join(', ')}] needs ${end} bytes, got ${content.length}`,
      content.length,
    );
  if (content.length > end)
    throw new DataError(
      file,
      `the file is too long: shape [${shape.join(', ')}] needs ${end} bytes, got ${content.length}`,
      end,
    );
  return { shape, values: element.read(view, start, count) };
}

const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;
