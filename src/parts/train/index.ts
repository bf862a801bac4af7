// From a data set to a trained model and its numbers: tensors, fit, evaluate, predict.
export { imageTensors, tableTensors, type ImageTensorOptions } from './tensors';
export { fit, type CurveOptions, type FitOptions, type History } from './fit';
export { evaluate, type Scores } from './evaluate';
export { predict } from './predict';
