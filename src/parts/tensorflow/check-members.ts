import type * as tfjs from '@tensorflow/tfjs-node';
import { missingMember, type Members } from './members';
import * as engine from './engine-members';
import * as known from './private-members';

type Tf = typeof tfjs;
type Sample = readonly [Members, object];

/** Names of our own: the learner's layers are numbered as if there had been no others. */
const named = (what: string): { name: string } => ({ name: `layerwise_check_${what}` });
const zeros = { kernelInitializer: 'zeros', recurrentInitializer: 'zeros' } as const;

/**
 * Looks for each private member that the course uses, in objects of TensorFlow.js that are freed again.
 *
 * @throws Error that names the first one which is missing or of another kind.
 */
export function checkPrivateMembers(tf: Tf): void {
  const before = new Set(Object.values(tf.engine().registeredVariables));
  tf.tidy(() => {
    try {
      for (const sample of [models, optimizers, layers, tape, backend].flatMap((make) => make(tf))) checkSample(sample);
    } finally {
      for (const variable of Object.values(tf.engine().registeredVariables))
        if (!before.has(variable)) variable.dispose();
    }
  });
}

function checkSample([{ owner, kinds }, holder]: Sample): void {
  for (const [member, isOfKind] of Object.entries(kinds)) {
    const found: unknown = Reflect.get(holder, member);
    if (!(member in holder) || !isOfKind(found)) throw missingMember(owner, member, found);
  }
}

function models(tf: Tf): Sample[] {
  const dense = tf.layers.dense({ ...named('dense'), units: 1, inputShape: [1], kernelInitializer: 'zeros' });
  const sequential = tf.sequential({ ...named('sequential'), layers: [dense] });
  sequential.build();
  const model = known.sequentialModel.of(sequential).model ?? sequential;
  known.modelSteps.of(model).makeTestFunction();
  return [
    [known.sequentialModel, sequential],
    [known.modelSteps, model],
    [known.modelTest, model],
  ];
}

function optimizers(tf: Tf): Sample[] {
  const [adam, rmsProp, momentum] = [tf.train.adam(), tf.train.rmsprop(0.1), tf.train.momentum(0.1, 0.9)];
  const weight = tf.variable(tf.scalar(0), true, named('weight').name);
  momentum.applyGradients([{ name: weight.name, tensor: tf.scalar(0) }]);
  // Its own dispose forgets the tensor of its learning rate, which outlives a scope.
  tf.SGDOptimizer.prototype.dispose.call(momentum);
  const [slot] = known.momentumMembers.of(momentum).accumulations;
  return [
    [known.stepCounter, momentum],
    [known.learningRate, momentum],
    [known.adamMembers, adam],
    [known.rmsPropMembers, rmsProp],
    [known.momentumMembers, momentum],
    [known.adagradMembers, tf.train.adagrad(0.1)],
    [known.adadeltaMembers, tf.train.adadelta()],
    [known.adamaxMembers, tf.train.adamax()],
    [known.optimizerSlot, Object(slot) as object],
  ];
}

function layers(tf: Tf): Sample[] {
  const rate = 0.5;
  const [lstm, gru] = [
    tf.layers.lstm({ ...named('lstm'), ...zeros, units: 1 }),
    tf.layers.gru({ ...named('gru'), ...zeros, units: 1 }),
  ];
  const [batchNorm, layerNorm] = [
    tf.layers.batchNormalization(named('batch_norm')),
    tf.layers.layerNormalization(named('layer_norm')),
  ];
  for (const layer of [lstm, gru]) layer.build([1, 1, 1]);
  for (const layer of [batchNorm, layerNorm]) layer.build([1, 1]);
  const cells = [lstm, gru].map((layer) => known.recurrentLayer.of(layer).cell);
  return [
    [known.callHook, lstm],
    [known.dropoutMembers, tf.layers.dropout({ ...named('dropout'), rate })],
    [known.dropoutMembers, tf.layers.spatialDropout1d({ ...named('spatial_dropout'), rate })],
    [known.dropoutRate, tf.layers.gaussianDropout({ ...named('gaussian_dropout'), rate })],
    [known.alphaDropoutMembers, tf.layers.alphaDropout({ ...named('alpha_dropout'), rate })],
    [known.gaussianNoise, tf.layers.gaussianNoise({ ...named('gaussian_noise'), stddev: 1 })],
    [known.reluMembers, tf.layers.reLU({ ...named('relu'), maxValue: 6 })],
    [known.batchNormalization, batchNorm],
    [known.layerNormalization, layerNorm],
    ...cells.flatMap((cell): Sample[] => [
      [known.recurrentCell, cell],
      [known.cellDropout, cell],
    ]),
    [known.recurrentLayer, lstm],
    [known.recurrentLayer, gru],
    [known.wrappedLayer, tf.layers.timeDistributed({ ...named('time_distributed'), layer: gru })],
    [known.wrappedLayers, tf.layers.bidirectional({ ...named('bidirectional'), layer: lstm })],
  ];
}

const tape = (tf: Tf): Sample[] => [
  [known.tapeWriter, tf.engine()],
  [engine.gradientTaker, tf.engine()],
  [engine.tensorState, tf.scalar(0)],
];

/** The native library is there where its back end is in use. */
const backend = (tf: Tf): Sample[] => (tf.getBackend() === 'tensorflow' ? [[known.nativeMembers, tf.backend()]] : []);
