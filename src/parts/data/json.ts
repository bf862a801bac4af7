import { parse as parseWithErrors, printParseErrorCode, type ParseError } from 'jsonc-parser';
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
export function parseJson(content: Uint8Array, file: string): unknown {
  const text = new TextDecoder().decode(content);
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message doesn't always say where.
    const errors: ParseError[] = [];
    parseWithErrors(text, errors, { disallowComments: true });
    const { error, offset } = errors[0] ?? { error: 0, offset: 0 };
    throw new DataError(
      file,
      `not valid JSON: ${printParseErrorCode(error)}`,
      new TextEncoder().encode(text.slice(0, offset)).length,
    );
  }
}
