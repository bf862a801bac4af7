import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import {
  codeCells,
  declarationsOf,
  formatDiagnostic,
  hasTag,
  readNotebook,
  typeCheck,
  type Cell,
  type Notebook,
  type NotebookContent,
} from '../notebook';
import { inRoot, root, venv } from '../paths';

/** Which kernel: the one that learners get, or the unmodified one. */
export type Kernel = 'tslab' | 'tslab-plain';

export interface ExecuteOptions {
  readonly kernel: Kernel;
  /** Seconds that one cell may take. */
  readonly cellSeconds: number;
  /** Seconds that the notebook may take. */
  readonly notebookSeconds: number;
  /** Told before each cell which one, from 0, and of how many. */
  readonly onCell: (index: number, count: number) => void;
}

/** Why a notebook is not as it should be. */
export interface Failure {
  readonly kind: 'error' | 'death' | 'timeout' | 'kernel' | 'stderr' | 'leak' | 'empty' | 'handout';
  /** Id of the cell, where one is to blame. */
  readonly cell?: string;
  readonly message: string;
}

export interface Executed {
  readonly content: NotebookContent;
  readonly failures: readonly Failure[];
  readonly executedCells: number;
  /**
   * Tensors alive after all that the top-level variables hold was freed; undefined where the notebook didn't get that
   * far.
   */
  readonly leakedTensors?: number;
}

const LEAK_CELL = 'layerwise-leak-check';
const event = z.discriminatedUnion('event', [
  z.object({ event: z.literal('cell'), index: z.number() }),
  z.object({
    event: z.literal('end'),
    failure: z
      .object({
        kind: z.enum(['error', 'death', 'timeout', 'kernel']),
        cell: z.number().nullable(),
        message: z.string(),
      })
      .nullable(),
  }),
]);

/** Runs a notebook in a process of its own and judges the outcome. The notebook's file is not touched. */
export async function executeNotebook(notebook: Notebook, options: ExecuteOptions): Promise<Executed> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-book-'));
  try {
    const [source, target] = [path.join(folder, 'in.ipynb'), path.join(folder, 'out.ipynb')];
    writeFileSync(source, JSON.stringify(prepare(notebook)));
    const outcome = await runPython(
      [source, target, options.kernel, path.dirname(notebook.file), String(options.cellSeconds)],
      notebook,
      options,
    );
    const written = outcome.hasOutput ? readNotebook(target).content : prepare(notebook);
    return judge(notebook, written, outcome.failure);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Adds the hidden last cell, and marks cells whose lesson is a type error as not to be run. */
function prepare(notebook: Notebook): NotebookContent {
  const cells = notebook.content.cells.map((cell) =>
    hasTag(cell, 'type-error')
      ? { ...cell, metadata: { ...cell.metadata, tags: [...(cell.metadata.tags ?? []), 'skip-execution'] } }
      : cell,
  );
  const variables = new Set(
    codeCells(notebook)
      .filter((cell) => !hasTag(cell, 'type-error'))
      .flatMap((cell) => declarationsOf(cell.source))
      .filter(({ kind }) => kind === 'variable' || kind === 'constant')
      .map(({ name }) => name),
  );
  const source = [
    "import { disposeAll as layerwiseDisposeAll } from 'layerwise/memory';",
    "import { memory as layerwiseMemory } from '@tensorflow/tfjs-node';",
    `layerwiseDisposeAll([${[...variables].join(', ')}]);`,
    'console.log(JSON.stringify({ leakedTensors: layerwiseMemory().numTensors }));',
  ].join('\n');
  return {
    ...notebook.content,
    cells: [...cells, { cell_type: 'code', id: LEAK_CELL, metadata: {}, source, outputs: [], execution_count: null }],
  };
}

interface Outcome {
  readonly failure?: { kind: Failure['kind']; cell: number | null; message: string };
  readonly hasOutput: boolean;
}

function runPython(args: readonly string[], notebook: Notebook, options: ExecuteOptions): Promise<Outcome> {
  const count = notebook.content.cells.length;
  const child = spawn(venv('python'), [inRoot('src', 'tools', 'book', 'execute.py'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      LAYERWISE_TIER: process.env.LAYERWISE_TIER ?? 'quick',
      JUPYTER_PATH: [inRoot('build', 'jupyter'), process.env.JUPYTER_PATH].filter(Boolean).join(path.delimiter),
      PYDEVD_DISABLE_FILE_VALIDATION: '1',
      LAYERWISE_HISTORY: '',
    },
  });
  let outcome: Outcome | undefined;
  let timedOut = false;
  let at = 0;
  let complaints = '';
  // SIGTERM, because the process then ends its kernel, which runs in a session of its own.
  const stop = (): void => void child.kill('SIGTERM');
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, options.notebookSeconds * 1000);
  process.once('exit', stop);
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4000)));
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const told = event.parse(JSON.parse(line));
      if (told.event === 'cell') options.onCell((at = told.index), count);
      else outcome = { hasOutput: true, ...(told.failure ? { failure: told.failure } : {}) };
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      process.off('exit', stop);
      if (outcome) return resolve(outcome);
      const message = timedOut
        ? `the notebook ran for more than ${options.notebookSeconds} s`
        : `the process that ran the notebook ended:\n${complaints}`;
      resolve({ hasOutput: false, failure: { kind: timedOut ? 'timeout' : 'kernel', cell: at, message } });
    });
  });
}

