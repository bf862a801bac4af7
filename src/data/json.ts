import { DataError } from './data-error';
import { openFile } from './open-file';

/**
 * Reads a JSON file (UTF-8). A gzip file is decompressed on the way.
 * The result is `unknown`: check its shape before use, for example with zod.
 *
 * @throws DataError where the file is missing or not JSON; the message says where.
 */
export function readJson(file: string): unknown {
  return parseJson(openFile(file), file);
}

/** The same for content that is already in memory; `file` is the name that errors show. */
export function parseJson(content: Buffer, file: string): unknown {
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    const at = position === undefined ? content.length : Buffer.byteLength(text.slice(0, Number(position)));
    throw new DataError(file, `not valid JSON: ${message}`, at);
  }
}
