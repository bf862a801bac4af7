import { allOrNothing } from './all-or-nothing';
import { useNativeKernels } from './native-kernels';
import { useNativeLayers } from './native-layers';
import { useNativeOptimizers } from './native-optimizers';
import { ChangingOften } from './changing-often';
import { OtherLength } from './data-lengths';
import { EarlierCall } from './earlier-call';
import { withLine } from './failing-line';
import type { GraphNode } from './graph-node';
import { KeptGraphs } from './kept-graphs';
import { isNative } from './native';
import { drawingFor } from './random-ops';
import { isTracing } from './recorder';
import { isRunningEagerly } from './running-eagerly';
import { checkArgument, checkResult, fedOf, signatureOf, tidied, type Argument, type Result } from './structure';
import { isRecordingGradient } from './tape';
import { TraceError } from './trace-error';
import { record, type Recorded } from './trace';
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
export interface CompiledFunction<A extends readonly Argument[], R> {
  (...args: A): R;
  /** How often it was traced: how many graphs were made. */
  readonly traces: number;
  /**
   * Why each graph was made, a sentence each: `'the first call'`, `'argument 1 has another shape: [3] instead of [2]'`,
   * `'Dropout.rate changed from 0.5 to 0'`.
   */
  readonly history: readonly string[];
  /** The nodes of the graph that ran last; empty before the first graph. */
  readonly nodes: readonly GraphNode[];
  /** Frees its graphs. A later call traces anew. */
  dispose(): void;
}

/** What becomes of a function; words where that can't be, for the compiler's error. */
export type Compiled<F> = F extends ((...args: infer A extends readonly Argument[]) => infer R extends Result | void)
  ? CompiledFunction<A, R>
  : 'compile: expected a function that takes tensors, numbers, texts and booleans, or arrays and records of them, and returns tensors or nothing';

// At load: what trains eagerly before anything is compiled sees the same random numbers, and steps in the same way.
useNativeLayers();
useNativeOptimizers();

const NOTICE_AFTER = 8;
/** In so many calls in a row optimizers may make variables: weights come to move layer by layer. */
const MOST_MAKING = 3;

/** Frees the graphs of functions that nobody can call any more, such as those of a cell that was run again. */
const forgotten = new FinalizationRegistry<KeptGraphs>((graphs) => graphs.dispose());

