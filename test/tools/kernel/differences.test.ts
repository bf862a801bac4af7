// The table in src/README.md says how cells differ from one file: each row is run both ways.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Interrupts } from '../../../src/tools/kernel/interrupts';
import { Session } from '../../../src/tools/kernel/session';
import { compilerOptions } from '../../../src/tools/notebook';
import { inRoot, root } from '../../support/root';

const [, section = ''] = readFileSync(inRoot('src', 'README.md'), 'utf8').split('\n## Cells\n');
const code = (text: string): string => /^`(.*)`$/.exec(text.trim())?.[1] ?? text.trim();
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| difference'))
  .map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((text) => text.trim()),
  );

const session = new Session(inRoot('notebooks'), root, new Interrupts());
let executions = 0;

async function shown(cells: readonly string[]): Promise<string> {
  let last = '';
  for (const cell of cells) {
    const outcome = await session.run(cell, ++executions);
    last = outcome.status === 'error' ? outcome.error.evalue : String(Reflect.get(Object(outcome.shown), 'text/plain'));
    if (/TS\d+/.test(last)) return /TS\d+/.exec(last)?.[0] ?? '';
  }
  return last;
}

/** How it ends in one file: the first complaint, the name of what is thrown, or accepted. */
function asOneFile(text: string): string {
  const name = path.join(root, 'notebooks', '__one-file.ts');
  const options: ts.CompilerOptions = { ...compilerOptions(root), moduleDetection: ts.ModuleDetectionKind.Force };
  const host = ts.createCompilerHost(options);
  const fromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version) =>
    file === name ? ts.createSourceFile(file, text, version, true) : fromDisk(file, version);
  const program = ts.createProgram([name], options, host);
  const [first] = [
    ...program.getSyntacticDiagnostics(program.getSourceFile(name)),
    ...program.getSemanticDiagnostics(program.getSourceFile(name)),
  ];
  if (first) return `TS${first.code}`;
  try {
    vm.runInNewContext(`"use strict";${ts.transpile(text, { target: ts.ScriptTarget.ES2022 })}`);
    return 'accepted';
  } catch (error) {
    return String(Reflect.get(Object(error), 'name'));
  }
}

describe('how cells differ from one file', () => {
  // What no longer fits is said there.
  beforeAll(() => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  it('is told in a table', () => expect(rows.length).toBeGreaterThan(5));

  it.each(rows)('%s', async (_, cells, here, file) => {
    const codes = cells.split('⏎').map(code);
    expect(await shown(codes)).toBe(code(here));
    expect(asOneFile(codes.join('\n'))).toBe(code(file));
  });
});
