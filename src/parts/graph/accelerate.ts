import * as tf from '@tensorflow/tfjs-node';
import { modelSteps, modelTest, restoreMethods } from '../tensorflow/private-members';
import { compile, type CompiledFunction } from './compile';
import { innerLayers, innermost } from './innermost';
import { FIRST_CALL } from './kept-graphs';
import { emptyOutputs, predictInBatches, type Batch, type BatchFunction } from './predict-batches';
import { isRunningEagerly } from './running-eagerly';
import { TraceError } from './trace-error';

export interface AccelerateOptions {
  /** Told once where a model can't run as a graph and goes on eagerly (default: a warning on the console). */
  readonly onNotice?: (text: string) => void;
}

/** Each set of frozen layers has graphs of its own: those used longest ago go first. */
const MOST_GRAPHS = 16;

/** A model whose steps run as graphs. */
export interface Accelerated {
  /** True where the model runs eagerly after all. */
  readonly isEager: boolean;
  /** How often steps were traced, of the graphs that are kept. */
  readonly traces: number;
  /**
   * Why each graph was made, a sentence each, also of those that are gone: `'train: the first call'`,
   * `'predict: argument 1 has another shape: [3,2] instead of [2,2]'`, `'train: the model was compiled anew'`.
   */
  readonly history: readonly string[];
  /** Frees the graphs and gives the model its own functions back. */
  dispose(): void;
}

/**
 * Lets `fit`, `fitDataset`, `trainOnBatch`, `evaluate`, `predict` and `predictOnBatch` of a compiled model run as
 * TensorFlow graphs: same losses, same metrics, without a trip through JavaScript for each operation.
 * A new batch size or set of frozen layers is traced for itself; learning rates are read at each step; other settings of
 * layers and optimizers are watched, and what was compiled, set or loaded anew counts from the next step on.
 *
 * @param model compiled; it may be compiled again. Accelerated again, it is as if it were so for the first time.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { accelerate } from 'layerwise/graph';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
 * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
 * const graphs = accelerate(model);
 * graphs.dispose();
 */
export function accelerate(model: tf.LayersModel, { onNotice = console.warn }: AccelerateOptions = {}): Accelerated {
  if (!isCompiled(innermost(model))) throw new Error('accelerate: expected a compiled model; call model.compile first');
  accelerated.get(model)?.dispose();
  const made = new AcceleratedModel(model, onNotice);
  accelerated.set(model, made);
  return made;
}

const accelerated = new WeakMap<tf.LayersModel, Accelerated>();

const isCompiled = (model: tf.LayersModel): boolean => 'makeTrainFunction' in model && Boolean(model.optimizer);

interface StepGraph {
  readonly kind: string;
  /** Why there is one more of this kind. */
  readonly why: string;
  readonly run: CompiledFunction<tf.Tensor[], tf.Tensor[]>;
}

const historyOf = ({ kind, why, run: { history } }: StepGraph): string[] =>
  history.map((reason) => `${kind}: ${reason === FIRST_CALL ? why : reason}`);

class AcceleratedModel implements Accelerated {
  private readonly graphs = new Map<string, StepGraph>();
  private readonly past: string[] = [];
  private runsEagerly = false;
  /** Where the model's work is done: a sequential model makes another one inside each time that it is compiled. */
  private target: tf.LayersModel;
  private unhook: () => void;

  constructor(
    private readonly model: tf.LayersModel,
    private readonly onNotice: (text: string) => void,
  ) {
    this.target = innermost(model);
    this.unhook = this.hook();
    const compileModel = model.compile.bind(model);
    model.compile = (args) => {
      this.unhook();
      try {
        compileModel(args);
      } finally {
        this.unhook = this.hook();
      }
    };
  }

  get isEager(): boolean {
    return this.runsEagerly || isRunningEagerly() || innermost(this.model) !== this.target;
  }

  get traces(): number {
    return [...this.graphs.values()].reduce((sum, { run }) => sum + run.traces, 0);
  }

  get history(): readonly string[] {
    return [...this.past, ...[...this.graphs.values()].flatMap(historyOf)];
  }

  dispose(): void {
    if (accelerated.get(this.model) !== this) return;
    accelerated.delete(this.model);
    restoreMethods(this.model, 'compile');
    this.unhook();
  }

