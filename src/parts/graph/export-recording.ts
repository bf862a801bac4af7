import * as tf from '@tensorflow/tfjs-node';
import type { Recording } from './open-length';
import type { Signature } from './graph-builder';
import { idOf, nativeBackend } from './native';
import { Recorder } from './recorder';
import { TraceError } from './trace-error';

/** Numbers of rows of two recordings: primes that no shape has by chance. */
export const ROWS = [37, 41] as const;

export interface NamedTensor {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/** What is exported: inputs by name, in the order in which `run` takes them. */
export interface PortableCall {
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly (number | null)[]; readonly dtype?: tf.DataType }>
  >;
  readonly run: (given: readonly tf.Tensor[]) => readonly NamedTensor[];
}

/** A recording with what goes in and comes out. */
export interface PortableRecording extends Recording {
  readonly inputs: readonly Signature[];
  readonly outputs: readonly Signature[];
}

export const shapeFor = (shape: readonly (number | null)[], rows: number): number[] =>
  shape.map((length) => length ?? rows);

/** Writes down a call with so many rows, for other programs: weights are constants. */
export function record({ inputs: specs, run }: PortableCall, rows: number): PortableRecording {
  const backend = nativeBackend();
  const fed = Object.values(specs).map(({ shape, dtype }) => tf.zeros(shapeFor(shape, rows), dtype));
  const inputs: Signature[] = [];
  const variables = Object.values(tf.engine().registeredVariables);
  // Run once before: what is uploaded while we record has another place in each recording.
  tf.tidy(() => void run(fed));
  const before = variables.map(({ dataId }) => dataId);
  try {
    return Recorder.run(
      (recorder) => {
        Object.entries(specs).forEach(([name, { shape: given }], i) => {
          const dtype = backend.getDTypeInteger(fed[i].dtype);
          const shape = given.map((length) => length ?? -1);
          inputs.push({ name, node: recorder.input(idOf(fed[i]), dtype, shape), dtype, shape });
        });
      },
      (recorder) => {
        const outputs: Signature[] = [];
        tf.tidy(() => {
          for (const { name, tensor } of run(fed)) {
            const dtype = backend.getDTypeInteger(tensor.dtype);
            const node = recorder.builder.identity(dtype, recorder.nameOf(idOf(tensor)), tensor.shape);
            outputs.push({ name, node, dtype, shape: tensor.shape });
          }
        });
        if (recorder.refused) throw recorder.refused;
        const assigned = variables.find((variable, i) => !variable.isDisposed && variable.dataId !== before[i]);
        if (assigned)
          throw new TraceError(
            `exportSavedModel: the function assigns the variable ${assigned.name}; what is exported keeps its weights`,
          );
        return { builder: recorder.builder, rows, inputs, outputs };
      },
      { isPortable: true },
    );
  } finally {
    tf.dispose(fed);
  }
}
