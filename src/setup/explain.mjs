// What a failure means, in words: from the error of a system call, or from what npm, pip, the compiler or a download
// printed.
import { existsSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './paths.mjs';
import { Problem } from './problem.mjs';

const AGAIN = 'then run the same command again: what is done is kept';
const MAKE_SPACE = `make space (set-up needs 2.5 GB in all), ${AGAIN}`;
const NOTHING_FREE = 20e6;
const NO_SPACE = /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i;
const READ_ONLY = /EROFS|Read-only file system/i;
const NOT_ALLOWED = /EACCES|EPERM|Permission denied/i;
const CERTIFICATE =
  /CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_HAS_EXPIRED/;
const NO_CONNECTION =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Max retries exceeded|network timeout/;
const NO_MEMORY =
  /Killed signal terminated program|ENOMEM|heap out of memory|std::bad_alloc|MemoryError|Cannot allocate memory/;
const ADDRESS = /https?:\/\/[^\s'"),]+/;

/** Bytes that are free on the disk that holds `folder`, or undefined where the system doesn't tell. */
export function freeBytes(folder = root) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

export const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;

/**
 * The disk that got full: the project's, or another one that programs write to. What failed may have made space again.
 */
function fullDisk() {
  const folders = [root, process.env.HOME, os.tmpdir()].filter((folder) => folder && existsSync(folder));
  const [fullest] = folders.map((folder) => [freeBytes(folder) ?? Infinity, folder]).sort(([a], [b]) => a - b);
  return `no space was left on the disk; ${gigabytes(fullest[0])} are free now where ${fullest[1]} is`;
}

/** The Problem that stands behind what a command printed, or undefined. `command` is what the reader knows it by. */
export function explainOutput(command, lines) {
  const text = lines.join('\n');
  const line = (pattern) => lines.find((candidate) => pattern.test(candidate))?.trim();
  if (NO_SPACE.test(text)) return new Problem(`${command}: ${fullDisk()}`, MAKE_SPACE);
  if (NO_MEMORY.test(text))
    return new Problem(`${command}: memory ran out`, `close other programs (set-up needs 2 GB), ${AGAIN}`);
  if (READ_ONLY.test(text))
    return new Problem(
      `${command} could not write: ${line(READ_ONLY)}`,
      `clone the course into a folder that you can write to`,
    );
  if (CERTIFICATE.test(text)) {
    return new Problem(
      `${command} does not trust the certificate of ${address(lines)}: ${reason(text, CERTIFICATE)}`,
      `where a company or school looks into connections, name its certificates: export NODE_EXTRA_CA_CERTS=/path/to.pem PIP_CERT=/path/to.pem, ${AGAIN}`,
    );
  }
  if (NO_CONNECTION.test(text)) {
    return new Problem(
      `${command} could not reach ${address(lines)}: ${reason(text, NO_CONNECTION)}`,
      `check the network; behind a proxy, set HTTPS_PROXY; where there is a mirror, name it with npm config set registry ADDRESS and pip config set global.index-url ADDRESS; ${AGAIN}`,
    );
  }
  // Not every program says why it failed.
  if ((freeBytes() ?? Infinity) < NOTHING_FREE) return new Problem(`${command}: ${fullDisk()}`, MAKE_SPACE);
  if (NOT_ALLOWED.test(text))
    return new Problem(
      `${command} was not allowed to write: ${line(NOT_ALLOWED)}`,
      `make the folder that it names yours (set-up needs no root rights), ${AGAIN}`,
    );
  return undefined;
}

/**
 * The first address, from the line that tells of the failure or from any other, without the password that one of a
 * mirror may hold.
 */
function address(lines) {
  const failed = lines.find((line) => ADDRESS.test(line) && (NO_CONNECTION.test(line) || CERTIFICATE.test(line)));
  return (
    ADDRESS.exec(failed ?? lines.find((line) => ADDRESS.test(line)) ?? '')?.[0]
      .replace(/[.:]$/, '')
      .replace(/\/\/[^/@]*@/, '//') ?? 'its server'
  );
}

/** What the system said, with the address where it names one: "connect ECONNREFUSED 127.0.0.1:9". */
function reason(text, pattern) {
  return (
    /connect E[A-Z]+ \S+|getaddrinfo E[A-Z_]+ \S+|\[Errno -?\d+\] [^'")]+/.exec(text)?.[0] ?? pattern.exec(text)?.[0]
  );
}

/** The Problem behind the error of a system call, or the error itself. */
export function explain(error) {
  if (error instanceof Problem || !(error instanceof Error) || !('code' in error)) return error;
  const file = 'path' in error && typeof error.path === 'string' ? error.path : root;
  if (NO_SPACE.test(String(error.code))) return new Problem(fullDisk(), MAKE_SPACE);
  if (error.code === 'EROFS')
    return new Problem(
      `${file} lies on a disk that can only be read`,
      'clone the course into a folder that you can write to',
    );
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new Problem(
      `you may not write to ${file}`,
      `clone the course into a folder of your own, or make this one yours: chown -R "$(id -u)" '${path.resolve(root)}' (as root)`,
    );
  }
  return error;
}
