import * as tf from '@tensorflow/tfjs-node';
import { activeRecorder } from './recorder';

let isDone = false;

/** While a function is traced, the settings of each layer that it applies are watched. */
export function watchLayers(): void {
  if (isDone) return;
  isDone = true;
  const { prototype } = tf.layers.Layer;
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { apply } = prototype;
  prototype.apply = function (this: tf.layers.Layer, ...args): ReturnType<typeof apply> {
    activeRecorder()?.settings.watch(this);
    return apply.apply(this, args);
  };
}
