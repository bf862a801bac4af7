import path from 'node:path';
import { decode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { z } from 'zod';
import { emitCell } from '../kernel/emit';
import { CellModules, codeCells, hasTag, type Notebook } from '../notebook';
import type { CellText, LiveCell, LiveChapter, RunnableCell } from './chapter';
import { effectsOf, MATH_RANDOM, type Effects } from './effects';
import { packsOf } from './modules';
import { planFor } from './plan';
import { reachOf } from './reach';

/** Compiles a chapter's cells for its page, by the kernel's own compiler; they have been checked when they ran. */
export function compileChapter(notebook: Notebook): LiveChapter {
  const texts = codeCells(notebook).map((cell): CellText => {
    const nodeOnly = cell.metadata['node-only'];
    return {
      id: cell.id,
      source: cell.source,
      ...(typeof nodeOnly === 'string' ? { nodeOnly } : {}),
      ...(hasTag(cell, 'type-error') ? { isRefused: true } : {}),
      ...(hasTag(cell, 'own-times') ? { hasOwnTimes: true } : {}),
    };
  });
  return { name: notebook.name, texts, cells: compileCells(texts) };
}

/** What cells were compiled to, by the texts of their modules. */
export type Known = Map<string, Compiled>;

/** Compiles cells, in order. What is known already is taken, and what is made added to it. */
export function compileCells(texts: readonly CellText[], known: Known = new Map()): LiveCell[] {
  const modules = new CellModules('', 'live');
  const compiled = texts
    .filter(({ isRefused }) => !isRefused)
    .map((cell) => ({ ...compileCell(cell, modules, known), ...cell }));
  const traced = compiled.map(({ id, script, declares }, at): RunnableCell => {
    const { uses, changes } = reachOf(compiled, at);
    return { id, ...script, uses: [...uses], declares: [...declares], changes: [...changes] };
  });
  const reasons = new Map<string, string>();
  traced.forEach((cell, at) => {
    const { effects, nodeOnly } = compiled[at];
    const reason = nodeOnly ?? reasonOf(effects.modules) ?? reasonOfEarlier(cell, traced, reasons);
    if (reason !== undefined) reasons.set(cell.id, reason);
  });
  return texts.map(({ id, nodeOnly }): LiveCell => {
    const cell = traced.find((one) => one.id === id);
    const reason = reasons.get(id) ?? nodeOnly;
    if (!cell && reason === undefined) return { id, isRefused: true };
    return cell && reason === undefined ? cell : { id, reason: `Runs in the notebook: ${reason}.` };
  });
}

interface Compiled {
  readonly script: Omit<RunnableCell, 'id' | 'uses' | 'declares' | 'changes'>;
  readonly effects: Effects;
  readonly declares: ReadonlySet<string>;
}

function compileCell({ source }: CellText, modules: CellModules, known: Known): Compiled {
  const module = modules.next(source);
  modules.declare(module);
  const before = known.get(module.text);
  if (before) return before;
  const { code, sourceMap, isAsync, steps } = emitCell(module.text, path.basename(module.file), 0);
  const script = `() => ${code}`;
  const effects = effectsOf(script);
  const packs = [...new Set([...effects.modules].flatMap((name) => packsOf(name) ?? []))];
  const made: Compiled = {
    script: { script, isAsync, steps, lines: linesOf(script, sourceMap), packs },
    effects,
    declares: new Set([...steps.flat(), ...(effects.seeds ? [MATH_RANDOM] : [])]),
  };
  known.set(module.text, made);
  return made;
}

const sourceMapOf = z.object({ mappings: z.string() });

/** Which line of the cell each line of its script was made of. */
function linesOf(script: string, sourceMap: string): number[] {
  const lines = decode(sourceMapOf.parse(JSON.parse(sourceMap)).mappings);
  const originalOf = (segment: SourceMapSegment | undefined): number =>
    segment === undefined || segment.length === 1 ? 0 : segment[2] + 1;
  return script.split('\n').map((_, line) => originalOf(lines.at(line)?.at(-1)));
}

function reasonOf(modules: Iterable<string>): string | undefined {
  const missing = [...modules].filter((module) => packsOf(module) === undefined);
  return missing.length === 0 ? undefined : `it imports ${missing.join(' and ')}, which a page doesn't have`;
}

function reasonOfEarlier(
  cell: RunnableCell,
  cells: readonly RunnableCell[],
  reasons: ReadonlyMap<string, string>,
): string | undefined {
  const earlier = planFor(cell, cells, []).find(({ id }) => reasons.has(id));
  return earlier && `it builds on ${earlier.id}, which does not run here`;
}
