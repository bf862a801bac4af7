// Functions of tensors as TensorFlow graphs: traced once, run without a trip through JavaScript for each operation.
import './plain-losses';
export { accelerate, type Accelerated, type AccelerateOptions } from './accelerate';
export { attention, attentionWithWeights, type AttentionOptions } from './attention';
export { categorical } from './categorical';
export { compile, type Compiled, type CompiledFunction, type CompileOptions } from './compile';
export { ctcLoss, type CtcOptions } from './ctc';
export { exportSavedModel, type ExportInput, type ExportOptions } from './export';
export { layerNorm, softmaxCrossEntropy } from './fused';
export { type GraphNode } from './graph-node';
export { dropout, randomNormal, randomUniform, type DropoutOptions, type RandomOptions } from './random-ops';
export { nativeVersion } from '../tensorflow/private-members';
export { checkNumerics, runEagerly } from './running-eagerly';
export { scan, type ScanOptions, type ScanStep } from './scan';
export { stopGradient } from './stop-gradient';
export { TraceError } from './trace-error';
export { type Argument, type Result, type Structure } from './structure';
