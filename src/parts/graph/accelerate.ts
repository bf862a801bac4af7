import * as tf from '@tensorflow/tfjs-node';
import { frozenRate, modelSteps, modelTest, restoreMethods } from '../tensorflow/private-members';
import { compile, type CompiledFunction } from './compile';
import { innermost } from './innermost';
import { innerLayers, withNativeLayers } from './native-layers';
import { readsRateEachTime } from './native-optimizers';
import { TraceError } from './trace-error';

type Batch = readonly (tf.Tensor | null | undefined)[];
type BatchFunction = (data: Batch) => tf.Tensor[];

export interface AccelerateOptions {
  /** Told once where a model can't run as a graph and goes on eagerly (default: a warning on the console). */
  readonly onNotice?: (text: string) => void;
}

/** A schedule of an optimizer that freezes its rate makes a graph for each rate: those used longest ago go first. */
const MOST_GRAPHS = 16;

/** A model whose steps run as graphs. */
export interface Accelerated {
  /** True where the model runs eagerly after all. */
  readonly isEager: boolean;
  /** How often steps were traced, of the graphs that are kept. */
  readonly traces: number;
  /** Frees the graphs and gives the model its own functions back. */
  dispose(): void;
}

/**
 * Lets `fit`, `fitDataset`, `trainOnBatch`, `evaluate`, `predict` and `predictOnBatch` of a compiled model run as
 * TensorFlow graphs: same losses, same metrics, without a trip through JavaScript for each operation.
 * A new batch size or set of frozen layers is traced for itself; a new learning rate is read from the same graph,
 * except by Adagrad, Adadelta, Adamax and centered RMSprop. Dropout draws with TensorFlow's own random numbers, so its
 * masks differ from the eager ones.
 *
 * @param model compiled; call it again after `compile`.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { accelerate } from 'layerwise/graph';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
 * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
 * const graphs = accelerate(model);
 * graphs.dispose();
 */
export function accelerate(model: tf.LayersModel, { onNotice = console.warn }: AccelerateOptions = {}): Accelerated {
  const target = innermost(model);
  if (!('makeTrainFunction' in target) || target.optimizer === undefined)
    throw new Error('accelerate: expected a compiled model; call model.compile first');
  const graphs = new Map<string, CompiledFunction<tf.Tensor[], tf.Tensor[]>>();
  const restore = withNativeLayers(model.layers);
  let isEager = false;
  const goEager = (why: string): void => {
    isEager = true;
    onNotice(`accelerate: "${model.name}" runs eagerly: ${why}`);
  };
  const stateful = model.layers.flatMap(innerLayers).find((layer) => layer.stateful);
  if (stateful) goEager(`the layer ${stateful.name} keeps its state between batches`);

  const asGraph =
    (kind: string, original: BatchFunction): BatchFunction =>
    (data) => {
      if (isEager) return original(data);
      const tensors = data.filter((item) => item instanceof tf.Tensor);
      const isThere = data.map((item) => item instanceof tf.Tensor);
      const key = [
        kind,
        frozenRateOf(target.optimizer),
        target.trainableWeights.map(({ id }) => id).join(','),
        isThere.map(Number).join(''),
      ].join('/');
      const graph =
        graphs.get(key) ?? compile((...given: tf.Tensor[]) => original(restoreGaps(isThere, given)), { onNotice });
      graphs.delete(key);
      graphs.set(key, graph);
      const [oldest] = graphs.keys();
      if (graphs.size > MOST_GRAPHS) {
        graphs.get(oldest)?.dispose();
        graphs.delete(oldest);
      }
      try {
        return graph(...tensors);
      } catch (error) {
        if (!(error instanceof TraceError)) throw error;
        goEager(error.message);
        return original(data);
      }
    };

  const [steps, tests] = [modelSteps.of(target), modelTest.of(target)];
  const { makeTrainFunction, makeTestFunction, predictLoop } = steps;
  steps.makeTrainFunction = () => asGraph('train', batchFunction(makeTrainFunction.call(target)));
  steps.makeTestFunction = () => {
    makeTestFunction.call(target);
    tests.testFunction = asGraph('test', batchFunction(tests.testFunction));
  };
  const predictBatch = asGraph('predict', (data) => {
    const inputs = data.filter((item) => item instanceof tf.Tensor);
    return tensorsIn(predictLoop.call(target, inputs, inputs[0].shape[0]));
  });
  steps.predictLoop = (given, batchSize = 32) => {
    const inputs = [given].flat();
    const results = inputs[0].shape[0] === 0 ? emptyOutputs(target) : predictInBatches(inputs, batchSize, predictBatch);
    return results.length === 1 ? results[0] : results;
  };
  return {
    get isEager() {
      return isEager;
    },
    get traces() {
      return [...graphs.values()].reduce((sum, graph) => sum + graph.traces, 0);
    },
    dispose() {
      restoreMethods(target, 'makeTrainFunction', 'makeTestFunction', 'predictLoop');
      tests.testFunction = null;
      restore();
      for (const graph of graphs.values()) graph.dispose();
      graphs.clear();
    },
  };
}

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

/** What is predicted for no rows. */
function emptyOutputs({ outputs }: tf.LayersModel): tf.Tensor[] {
  const open = outputs.find(({ shape }) => shape.slice(1).includes(null));
  if (open)
    throw new RangeError(
      `predict: expected at least one row, got none; the output ${open.name} [${open.shape.map((length) => length ?? '?')}] has other open lengths than the batch, which only rows tell`,
    );
  return outputs.map(({ shape, dtype }) => tf.zeros([0, ...shape.slice(1).map(Number)], dtype));
}

/** Predicts batch after batch; the last one may be smaller. */
function predictInBatches(inputs: readonly tf.Tensor[], batchSize: number, predict: BatchFunction): tf.Tensor[] {
  const count = inputs[0].shape[0] ?? 0;
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`accelerate: expected a batch size of at least 1, got ${batchSize}`);
  return tf.tidy(() => {
    const starts = Array.from({ length: Math.ceil(count / batchSize) }, (_, i) => i * batchSize);
    const batches = starts.map((start) =>
      predict(starts.length === 1 ? inputs : inputs.map((x) => x.slice(start, Math.min(batchSize, count - start)))),
    );
    return batches[0].map((first, i) =>
      batches.length === 1
        ? first
        : tf.concat(
            batches.map((outputs) => outputs[i]),
            0,
          ),
    );
  });
}

/** The data with its missing sample weights in their places again. */
function restoreGaps(isThere: readonly boolean[], given: readonly tf.Tensor[]): Batch {
  const rest = [...given];
  return isThere.map((there) => (there ? rest.shift() : undefined));
}

/** A rate that a graph holds as it was; empty where graphs read it each time. */
function frozenRateOf(optimizer: tf.Optimizer): string {
  return readsRateEachTime(optimizer) ? '' : String(frozenRate(optimizer));
}
