import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../paths';
import { readCompiled, type Statement } from './compiled-module';

/** A function by the compiled module that exports it; `*` stands for all that the module exports. */
export interface Entry {
  readonly file: string;
  readonly name: string;
}

export interface Reached {
  readonly hash: string;
  /** The packages that the code imports. */
  readonly packages: ReadonlySet<string>;
}

/**
 * Where reaching ends. How bytes are found doesn't matter to results: they are checked, and each row knows its files'
 * checksums. Nor does how a curve is drawn, or how graphs run: they compute what eager code does, to rounding.
 */
const BOUNDARY = [
  ['data', 'find-file.js'],
  ['data', 'registry.js'],
  ['plot', 'learning-curve.js'],
  ['graph', 'accelerate.js'],
].map((file) => inRoot('src', 'dist', 'parts', ...file));

const known = new Map<string, readonly Statement[]>();
function statementsOf(file: string): readonly Statement[] {
  const statements = known.get(file) ?? readCompiled(file);
  known.set(file, statements);
  return statements;
}

/**
 * SHA-256 of the compiled code that a function reaches: its module's statement, those that declare what it names, here
 * and in other modules of the project, and what these modules do when they are loaded; in the order in which they are
 * reached. Comments, spaces, line ends and the places of files don't count, and packages by name alone.
 */
export function reachedCode(entry: Entry): Reached {
  const packages = new Set<string>();
  const hash = createHash('sha256');
  const seen = new Set<Statement>();
  const loaded = new Set<string>();

  const reach = (file: string, name: string): void => {
    if (BOUNDARY.includes(file)) return;
    const statements = statementsOf(file);
    if (!loaded.has(file)) {
      loaded.add(file);
      for (const statement of statements) if (statement.acts) add(file, statement);
    }
    for (const statement of statements)
      if (name === '*' ? statement.exports.size > 0 : statement.exports.has(name)) add(file, statement);
  };

  const add = (file: string, statement: Statement): void => {
    if (seen.has(statement)) return;
    seen.add(statement);
    // What only hands on a name of another module isn't code of its own.
    if (!isReExport(statement)) hash.update(`${statement.tokens.join('\0')}\0\0`);
    for (const other of statementsOf(file)) if (declaresOneOf(other, statement)) add(file, other);
    for (const name of statement.ownExports) if (!statement.exports.has(name)) reach(file, name);
    for (const { from, name } of statement.imports) {
      if (from.startsWith('.')) reach(resolved(file, from), name);
      else packages.add(from);
    }
  };

  if (entry.name !== '*' && !statementsOf(entry.file).some(({ exports }) => exports.has(entry.name)))
    throw new Error(`${entry.file} exports no ${entry.name}`);
  reach(entry.file, entry.name);
  return { hash: hash.digest('hex'), packages };
}

const isReExport = ({ exports, tokens }: Statement): boolean => exports.size > 0 && tokens[0] === 'Object';

function declaresOneOf({ declares }: Statement, { names }: Statement): boolean {
  for (const name of declares) if (names.has(name)) return true;
  return false;
}

function resolved(from: string, to: string): string {
  const target = path.resolve(path.dirname(from), to);
  const candidates = [target, `${target}.js`, path.join(target, 'index.js')].filter((file) => file.endsWith('.js'));
  return candidates.find((file) => existsSync(file)) ?? `${target}.js`;
}
