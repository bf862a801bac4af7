import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { z } from 'zod';
import { compilerOptions } from '../notebook';
import { inRoot } from '../paths';
import type { Made } from './kept';
import { MODULES } from './modules';

const description = z.object({ exports: z.record(z.string(), z.unknown()) });

/** Where the compiler finds the project in a page. */
const ROOT = '/course';

/**
 * What the compiler reads of the disk to check cells of a page: the language's own declarations, those of what pages
 * can import, and the project's settings; without comments, under paths of their own.
 */
export function declarations(): Made {
  const options = { ...compilerOptions(inRoot()), libReplacement: false };
  const host = ts.createCompilerHost(options);
  const entry = inRoot('notebooks', '__live-imports.ts');
  const imports = [...MODULES, ...publicParts()].map((name) => `import ${JSON.stringify(name)};\n`).join('');
  const read = new Map<string, string>();
  const note = (file: string, text: string | undefined): string | undefined => {
    if (text !== undefined && file !== entry) read.set(realpathSync(file), text);
    return text;
  };
  const [fileExists, readFile] = [host.fileExists.bind(host), host.readFile.bind(host)];
  host.fileExists = (file) => file === entry || fileExists(file);
  host.readFile = (file) => (file === entry ? imports : note(file, readFile(file)));
  host.getSourceFile = (file, version) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, version);
  };
  host.getCurrentDirectory = () => inRoot();
  ts.createProgram([entry], options, host);
  note(inRoot('tsconfig.json'), readFile(inRoot('tsconfig.json')));
  const texts = [...read].map(([file, text]) => [inCourse(file), file.endsWith('.ts') ? withoutComments(text) : text]);
  return { text: JSON.stringify(Object.fromEntries(texts)), from: [...read.keys()] };
}

/** What the course's package gives, also what pages can't run: names of cells that import it have types. */
const publicParts = (): string[] =>
  Object.keys(description.parse(JSON.parse(readFileSync(inRoot('src', 'package.json'), 'utf8'))).exports)
    .filter((name) => /^\.\/[\w-]+$/.test(name))
    .map((name) => `layerwise${name.slice(1)}`);

const inCourse = (file: string): string => `${ROOT}/${path.relative(inRoot(), file).split(path.sep).join('/')}`;

/** Comments before declarations and members, but for directives. */
function withoutComments(text: string): string {
  const file = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.ES2022);
  const comments = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.pos) ?? []) comments.set(pos, end);
    ts.forEachChild(node, visit);
  };
  visit(file);
  let made = '';
  let from = 0;
  for (const [pos, end] of [...comments].sort(([a], [b]) => a - b)) {
    if (pos < from || text.startsWith('///', pos)) continue;
    made += text.slice(from, pos);
    from = end;
  }
  return (made + text.slice(from)).replace(/\n\s*\n/g, '\n');
}
