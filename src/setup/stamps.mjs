// A step is done when its stamp holds the hash of what the step was made from. The stamp lies inside what the step
// makes, is removed before the step starts and written last, so that a step that was killed is done again.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** SHA-256 over the given strings, in hex. */
export function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(String(part.length)).update('\0').update(part);
  return hash.digest('hex');
}

/** SHA-256 over names and contents of files; folders are read through, in a fixed order. */
export function hashOfFiles(files) {
  const hash = createHash('sha256');
  const add = (file) => {
    const entries = readEntries(file);
    if (entries) for (const name of entries) add(path.join(file, name));
    else
      hash
        .update(file)
        .update('\0')
        .update(existsSync(file) ? readFileSync(file) : 'missing')
        .update('\0');
  };
  for (const file of files) add(file);
  return hash.digest('hex');
}

function readEntries(file) {
  try {
    return readdirSync(file).sort();
  } catch {
    return undefined;
  }
}

export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

export function writeStamp(file, key) {
  mkdirSync(path.dirname(file), { recursive: true });
  // One name, not one a process: what a killed set-up left is overwritten.
  const aside = `${file}.aside`;
  writeFileSync(aside, key);
  renameSync(aside, file);
}

export function removeStamp(file) {
  rmSync(file, { force: true });
}
