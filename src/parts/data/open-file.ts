import { files, node } from '../files';
import { DataError } from './data-error';

const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * No data set of the course is larger than this when decompressed: 2 GiB less one byte, the most that one buffer takes
 * everywhere.
 */
export const LARGEST_FILE = 2 ** 31 - 1;

/**
 * Reads a file, decompressed where it is gzip.
 *
 * @param file path of the file.
 * @param maxBytes the most bytes that the decompressed content may have; a file that holds more is refused before it
 *   fills the memory.
 * @throws DataError where the file is missing, cut, damaged or too large.
 */
export function openFile(file: string, maxBytes = LARGEST_FILE): Uint8Array {
  return decompress(readBytes(file), file, maxBytes);
}

function readBytes(file: string): Uint8Array {
  try {
    return files().read(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new DataError(file, code === 'ENOENT' ? 'there is no such file; check the path' : `can't be read (${code})`);
  }
}

/** Decompresses gzip content; other content comes back as it is. */
export function decompress(bytes: Uint8Array, file: string, maxBytes = LARGEST_FILE): Uint8Array {
  if (!(bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1])) {
    if (bytes.length > maxBytes)
      throw new DataError(file, `expected at most ${maxBytes} bytes, got ${bytes.length}`, maxBytes);
    return bytes;
  }
  try {
    return node('zlib').gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new DataError(file, `expected at most ${maxBytes} bytes of decompressed content, got more`, maxBytes);
    if (code === 'Z_BUF_ERROR')
      throw new DataError(file, 'the gzip file is cut: it ends before its content does; get it again', bytes.length);
    throw new DataError(
      file,
      `the gzip file is damaged (${error instanceof Error ? error.message : String(error)}); get it again`,
      damagedAt(bytes),
    );
  }
}

/** How many compressed bytes could be read before the damage: found by halving. */
function damagedAt(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (decompresses(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function decompresses(bytes: Uint8Array): boolean {
  try {
    const { constants, gunzipSync } = node('zlib');
    gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    return true;
  } catch {
    return false;
  }
}
