import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { inRoot } from '../paths';

/** A text, and the files that it was made from. */
export interface Made {
  readonly text: string;
  readonly from: readonly string[];
}

const stamp = z.object({ from: z.array(z.string()), key: z.string() });

/** What was made under a name before, where the files that it was made from are as they were; else it is made anew. */
export async function kept(name: string, make: () => Promise<Made>): Promise<string> {
  const file = inRoot('build', 'live', name);
  const known = read(file);
  if (known !== undefined) return known;
  const { text, from } = await make();
  mkdirSync(path.dirname(file), { recursive: true });
  write(file, text);
  write(`${file}.made-from`, JSON.stringify({ from, key: keyOf(from, text) }));
  return text;
}

function read(file: string): string | undefined {
  try {
    const { from, key } = stamp.parse(JSON.parse(readFileSync(`${file}.made-from`, 'utf8')));
    const text = readFileSync(file, 'utf8');
    return keyOf(from, text) === key ? text : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(files: readonly string[], text: string): string {
  const hash = createHash('sha256').update(text);
  for (const file of files) hash.update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

function write(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}
