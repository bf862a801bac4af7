import path from 'node:path';
import { moduleNameOf, type CellModule } from '../notebook';
import { emitCell } from './emit';

/** A checked cell as a script, with what running it needs to know. Plain data: it can be sent to another process. */
export interface CompiledCell {
  /** The script's name in stack traces. */
  readonly filename: string;
  /** The module from which later cells import what may also be a type, for example "./__kernel-cell-3". */
  readonly moduleName: string;
  readonly script: string;
  readonly isAsync: boolean;
  /** All names that the cell declares, and those of them that are values. */
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Compiles a module that the checker has accepted. */
export function compileCell(module: CellModule, execution: number): { cell: CompiledCell; sourceMap: string } {
  const { code: script, sourceMap, isAsync } = emitCell(module.text, path.basename(module.file), execution);
  const cell = {
    filename: module.file.replace(/\.ts$/, '.js'),
    moduleName: `./${moduleNameOf(module.file)}`,
    script,
    isAsync,
    names: module.declarations.map(({ name }) => name),
    values: module.declarations.filter(({ kind }) => kind !== 'type').map(({ name }) => name),
  };
  return { cell, sourceMap };
}

/** The names by which cells import these modules. */
export const moduleNames = (names: readonly string[]): string[] => names.map((name) => `./${name}`);
