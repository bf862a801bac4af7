// Checks and compiles the cells of submissions. It runs none of their code, so it may serve many;
// it lives in a sandbox because a type can be written that takes for ever to check.
import { Socket } from 'node:net';
import { Checker } from '../../kernel/checker';
import { compileCell, type CompiledCell } from '../../kernel/compiled-cell';
import { Channel } from '../channel';

export interface CompileRequest {
  readonly id: number;
  /** The code cells of a notebook in order. */
  readonly cells: readonly string[];
}

/** A cell that can run, or why it can't. */
export type CompiledOrNot = { readonly cell: CompiledCell } | { readonly refused: string };

const [folder, root] = process.argv.slice(2);
const channel = new Channel(new Socket({ fd: 3 }));
const checker = new Checker(folder, root);

function compile(cells: readonly string[]): CompiledOrNot[] {
  return checker.checkAll(cells).map(({ module, diagnoses }, i) => {
    const [first] = diagnoses;
    return first ? { refused: `line ${first.line}: TS${first.code} ${first.message.split('\n')[0]}`.slice(0, 1000) } : { cell: compileCell(module, i + 1).cell };
  });
}

function answer({ id, cells }: CompileRequest): unknown {
  try {
    return { id, compiled: compile(cells) };
  } catch (error) {
    return { id, failed: String(error).slice(0, 1000) };
  }
}

channel.onMessage((message) => channel.send(answer(message as CompileRequest)));
void channel.closed.then(() => process.exit());
// The libraries are read once, before the first submission comes.
compile(["import * as tf from '@tensorflow/tfjs-node';\nimport { Value } from 'layerwise/autodiff';\nimport { NeuralNetwork } from 'layerwise/nn';\nimport { generator } from 'layerwise/random';\nimport { check } from 'layerwise/grading';\ntf.tensor([new Value(1).data]);"]);
channel.send({ ready: true });