/**
 * Makes one TensorFlow graph of a function of tensors: same arguments, same results, without a trip through JavaScript
 * for each operation.
 *
 * The first call runs eagerly, so that optimizers make their variables; the second and the third trace, to see what
 * stays the same; later ones run the graph, which the first of them loads.
 * Arguments of another form, type or shape are traced for themselves, twice too; `history` tells why. Where three calls
 * differ in one length alone, such as texts that grow by a word, one graph is made for any length: a new length then
 * runs eagerly once and then as this graph, if that would do exactly the same.
 * Where a gradient is taken through it, it runs eagerly: compile the whole step, gradient included.
 * Numbers, texts and booleans may be arguments: each value has a graph of its own.
 * Variables are read at each call, and written back. So are other tensors from outside, and those that were freed and
 * made anew. Settings of layers and optimizers are watched, and in a notebook what its cells declare: a name bound to
 * another tensor, number or function, or another item in such a list, record or object, counts from the next call on.
 * What else the function closes over is frozen as it was when it was traced: names inside of functions and files,
 * which way an `if` went by them. A notice tells, once, what differs between two traces, and which numbers, or which
 * variables that it writes, differ from the first call; what changes later is not seen: pass it, or hold it in a
 * variable. What the function does beside its result and its variables, such as printing or keeping a tensor, ends with
 * the third call.
 * In a page, and with another back end than TensorFlow's native library, it runs eagerly at each call.
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
export function compile<F>(fn: F, options?: CompileOptions): Compiled<F>;
// The arguments' types come from fn alone: those of its parameters that have a default would else be wider.
export function compile<A extends readonly Argument[], R extends Result | void>(
  fn: (...args: A) => R,
  { mostTraces = 16, onNotice = console.warn }: CompileOptions = {},
): CompiledFunction<A, R> {
  if (!Number.isInteger(mostTraces) || mostTraces < 1)
    throw new RangeError(`compile: expected mostTraces to be a whole number of at least 1, got ${mostTraces}`);
  watchLayers();
  const graphs = new KeptGraphs(mostTraces);
  /** Forms of arguments that have run eagerly: there an optimizer has made its variables. */
  const warm = new Set<string>();
  /** How many calls in a row made variables, by the form of their arguments. */
  const made = new Map<string, number>();
  let saidEager = false;
  let saidChanged = false;
  let saidFailed = false;
  const earlier = new EarlierCall();
  const often = new ChangingOften();
  let nodes: readonly GraphNode[] = [];
  const eagerly = (args: readonly Argument[]): Result => {
    const returned = drawingFor(call, (): unknown => Reflect.apply(fn, undefined, args));
    checkResult(returned);
    return returned;
  };

  /** Runs it eagerly; where it fails, nothing has changed. */
  const wholeOrNot = (args: readonly Argument[]): Result => allOrNothing(() => tidied(() => eagerly(args)));

  const traceNow = (signature: string, args: readonly Argument[]): Result => {
    useNativeKernels();
    // What was noted of a call of another form can't be compared.
    const notesNumbers = earlier.compares(signature) || graphs.isUnchecked(signature);
    const changedRate = graphs.ratesOf(signature);
    const use = (recorded: Recorded): Result => {
      const [created] = recorded.created;
      // An optimizer may take its first step here, or one with weights that are new or move again: the next call is
      // traced.
      const before = made.get(signature) ?? 0;
      made.delete(signature);
      if (created) {
        if (warm.has(signature) && (!recorded.onlySlots || before >= MOST_MAKING))
          throw new TraceError(
            `compile: the function made a variable (${created.name}) while it was traced; make variables outside of it`,
          );
        warm.add(signature);
        made.set(signature, before + 1);
        return recorded.result;
      }
      const { forms } = graphs;
      const { trace, isNew, change } = graphs.keep(signature, args, recorded);
      nodes = trace.nodes;
      if (isNew && graphs.forms === NOTICE_AFTER && graphs.forms > forms)
        onNotice(
          `compile: "${fn.name || 'a function'}" was traced ${NOTICE_AFTER} times; pad its arguments to one shape, or pass changing numbers as tensors`,
        );
      tellChanges(
        [...recorded.changedInside, changedRate() ?? []].flat(),
        change ?? earlier.changeIn(signature, recorded),
      );
      if (earlier.compares(signature)) earlier.replace(signature, recorded);
      return recorded.result;
    };
    return record((...given) => eagerly(given), args, use, { notesNumbers });
  };
  /** Once, where something differs from run to run that a graph holds as it is. */
  const tellChanges = ([inside]: readonly string[], changed: string | undefined): void => {
    const change = inside === undefined ? changed : `${inside} changes while the function runs`;
    if (change === undefined || saidChanged) return;
    saidChanged = true;
    onNotice(
      `compile: "${fn.name || 'a function'}" is kept as it was when it was traced: ${change}. Pass what changes as an argument, or hold it in a tf.variable`,
    );
  };

  /** The graph fails where the function doesn't: for no rows, say, or because JavaScript decides otherwise by now. */
  const insteadOfGraph = (error: unknown, args: readonly Argument[]): Result => {
    const result = wholeOrNot(args);
    const why = error instanceof Error ? error.message.trim() : String(error);
    if (!saidFailed)
      onNotice(
        `compile: the graph of "${fn.name || 'a function'}" fails where the function doesn't, which runs eagerly there: ${why}`,
      );
    saidFailed = true;
    return result;
  };

  /** A graph keeps nothing from which a gradient could be computed. */
  const forGradient = (args: readonly Argument[]): Result => {
    if (!saidEager)
      onNotice(
        `compile: a gradient is taken through "${fn.name || 'a function'}", which runs eagerly there; compile the function that takes the gradient instead`,
      );
    saidEager = true;
    return eagerly(args);
  };

  const call = (...args: Argument[]): Result => {
    args.forEach((argument, i) => checkArgument(argument, `argument ${i + 1}`));
    // Inside another trace its operations are simply part of that one.
    if (isTracing()) return allOrNothing(() => eagerly(args));
    if (isRecordingGradient()) return isNative() ? forGradient(args) : eagerly(args);
    if (isRunningEagerly()) return wholeOrNot(args);
    const signature = args.map(signatureOf).join('|');
    if (warm.size === 0) {
      const result = earlier.run(signature, () => wholeOrNot(args));
      warm.add(signature);
      return result;
    }
    const known = graphs.find(signature);
    const setting = known?.changedSetting();
    if (setting !== undefined) {
      // Eagerly once: the optimizer may have to make variables for weights that move again.
      graphs.forget(signature, setting, true);
      earlier.forget();
      if (often.noteChange())
        onNotice(
          `compile: "${fn.name || 'a function'}" runs eagerly for a while each time that something changes, which is often: ${setting}. Pass what changes as an argument, or keep it where the function doesn't look`,
        );
      return wholeOrNot(args);
    }
    const invalid = known?.whyInvalid();
    if (invalid !== undefined) graphs.forget(signature, invalid);
    if (!known || invalid !== undefined || graphs.isUnchecked(signature))
      return often.isWaiting() ? wholeOrNot(args) : traceNow(signature, args);
    often.noteRun();
    nodes = known.nodes;
    made.delete(signature);
    try {
      return known.run(fedOf(args));
    } catch (error) {
      // The graph could not be loaded.
      if (error instanceof TraceError) throw error;
      if (error instanceof OtherLength) return insteadOfGraph(error, args);
      const told = withLine(error, () => eagerly(args));
      if (told !== error) throw told;
      return insteadOfGraph(error, args);
    }
  };
  const dispose = (): void => {
    graphs.dispose();
    nodes = [];
    earlier.forget();
    saidChanged = false;
  };
  forgotten.register(call, graphs);
  // A graph's results are put together in the form of what fn returned: an R.
  return Object.defineProperties(Object.assign(call, { dispose }), {
    traces: { get: () => graphs.history.length },
    history: { get: () => [...graphs.history] },
    nodes: { get: () => nodes },
    isDisposed: { get: () => graphs.isEmpty },
  }) as unknown as CompiledFunction<A, R>;
}