function judge(notebook: Notebook, written: NotebookContent, failure: Outcome['failure']): Executed {
  const cells = written.cells.slice(0, notebook.content.cells.length);
  const last = written.cells[notebook.content.cells.length];
  const leakedTensors = failure ? undefined : readLeak(last);
  const executedCells = cells.filter((cell) => cell.cell_type === 'code' && 'execution' in cell.metadata).length;
  const failures: Failure[] = [
    ...(failure
      ? [
          {
            kind: failure.kind,
            message: stripColors(failure.message),
            ...(failure.cell === null ? {} : { cell: written.cells[failure.cell]?.id ?? '' }),
          },
        ]
      : []),
    ...cells
      .filter((_, i) => i !== failure?.cell)
      .flatMap((cell) => stderrOf(cell).map((message): Failure => ({ kind: 'stderr', cell: cell.id, message }))),
    ...(failure || executedCells > 0 ? [] : [{ kind: 'empty' as const, message: 'no cell was executed' }]),
    ...(!failure && leakedTensors === undefined
      ? [{ kind: 'leak' as const, message: `the leak check did not run: ${stderrOf(last).join('\n')}` }]
      : []),
    ...(leakedTensors
      ? [
          {
            kind: 'leak' as const,
            message: `${leakedTensors} tensors are still alive: dispose them, or let tf.tidy do it`,
          },
        ]
      : []),
  ];
  return {
    content: { ...written, cells: showTypeErrors(notebook, cells) },
    failures,
    executedCells,
    ...(leakedTensors === undefined ? {} : { leakedTensors }),
  };
}

function stderrOf(cell: Cell | undefined): string[] {
  if (cell?.cell_type !== 'code' || hasTag(cell, 'raises-exception')) return [];
  return cell.outputs
    .filter((output) => output.output_type === 'stream' && output.name === 'stderr')
    .map((output) => stripColors(textOf(output.text)));
}

const textOf = (text: unknown): string => (Array.isArray(text) ? text.join('') : String(text));
const stripColors = (text: string): string => text.replace(/\u001b\[[\d;]*m/g, '');

function readLeak(cell: Cell | undefined): number | undefined {
  if (cell?.cell_type !== 'code') return undefined;
  const text = cell.outputs
    .filter((output) => output.output_type === 'stream' && output.name === 'stdout')
    .map((output) => textOf(output.text))
    .join('');
  const found = /\{"leakedTensors":(\d+)\}/.exec(text);
  return found ? Number(found[1]) : undefined;
}

/** Shows what the compiler says below the cells whose lesson it is. */
function showTypeErrors(notebook: Notebook, cells: readonly Cell[]): Cell[] {
  if (!notebook.content.cells.some((cell) => hasTag(cell, 'type-error'))) return [...cells];
  const diagnostics = typeCheck(notebook, root).filter((diagnostic) => diagnostic.expected);
  return cells.map((cell, i) => {
    if (cell.cell_type !== 'code' || !hasTag(cell, 'type-error')) return cell;
    const text = diagnostics
      .filter((diagnostic) => diagnostic.cellId === cell.id)
      .map((diagnostic) => formatDiagnostic(diagnostic).replace(/^.*?\):/, 'line '))
      .join('\n');
    return {
      ...cell,
      metadata: notebook.content.cells[i].metadata,
      outputs: [{ output_type: 'stream', name: 'stdout', text: `The compiler refuses this cell:\n${text}\n` }],
    };
  });
}

/** Writes a notebook aside and renames it into place. */
export function writeNotebook(file: string, content: NotebookContent): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(content, undefined, 1)}\n`);
  renameSync(aside, file);
}
