import { files, node } from '../files';
import { DataError } from './data-error';
import { openFile } from './open-file';
import type { DataFile, DataSet, DataVariant } from './registry';

export interface DownloadOptions {
  /** Milliseconds until an answer must have begun (default 15,000). */
  readonly connectTimeout?: number;
  /** Milliseconds within which the next piece must arrive (default 20,000). */
  readonly stallTimeout?: number;
  /** Told how far the download is (default: a line on the console every two seconds). */
  readonly onProgress?: (receivedBytes: number, totalBytes: number, address: string) => void;
}

/**
 * Downloads a file into `folder`, trying its variants' addresses in order, and returns where it lies.
 * It is written aside and renamed when length and SHA-256 are right, so that a cut or wrong download leaves nothing
 * behind.
 *
 * @throws DataError where no address gave the right file: it lists each address with what went wrong, and where to put
 *   the file by hand.
 */
export async function downloadFile(
  set: DataSet,
  file: DataFile,
  folder: string,
  options: DownloadOptions = {},
): Promise<string> {
  const problems: string[] = [];
  for (const variant of file.variants) {
    const target = node('path').join(folder, file.path + variant.suffix);
    for (const address of variant.addresses) {
      try {
        await fetchInto(address, file, variant, target, options);
        return target;
      } catch (error) {
        problems.push(`${address}: ${reason(error)}`);
      }
    }
  }
  const tried =
    problems.length > 0
      ? `no address gave it:\n  ${problems.join('\n  ')}\nCheck the network connection, or`
      : 'no address is known for it;';
  throw new DataError(
    file.path,
    `${tried} put the file by hand into ${node('path').join(folder, file.path)}${set.homepage ? ` (see ${set.homepage})` : ''}`,
  );
}

async function fetchInto(
  address: string,
  file: DataFile,
  variant: DataVariant,
  target: string,
  options: DownloadOptions,
): Promise<void> {
  const { connectTimeout = 15_000, stallTimeout = 20_000, onProgress = consoleProgress() } = options;
  // A server may have compressed the file anew, so only the content's own length bounds an address that nobody has
  // tried.
  const limit = variant.verified ? variant.bytes : Math.max(variant.bytes, file.bytes);
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(new Error(`no answer within ${connectTimeout / 1000} s`)), connectTimeout);
  const events = node('events');
  const { createWriteStream, promises } = node('fs');
  const aside = `${target}.${node('crypto').randomBytes(6).toString('hex')}.part`;
  try {
    const response = await fetch(address, { signal: abort.signal });
    if (!response.ok || !response.body)
      throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
    await promises.mkdir(node('path').dirname(target), { recursive: true });
    const out = createWriteStream(aside);
    await events.once(out, 'open');
    const hash = node('crypto').createHash('sha256');
    let received = 0;
    try {
      const body: AsyncIterable<Uint8Array> = response.body;
      for await (const chunk of body) {
        clearTimeout(timer);
        timer = setTimeout(
          () =>
            abort.abort(
              new Error(`nothing came for ${stallTimeout / 1000} s, after ${received} of ${variant.bytes} bytes`),
            ),
          stallTimeout,
        );
        received += chunk.length;
        if (received > limit) throw new Error(`expected ${variant.bytes} bytes, got more than ${limit}`);
        hash.update(chunk);
        if (!out.write(chunk)) await events.once(out, 'drain');
        onProgress(received, variant.bytes, address);
      }
    } finally {
      await new Promise((resolve) => out.end(resolve));
    }
    if (hash.digest('hex') !== variant.sha256) checkContent(aside, file, variant, received);
    await promises.rename(aside, target);
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    clearTimeout(timer);
    abort.abort();
    await promises.rm(aside, { force: true });
  }
}

/** The content is what is trusted: a file that was compressed anew is as good. */
function checkContent(downloaded: string, file: DataFile, variant: DataVariant, received: number): void {
  try {
    const content = openFile(downloaded, file.bytes);
    if (files().sha256(content) === file.sha256) return;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
  throw new Error(
    received === variant.bytes
      ? `its content is not ${file.path} (SHA-256 ${variant.sha256} expected)`
      : `expected ${variant.bytes} bytes, got ${received}`,
  );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause =
    error.cause instanceof Error ? ` (${error.cause.message || String(Reflect.get(error.cause, 'code'))})` : '';
  return `${error.message}${cause}`;
}

function consoleProgress(): NonNullable<DownloadOptions['onProgress']> {
  let next = Date.now() + 2000;
  return (received, total, address) => {
    if (Date.now() < next) return;
    next = Date.now() + 2000;
    console.log(`${address}: ${(received / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`);
  };
}
