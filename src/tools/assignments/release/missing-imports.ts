import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What a source file of the course imports of it but students would not get: the copy would not compile. */
export function missingImports(folder: string, files: readonly string[]): string[] {
  return files
    .filter((file) => /^src\/.*\.ts$/.test(file))
    .flatMap((file) =>
      ts
        .preProcessFile(readFileSync(path.join(folder, file), 'utf8'))
        .importedFiles.map(({ fileName }) => fileName)
        .filter((name) => name.startsWith('.') && !isThere(path.join(folder, path.dirname(file), name)))
        .map(
          (name) =>
            `${file}: imports ${name}, which is not in the list of the course's files: add it to git, or, without git, delete .course-files; then run: npm run setup`,
        ),
    );
}

const isThere = (module: string): boolean =>
  ['.ts', '.d.ts', '/index.ts'].some((ending) => existsSync(module.replace(/\.js$/, '') + ending)) ||
  existsSync(module);
