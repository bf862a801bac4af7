import * as tf from '@tensorflow/tfjs-node';
import { statelessNormal, statelessUniform } from '../random/philox';
import { streamOf, type DrawStream } from '../random/streams';
import { nativeMembers } from '../tensorflow/private-members';
import { onFailure } from './all-or-nothing';
import { nativeOp } from './native';
import { activeRecorder } from './recorder';

/** Options of random tensors. */
export interface RandomOptions {
  /**
   * The same seed gives the same sequence of draws in a new process and in each compiled function (default 0: what
   * `seed` of layerwise/random says, another one for each function).
   */
  readonly seed?: number;
}

/** Who draws, and with which seed of its own, if any. */
export interface Drawer {
  readonly owner: object;
  readonly seed?: number;
}

/** What draws outside of compiled functions. */
const OUTSIDE = {};
let running: object = OUTSIDE;
const drawers = new WeakMap<object, Map<number, Drawer>>();

/** Runs `work`; what it draws without a layer belongs to this function. */
export function drawingFor<T>(owner: object, work: () => T): T {
  const before = running;
  running = owner;
  try {
    return work();
  } finally {
    running = before;
  }
}

/** Whoever draws with this seed in the function that is running: the same one each time. */
function drawerOf({ seed = 0 }: RandomOptions): Drawer {
  const known = drawers.get(running) ?? new Map<number, Drawer>();
  drawers.set(running, known);
  const drawer = known.get(seed) ?? { owner: {}, ...(seed !== 0 && { seed }) };
  known.set(seed, drawer);
  return drawer;
}

const OPERATIONS = {
  uniform: { stateless: 'StatelessRandomUniform', stateful: 'RandomUniform', plain: statelessUniform },
  normal: { stateless: 'StatelessRandomNormal', stateful: 'RandomStandardNormal', plain: statelessNormal },
} as const;

/** Numbers of this shape: a function of who draws, the seed, and how often it has drawn before. */
export function draw(kind: keyof typeof OPERATIONS, shape: readonly number[], { owner, seed }: Drawer): tf.Tensor {
  const { stateless, stateful, plain } = OPERATIONS[kind];
  const stream = (): DrawStream => streamOf(owner, seed);
  const recorder = activeRecorder();
  if (!nativeMembers.find(tf.backend())) return tf.tensor(plain(sizeOf(shape), stream().next()), [...shape], 'float32');
  const lengths = tf.tensor1d([...shape], 'int32');
  try {
    if (recorder?.isPortable === true) {
      // Other programs feed no seeds: there TensorFlow keeps count itself.
      const kept = { seed: { int: seed ?? 0 }, seed2: { int: seed ?? 0 } };
      return nativeOp(stateful, [lengths], { dtype: { dtype: 'float32' }, T: { dtype: 'int32' }, ...kept })[0];
    }
    const back = (): void => stream().back();
    const read = (): Int32Array => Int32Array.from(stream().next());
    onFailure(back);
    const seeds = recorder ? recorder.changing({ of: owner, read, back }) : tf.tensor1d(read(), 'int32');
    const types = { dtype: { dtype: 'float32' }, T: { dtype: 'int32' }, Tseed: { dtype: 'int32' } } as const;
    const [drawn] = nativeOp(stateless, [lengths, seeds], types);
    seeds.dispose();
    return drawn;
  } finally {
    lengths.dispose();
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/**
 * Numbers in [0, 1), fresh at each call: eagerly, in a graph and in a page the same ones, by TensorFlow's stateless
 * generator (`statelessUniform` of layerwise/random).
 */
export const randomUniform = (shape: readonly number[], options: RandomOptions = {}): tf.Tensor =>
  draw('uniform', shape, drawerOf(options));

/**
 * Normal numbers with mean 0 and standard deviation 1, fresh at each call: eagerly, in a graph and in a page the same
 * ones, by TensorFlow's stateless generator (`statelessNormal` of layerwise/random).
 */
export const randomNormal = (shape: readonly number[], options: RandomOptions = {}): tf.Tensor =>
  draw('normal', shape, drawerOf(options));

/** What dropout may be told beside its rate. */
export interface DropoutOptions extends RandomOptions {
  /**
   * Shape of the choice, stretched over the values: [8, 1, 3] drops whole channels of [8, 50, 3] (default: that of the
   * values).
   */
  readonly noiseShape?: readonly number[];
}

/**
 * Sets a random part of the values to 0 and divides the rest by 1 − rate (Srivastava et al., 2014), with a fresh choice
 * at each call.
 *
 * @param rate part that is dropped, from 0 to below 1.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, options: DropoutOptions = {}): T {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout: expected a rate from 0 to below 1, got ${rate}`);
  return dropBy(drawerOf(options), x, rate, options.noiseShape);
}

/** Dropout as somebody draws it. */
export const dropBy = <T extends tf.Tensor>(
  drawer: Drawer,
  x: T,
  rate: number,
  noiseShape: readonly number[] = x.shape,
): T =>
  tf.tidy(() =>
    x.mul<T>(
      draw('uniform', noiseShape, drawer)
        .greaterEqual(rate)
        .toFloat()
        .div(1 - rate),
    ),
  );
