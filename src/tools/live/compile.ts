import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { emitCell } from '../kernel/emit';
import { CellModules, codeCells, hasTag, type CodeCell, type Notebook } from '../notebook';
import type { LiveCell, LiveChapter, RunnableCell } from './chapter';
import { effectsOf, MATH_RANDOM, type Effects } from './effects';
import { packsOf } from './modules';
import { planFor } from './plan';
import { reachOf } from './reach';

/** Compiles a chapter's cells for its page, by the kernel's own compiler; they have been checked when they ran. */
export function compileChapter(notebook: Notebook): LiveChapter {
  const modules = new CellModules(path.dirname(notebook.file), 'live');
  const cells = codeCells(notebook);
  const compiled = cells.filter((cell) => !hasTag(cell, 'type-error')).map((cell) => compileCell(cell, modules));
  const traced = compiled.map(({ script, declares }, at): RunnableCell => {
    const { uses, changes } = reachOf(compiled, at);
    return { ...script, uses: [...uses], declares: [...declares], changes: [...changes] };
  });
  const reasons = new Map<string, string>();
  traced.forEach((cell, at) => {
    const { effects, metadata } = compiled[at];
    const reason = reasonOf(metadata['node-only'], effects.modules) ?? reasonOfEarlier(cell, traced, reasons);
    if (reason !== undefined) reasons.set(cell.id, reason);
  });
  return {
    name: notebook.name,
    cells: cells.map(({ id }): LiveCell => {
      const cell = traced.find((one) => one.id === id);
      if (!cell) return { id, reason: 'Does not run: the compiler refuses it, as it should.' };
      const reason = reasons.get(id);
      return reason === undefined ? cell : { id, reason: `Runs in the notebook: ${reason}.` };
    }),
  };
}

interface Compiled {
  readonly script: Omit<RunnableCell, 'uses' | 'declares' | 'changes'>;
  readonly metadata: CodeCell['metadata'];
  readonly effects: Effects;
  readonly declares: ReadonlySet<string>;
}

function compileCell({ id, source, metadata }: CodeCell, modules: CellModules): Compiled {
  const module = modules.next(source);
  const { code, sourceMap, isAsync, steps } = emitCell(module.text, path.basename(module.file), 0);
  modules.declare(module);
  const script = `() => ${code}`;
  const effects = effectsOf(script);
  const packs = [...new Set([...effects.modules].flatMap((name) => packsOf(name) ?? []))];
  return {
    script: { id, script, isAsync, steps, lines: linesOf(script, sourceMap), packs },
    metadata,
    effects,
    declares: new Set([...steps.flat(), ...(effects.seeds ? [MATH_RANDOM] : [])]),
  };
}

/** Which line of the cell each line of its script was made of. */
function linesOf(script: string, sourceMap: string): number[] {
  const map = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload);
  return script.split('\n').map((text, line) => {
    const entry = map.findEntry(line, text.length);
    return 'originalLine' in entry && entry.generatedLine === line ? entry.originalLine + 1 : 0;
  });
}

function reasonOf(noted: unknown, modules: Iterable<string>): string | undefined {
  if (typeof noted === 'string') return noted;
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
