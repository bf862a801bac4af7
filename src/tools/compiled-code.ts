import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

const printer = ts.createPrinter({ removeComments: true });
const known = new Map<string, string>();

/** SHA-256 of a compiled file's code, or of a file of types: comments and empty lines don't count. */
export function codeHash(file: string): string {
  const hash = known.get(file);
  if (hash !== undefined) return hash;
  const kind = file.endsWith('.ts') ? ts.ScriptKind.TS : ts.ScriptKind.JS;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, false, kind);
  const made = createHash('sha256').update(printer.printFile(source)).digest('hex');
  known.set(file, made);
  return made;
}

/** These compiled files of the package, and all that they load: found by following `require`. */
export function loadedFiles(entries: Iterable<string>): ReadonlySet<string> {
  const seen = new Set<string>();
  const { resolve } = createRequire(__filename);
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    if (!file.endsWith('.js')) return;
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles)
      if (fileName.startsWith('.')) visit(resolve(path.resolve(path.dirname(file), fileName)));
  };
  for (const file of entries) visit(file);
  return seen;
}

/** The types that a compiled file brings; undefined where it has none. */
export function typesOf(file: string): string | undefined {
  const types = file.replace(/\.js$/, '.d.ts');
  return types !== file && existsSync(types) ? types : undefined;
}