  /** Puts graphs in the place of the model's functions. Returns how to undo it. */
  private hook(): () => void {
    const target = (this.target = innermost(this.model));
    this.runsEagerly = false;
    const stateful = this.model.layers.flatMap(innerLayers).find((layer) => layer.stateful);
    if (stateful) this.goEager(`the layer ${stateful.name} keeps its state between batches`);
    const [steps, tests] = [modelSteps.of(target), modelTest.of(target)];
    const { makeTrainFunction, makeTestFunction, predictLoop } = steps;
    steps.makeTrainFunction = () => this.asGraph('train', batchFunction(makeTrainFunction.call(target)));
    steps.makeTestFunction = () => {
      makeTestFunction.call(target);
      tests.testFunction = this.asGraph('test', batchFunction(tests.testFunction));
    };
    tests.testFunction = null;
    const predictBatch = this.asGraph('predict', (data) => {
      const inputs = data.filter((item) => item instanceof tf.Tensor);
      return tensorsIn(predictLoop.call(target, inputs, inputs[0].shape[0]));
    });
    steps.predictLoop = (given, batchSize = 32) => {
      const inputs = [given].flat();
      const isEmpty = inputs[0].shape[0] === 0;
      const results = isEmpty ? emptyOutputs(target) : predictInBatches(inputs, batchSize, predictBatch);
      return results.length === 1 ? results[0] : results;
    };
    return () => {
      restoreMethods(target, 'makeTrainFunction', 'makeTestFunction', 'predictLoop');
      tests.testFunction = null;
      for (const key of [...this.graphs.keys()]) this.forget(key);
    };
  }

  private goEager(why: string): void {
    this.runsEagerly = true;
    this.onNotice(`accelerate: "${this.model.name}" runs eagerly: ${why}`);
  }

  private asGraph(kind: string, original: BatchFunction): BatchFunction {
    return (data) => {
      if (this.runsEagerly) return original(data);
      const isThere = data.map((item) => item instanceof tf.Tensor);
      const weights = this.target.trainableWeights.map(({ id }) => id).join(',');
      const graph = this.graphOf(kind, `${weights}/${isThere.map(Number).join('')}`, isThere, original);
      try {
        return graph(...data.filter((item) => item instanceof tf.Tensor));
      } catch (error) {
        if (!(error instanceof TraceError)) throw error;
        this.goEager(error.message);
        return original(data);
      }
    };
  }

  private graphOf(
    kind: string,
    form: string,
    isThere: readonly boolean[],
    original: BatchFunction,
  ): CompiledFunction<tf.Tensor[], tf.Tensor[]> {
    const { graphs, onNotice } = this;
    const key = `${kind}/${form}`;
    const graph = graphs.get(key) ?? {
      kind,
      why: this.reasonFor(kind),
      run: compile(
        named(`${kind} of ${this.model.name}`, (...given: tf.Tensor[]) => original(restoreGaps(isThere, given))),
        { onNotice },
      ),
    };
    graphs.delete(key);
    graphs.set(key, graph);
    const [oldest] = graphs.keys();
    if (graphs.size > MOST_GRAPHS) this.forget(oldest);
    return graph.run;
  }

  private reasonFor(kind: string): string {
    if ([...this.graphs.values()].some((graph) => graph.kind === kind))
      return 'other weights move, or other data are given';
    return this.past.some((line) => line.startsWith(`${kind}: `)) ? 'the model was compiled anew' : FIRST_CALL;
  }

  private forget(key: string): void {
    const graph = this.graphs.get(key);
    if (!graph) return;
    this.past.push(...historyOf(graph));
    graph.run.dispose();
    this.graphs.delete(key);
  }
}

/** A function as notices call it. */
const named = <F extends (...args: never[]) => unknown>(name: string, fn: F): F =>
  Object.defineProperty(fn, 'name', { value: name });

function batchFunction(make: ReturnType<typeof modelTest.of>['testFunction']): BatchFunction {
  if (!make) throw new Error('accelerate: expected a function of a batch; this version of TensorFlow.js makes none');
  return (data) => tensorsIn(make(data));
}

function tensorsIn(made: unknown): tf.Tensor[] {
  const list: unknown[] = [made].flat();
  const tensors = list.filter((item): item is tf.Tensor => item instanceof tf.Tensor);
  if (tensors.length < list.length)
    throw new Error('accelerate: expected tensors from a step; this version of TensorFlow.js makes something else');
  return tensors;
}

/** The data with its missing sample weights in their places again. */
function restoreGaps(isThere: readonly boolean[], given: readonly tf.Tensor[]): Batch {
  const rest = [...given];
  return isThere.map((there) => (there ? rest.shift() : undefined));
}
