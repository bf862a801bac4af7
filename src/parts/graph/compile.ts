import { allOrNothing } from './all-or-nothing';
import { useNativeKernels } from './native-kernels';
import { useNativeOptimizers } from './native-optimizers';
import type { GraphNode } from './graph-node';
import { isTracing } from './recorder';
import { checkStructure, fedOf, signatureOf, tidied, type Structure } from './structure';
import { isRecordingGradient } from './tape';
import { trace, type Trace } from './trace';
import { watchLayers } from './watched-layers';

export interface CompileOptions {
  /**
   * Graphs kept at a time, one for each form and shape of the arguments; the one used longest ago goes first (default
   * 16).
   */
  readonly mostTraces?: number;
  /** Told when a function is traced again and again (default: a warning on the console). */
  readonly onNotice?: (text: string) => void;
}

/** A function that runs as a TensorFlow graph. */
export interface CompiledFunction<A extends readonly Structure[], R extends Structure> {
  (...args: A): R;
  /** How often it was traced. */
  readonly traces: number;
  /** The nodes of the graph that ran last; empty before the first graph. */
  readonly nodes: readonly GraphNode[];
  /** Frees its graphs. A later call traces anew. */
  dispose(): void;
}

const NOTICE_AFTER = 8;

/**
 * Makes one TensorFlow graph of a function of tensors: same arguments, same results, without a trip through JavaScript
 * for each operation.
 *
 * The first call runs eagerly, so that optimizers make their variables; the second traces; later ones run the graph.
 * Arguments of another form, type or shape are traced for themselves.
 * Where a gradient is taken through it, it runs eagerly: compile the whole step, gradient included.
 * What is no tensor is frozen at the value that it had: numbers, options, which way an `if` went. Tensors and variables
 * from outside are read at each call; variables that the function assigns are written back.
 * Reading a value inside, random numbers drawn by JavaScript and variables made while tracing fail with a TraceError
 * that names the line.
 *
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { compile } from 'layerwise/graph';
 * const norm = compile((x: tf.Tensor) => x.square().sum().sqrt());
 * const x = tf.tensor1d([3, 4]);
 * for (let call = 0; call < 3; call++) norm(x); // 5
 * norm.dispose();
 */
export function compile<A extends readonly Structure[], R extends Structure>(
  fn: (...args: A) => R,
  { mostTraces = 16, onNotice = console.warn }: CompileOptions = {},
): CompiledFunction<A, R> {
  if (!Number.isInteger(mostTraces) || mostTraces < 1)
    throw new RangeError(`compile: expected mostTraces to be a whole number of at least 1, got ${mostTraces}`);
  useNativeKernels();
  useNativeOptimizers();
  watchLayers();
  const graphs = new Map<string, Trace>();
  let traces = 0;
  let isWarm = false;
  let saidEager = false;
  let nodes: readonly GraphNode[] = [];
  const eagerly = (args: readonly Structure[]): Structure => {
    const returned: unknown = Reflect.apply(fn, undefined, args);
    checkStructure(returned, 'the result');
    return returned;
  };

  const traceNow = (signature: string, args: readonly Structure[]): Structure => {
    const made = trace((...given) => eagerly(given), args);
    graphs.set(signature, made);
    nodes = made.nodes;
    traces++;
    if (traces === NOTICE_AFTER)
      onNotice(
        `compile: "${fn.name || 'a function'}" was traced ${traces} times; pad its arguments to one shape, or pass changing numbers as tensors`,
      );
    const [oldest] = graphs.keys();
    if (graphs.size > mostTraces) forget(oldest);
    return made.firstResult;
  };
  const forget = (signature: string): void => {
    graphs.get(signature)?.dispose();
    graphs.delete(signature);
  };

  /** A graph keeps nothing from which a gradient could be computed. */
  const forGradient = (args: readonly Structure[]): Structure => {
    if (!saidEager)
      onNotice(
        `compile: a gradient is taken through "${fn.name || 'a function'}", which runs eagerly there; compile the function that takes the gradient instead`,
      );
    saidEager = true;
    return eagerly(args);
  };

  const call = (...args: Structure[]): Structure => {
    args.forEach((argument, i) => checkStructure(argument, `argument ${i + 1}`));
    // Inside another trace its operations are simply part of that one.
    if (isTracing()) return eagerly(args);
    if (isRecordingGradient()) return forGradient(args);
    if (!isWarm) {
      const result = allOrNothing(() => tidied(() => eagerly(args)));
      isWarm = true;
      return result;
    }
    const signature = args.map(signatureOf).join('|');
    const known = graphs.get(signature);
    if (known?.hasSameSettings() === false) {
      // Eagerly once: the optimizer may have to make variables for weights that move again.
      forget(signature);
      return allOrNothing(() => tidied(() => eagerly(args)));
    }
    if (!known?.isValid()) {
      forget(signature);
      return traceNow(signature, args);
    }
    graphs.delete(signature);
    graphs.set(signature, known);
    nodes = known.nodes;
    return known.run(fedOf(args));
  };
  const dispose = (): void => {
    for (const signature of [...graphs.keys()]) forget(signature);
    nodes = [];
  };
  // A graph's results are put together in the form of what fn returned: an R.
  return Object.defineProperties(Object.assign(call, { dispose }), {
    traces: { get: () => traces },
    nodes: { get: () => nodes },
  }) as unknown as CompiledFunction<A, R>;
}
