// Networks from scratch: activations, losses, initializers, one neuron, many layers.
export { activations, hardmax, leakyRelu, logSumExp, logit, sigmoid, softmax, type Activation } from './activations';
export {
  binaryCrossEntropy,
  binaryCrossEntropyFromLogits,
  categoricalCrossEntropy,
  categoricalCrossEntropyFromLogits,
  meanSquaredError,
} from './losses';
export { initialWeights, type Initializer } from './initializers';
export { columnSums, matMul, transpose } from './matrix';
export {
  decide,
  fitAdaline,
  fitPerceptron,
  type LinearUnit,
  type LinearUnitFit,
  type LinearUnitOptions,
} from './linear-units';
export {
  fitLogistic,
  fitLogisticLoop,
  predictClasses,
  predictProbabilities,
  type LogisticModel,
  type LogisticOptions,
} from './logistic-regression';
export { NeuralNetwork, type Layer, type NeuralNetworkOptions, type Output, type TrainOptions } from './neural-network';
export { type Rows } from './check';
