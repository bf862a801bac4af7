import * as tf from '@tensorflow/tfjs-node';
import { activeRecorder } from './recorder';
import { innerLayers } from './innermost';
import { refuseState } from './refusals';
import { notingNames } from './session-names';
import type { Settings } from './settings';

let isDone = false;
/** Of eager calls that run, one in another: what they find as it is. */
const noting = new Set<Settings>();

/** While a function is traced, the settings of each layer that it applies are watched; one that keeps state is refused. */
export function watchLayers(): void {
  if (isDone) return;
  isDone = true;
  const { prototype } = tf.layers.Layer;
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { apply } = prototype;
  prototype.apply = function (this: tf.layers.Layer, ...args): ReturnType<typeof apply> {
    const recorder = activeRecorder();
    if (recorder) for (const layer of innerLayers(this)) refuseState(layer);
    recorder?.settings.watch(this);
    noteSettings(this);
    return apply.apply(this, args);
  };
}

/** Notes the settings of the layers and optimizers that `work` uses eagerly, and a notebook's names that it reads. */
export function notingSettings<T>(settings: Settings, work: () => T): T {
  noting.add(settings);
  try {
    return notingNames(settings.names, work);
  } finally {
    noting.delete(settings);
  }
}

/** Notes what a layer or an optimizer is set to, for the eager calls that run. */
export function noteSettings(owner: object, without: readonly string[] = []): void {
  for (const settings of noting) settings.watch(owner, without);
}
