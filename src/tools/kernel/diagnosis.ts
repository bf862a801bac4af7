import path from 'node:path';
import type ts from 'typescript';
import { messageOf, type CellModule } from '../notebook';

/** What the compiler says of a cell, in the cell's own positions. */
export interface Diagnosis {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly code: number;
  readonly message: string;
  /** The file, where it is not the cell itself, and its text. */
  readonly file?: string;
  readonly source?: string;
}

/** A diagnostic of a file that a cell imports. */
export function diagnoseFile(
  file: ts.SourceFile,
  { start = 0, length = 1, code, messageText }: ts.Diagnostic,
  root: string,
): Diagnosis {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return {
    line: line + 1,
    column: character + 1,
    length,
    code,
    message: messageOf({ messageText }, '\n  '),
    file: path.relative(root, file.fileName),
    source: file.text,
  };
}

/** A diagnostic of a cell's module. */
export function diagnose(
  module: CellModule,
  { start = 0, length = 1, code: number, messageText }: ts.Diagnostic,
): Diagnosis {
  const offset = module.toCell(start);
  const before = module.code.slice(0, offset).split('\n');
  return {
    line: before.length,
    column: before[before.length - 1].length + 1,
    length: Math.max(1, module.toCell(start + length) - offset),
    code: number,
    message: messageOf({ messageText }, '\n  '),
  };
}
