import type * as tfjs from '@tensorflow/tfjs-node';
import { node } from '../files';

type TensorFlow = typeof tfjs;
const PACKAGE = '@tensorflow/tfjs-node';

let given: TensorFlow | undefined;

/** Takes the place of the package for Node: in a page. */
export function provideTensorFlow(tf: TensorFlow): void {
  given = tf;
}

/** TensorFlow.js, for parts that need it only now and then; loads it where nothing has. */
export function tensorFlow(): TensorFlow {
  if (given) return given;
  const loaded: unknown = node('module').createRequire(__filename)(PACKAGE);
  if (!isTensorFlow(loaded)) throw new Error(`expected ${PACKAGE} with tidy and engine; run npm run doctor`);
  return (given = loaded);
}

const isTensorFlow = (value: unknown): value is TensorFlow =>
  typeof value === 'object' && value !== null && 'tidy' in value && 'engine' in value;
