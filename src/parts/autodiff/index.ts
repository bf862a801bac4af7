// Derivatives: a scalar reverse-mode autodiff, differences to check it with, pictures of what was computed.
export { Value } from './value';
export {
  checkGradient,
  numericDerivative,
  numericGradient,
  type GradientCheck,
  type StepOptions,
} from './numeric-gradient';
export { computationGraph } from './computation-graph';
