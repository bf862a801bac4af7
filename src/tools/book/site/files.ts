import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * A folder that is made anew each time, in which what doesn't change isn't written again, and what isn't wanted any
 * more is removed.
 */
export class Output {
  private readonly wanted = new Set<string>();

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  at(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** Writes a file where its contents are others than before. Answers whether it did. */
  write(name: string, content: string | Buffer): boolean {
    this.wanted.add(name);
    const target = this.at(name);
    if (existsSync(target) && readFileSync(target).equals(Buffer.from(content))) return false;
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(`${target}.part`, content);
    renameSync(`${target}.part`, target);
    return true;
  }

  /** Copies a file or a folder where it isn't there with the same size. */
  copy(from: string, name: string): void {
    if (statSync(from).isDirectory()) {
      for (const file of readdirSync(from)) this.copy(path.join(from, file), path.join(name, file));
      return;
    }
    this.wanted.add(name);
    const target = this.at(name);
    const present = statSync(target, { throwIfNoEntry: false });
    if (present?.size === statSync(from).size && present.mtimeMs >= statSync(from).mtimeMs) return;
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(from, target);
  }

  keep(name: string): void {
    this.wanted.add(name);
  }

  /** Removes the files that nobody asked for this time. */
  removeOthers(): void {
    for (const name of readdirSync(this.folder, { recursive: true, encoding: 'utf8' })) {
      if (!this.wanted.has(name) && statSync(this.at(name)).isFile()) rmSync(this.at(name));
    }
  }
}

export const hashOf = (...parts: readonly (string | Buffer)[]): string =>
  parts.reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256')).digest('hex');
