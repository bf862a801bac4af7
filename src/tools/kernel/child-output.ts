import { ChildProcess, execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OutputPipes } from './messages';

type Spawn = (this: ChildProcess, options: object) => unknown;

/**
 * Children that share this process's stdout and stderr write into the cell, by pipes that the socket thread reads, and
 * not into the terminal of the server.
 */
export class ChildOutput {
  private writing: readonly number[] | undefined;

  /** @param announce is given the ends to read from, once, before the first child that shares its output begins. */
  constructor(private readonly announce: (pipes: OutputPipes) => void) {
    this.capture();
  }

  /** For children that are started asynchronously. */
  private capture(): void {
    const spawn: unknown = Reflect.get(ChildProcess.prototype, 'spawn');
    if (typeof spawn !== 'function') return;
    const shared = (options: unknown): unknown => this.shared(options);
    const captured: Spawn = function (options) {
      return Reflect.apply(spawn, this, [shared(options)]);
    };
    Object.defineProperty(ChildProcess.prototype, 'spawn', { value: captured, configurable: true, writable: true });
  }

  /** The options of a child, with our pipes where it would share the process's output. */
  shared(options: unknown): unknown {
    if (typeof options !== 'object' || options === null || Array.isArray(options) || !('stdio' in options))
      return options;
    const { stdio } = options;
    const entries: unknown[] =
      stdio === 'inherit' ? ['inherit', 'inherit', 'inherit'] : Array.isArray(stdio) ? stdio : [];
    const outputs = entries.map(outputOf);
    if (outputs.every((output) => output === 0)) return options;
    this.writing ??= this.open();
    const { writing } = this;
    return {
      ...options,
      stdio: entries.map((entry, i) => (outputs[i] === 0 ? entry : (writing[outputs[i] - 1] ?? entry))),
    };
  }

  private open(): readonly number[] {
    const folder = mkdtempSync(path.join(tmpdir(), 'layerwise-kernel-'));
    try {
      const files = ['stdout', 'stderr'].map((name) => path.join(folder, name));
      execFileSync('mkfifo', ['-m', '600', ...files], { stdio: 'ignore' });
      const [stdout, stderr] = files.map((file) => openSync(file, constants.O_RDONLY | constants.O_NONBLOCK));
      const writing = files.map((file) => openSync(file, 'w'));
      this.announce({ stdout, stderr });
      return writing;
    } catch {
      // Without `mkfifo` children write where the server does.
      return [];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Which output of this process a child shares by an entry of `stdio`: 1, 2, or 0 for none. */
function outputOf(entry: unknown, i: number): number {
  const wanted = entry === 'inherit' ? i : entry === process.stdout ? 1 : entry === process.stderr ? 2 : entry;
  return wanted === 1 || wanted === 2 ? wanted : 0;
}
