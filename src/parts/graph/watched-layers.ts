import * as tf from '@tensorflow/tfjs-node';
import { activeRecorder } from './recorder';
import { keepsState } from './refusals';
import type { Settings } from './settings';

let isDone = false;
let noting: Settings | undefined;

/** While a function is traced, the settings of each layer that it applies are watched; one that keeps state is refused. */
export function watchLayers(): void {
  if (isDone) return;
  isDone = true;
  const { prototype } = tf.layers.Layer;
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { apply } = prototype;
  prototype.apply = function (this: tf.layers.Layer, ...args): ReturnType<typeof apply> {
    const recorder = activeRecorder();
    if (recorder && this.stateful) throw keepsState(this.name);
    (recorder?.settings ?? noting)?.watch(this);
    return apply.apply(this, args);
  };
}

/** Notes the settings of the layers that `work` applies eagerly. */
export function notingLayers<T>(settings: Settings, work: () => T): T {
  const outer = noting;
  noting = settings;
  try {
    return work();
  } finally {
    noting = outer;
  }
}
