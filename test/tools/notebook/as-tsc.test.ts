// A cell is read as the compiler reads a module of a strict project: the same complaints at the same places, and what
// it accepts runs.
import path from 'node:path';
import vm from 'node:vm';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { emitCell } from '../../../src/tools/kernel/emit';
import { CellModules, compilerOptions, diagnosticsOfCell, messageOf } from '../../../src/tools/notebook';
import { inRoot, root } from '../../support/root';
import { snippets } from '../../support/snippets';

const SEED = Number(process.env.LAYERWISE_SEED ?? 2026);
const folder = inRoot('notebooks');
const options: ts.CompilerOptions = { ...compilerOptions(root), moduleDetection: ts.ModuleDetectionKind.Force };

/** What the compiler says of each file, as if they lay in the notebooks' folder. */
function diagnose(texts: ReadonlyMap<string, string>): Map<string, readonly ts.Diagnostic[]> {
  const host = ts.createCompilerHost(options);
  const fromDisk = { getSourceFile: host.getSourceFile.bind(host), fileExists: host.fileExists.bind(host) };
  host.getSourceFile = (name, version, ...rest) =>
    texts.has(name)
      ? ts.createSourceFile(name, texts.get(name) ?? '', version, true)
      : fromDisk.getSourceFile(name, version, ...rest);
  host.fileExists = (name) => texts.has(name) || fromDisk.fileExists(name);
  const program = ts.createProgram([...texts.keys()], options, host);
  return new Map(
    [...texts.keys()].map((name) => {
      const syntactic = program.getSyntacticDiagnostics(program.getSourceFile(name));
      return [name, syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(program.getSourceFile(name))];
    }),
  );
}

const written = ({
  start,
  length,
  code,
  messageText,
}: Pick<ts.Diagnostic, 'start' | 'length' | 'code' | 'messageText'>): string =>
  `${start}+${length} TS${code} ${messageOf({ messageText }, ' ')}`;

describe('a cell', () => {
  const codes = snippets(420, SEED);
  const modules = codes.map((code, i) => new CellModules(folder, `s${i}`).next(code));
  const asTsc = diagnose(new Map(codes.map((code, i) => [path.join(folder, `__s${i}-plain.ts`), code])));
  const asCell = diagnose(new Map(modules.map(({ file, text }) => [file, text])));
  const found = codes.map((code, i) => {
    const clamp = ({ start, length }: ts.Diagnostic): { start: number | undefined; length: number | undefined } => ({
      start,
      length: start === undefined || length === undefined ? length : Math.min(length, code.length - start),
    });
    const all = [
      asTsc.get(path.join(folder, `__s${i}-plain.ts`)) ?? [],
      diagnosticsOfCell(modules[i], asCell.get(modules[i].file) ?? []),
    ];
    const [expected, actual] = all.map((list) =>
      list.map((diagnostic) => written({ ...diagnostic, ...clamp(diagnostic) })),
    );
    return { code, expected, actual, module: modules[i] };
  });

  it('gets the diagnostics that tsc gives the same text', () => {
    expect(
      found
        .filter(({ expected, actual }) => expected.join('\n') !== actual.join('\n'))
        .map(({ code, expected, actual }) => ({ code, expected, actual })),
    ).toEqual([]);
  });

  it('is tried with snippets that are right and with ones that are wrong', () => {
    const right = found.filter(({ expected }) => expected.length === 0);
    expect(Math.min(right.length, found.length - right.length)).toBeGreaterThan(80);
    expect(new Set(found.flatMap(({ expected }) => expected.map((text) => text.split(' ')[1]))).size).toBeGreaterThan(
      40,
    );
  });

  it('that tsc accepts becomes a script that V8 accepts', () => {
    const refused = found
      .filter(({ expected, code }) => expected.length === 0 && !code.startsWith('// @ts-nocheck'))
      .flatMap(({ code, module }) => {
        const { code: script } = emitCell(module.text, 'cell.ts', 1);
        try {
          new vm.Script(script);
          return [];
        } catch (error) {
          return [{ code, script, error: String(error) }];
        }
      });
    expect(refused).toEqual([]);
  });
});
