import path from 'node:path';
import type { CellModule } from '../notebook';
import { emitCell } from './emit';

/** A checked cell as a script, with what running it needs to know. Plain data: it can be sent to another process. */
export interface CompiledCell {
  /** The script's name in stack traces. */
  readonly filename: string;
  readonly script: string;
  readonly isAsync: boolean;
  /** The variables that each step of the cell sets; the first are there from the beginning. */
  readonly steps: readonly (readonly string[])[];
}

/** Compiles a module that the checker has accepted. */
export function compileCell(module: CellModule, execution: number): { cell: CompiledCell; sourceMap: string } {
  const { code: script, sourceMap, isAsync, steps } = emitCell(module.text, path.basename(module.file), execution);
  return { cell: { filename: module.file.replace(/\.ts$/, '.js'), script, isAsync, steps }, sourceMap };
}
