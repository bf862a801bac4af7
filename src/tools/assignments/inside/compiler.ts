// Checks and compiles the cells of submissions. It runs none of their code, so it may serve many;
// it lives in a sandbox because a type can be written that takes for ever to check.
import { Socket } from 'node:net';
import { Checker, type Checked } from '../../kernel/checker';
import { compileCell, type CompiledCell } from '../../kernel/compiled-cell';
import { CellModules, type CellModule } from '../../notebook';
import { Channel } from '../channel';
import { prepare, type Extent } from './statements';

export interface CompileRequest {
  readonly id: number;
  /** The code cells of a notebook in order. */
  readonly cells: readonly string[];
  /** How much of each cell is compiled, where they have been checked before. */
  readonly extents?: readonly Extent[];
}

/** A cell that can run, or why it can't. */
export type CompiledOrNot = { readonly cell: CompiledCell } | { readonly refused: string };

const [folder, root] = process.argv.slice(2);
const channel = new Channel(new Socket({ fd: 3 }));
const checker = new Checker(folder, root);

const script = (module: CellModule, number: number, extent: Exclude<Extent, 'nothing'>): CompiledOrNot => ({
  cell: compileCell({ ...module, text: prepare(module.text, extent) }, number).cell,
});

function compiled({ module, diagnoses }: Checked, number: number): CompiledOrNot {
  const [first] = diagnoses;
  return first
    ? { refused: `line ${first.line}: TS${first.code} ${first.message.split('\n')[0]}`.slice(0, 1000) }
    : script(module, number, 'all');
}

function compile(cells: readonly string[]): CompiledOrNot[] {
  try {
    return checker.checkAll(cells).map((checked, i) => compiled(checked, i + 1));
  } catch {
    return compileEach(cells);
  }
}

/** Slower, but a cell that makes the compiler itself fail costs that cell alone. */
function compileEach(cells: readonly string[]): CompiledOrNot[] {
  checker.reset();
  return cells.map((code, i) => {
    try {
      const checked = checker.check(code);
      const result = compiled(checked, i + 1);
      if ('cell' in result) checker.accept(checked.module);
      return result;
    } catch (error) {
      return { refused: `the compiler could not read it: ${String(error)}`.slice(0, 1000) };
    }
  });
}

/** Cells that have been checked, in part. */
function compileParts(cells: readonly string[], extents: readonly Extent[]): CompiledOrNot[] {
  const modules = new CellModules(folder, 'kernel');
  return cells.map((code, i) => {
    const extent = extents[i];
    const module = modules.next(extent === 'nothing' ? '' : code);
    if (extent === 'nothing') return { refused: 'it is left out' };
    modules.declare(module);
    return script(module, i + 1, extent);
  });
}

channel.onMessage((message) => {
  const { id, cells, extents } = message as CompileRequest;
  channel.send({ id, compiled: extents ? compileParts(cells, extents) : compile(cells) });
});
void channel.closed.then(() => process.exit());
// The libraries are read once, before the first submission comes.
compile([
  "import * as tf from '@tensorflow/tfjs-node';\nimport { Value } from 'layerwise/autodiff';\nimport { NeuralNetwork } from 'layerwise/nn';\nimport { generator } from 'layerwise/random';\nimport { check } from 'layerwise/grading';\ntf.tensor([new Value(1).data]);",
]);
channel.send({ ready: true });
