import { forgetTraining, stopTraining } from '../../parts/tensorflow/private-members';
import { Interrupted } from './interrupted';

interface Training {
  readonly model: object;
  readonly over: Promise<unknown>;
  isStopped: boolean;
}

const LAYERS = /[/\\]@tensorflow[/\\]tfjs-layers[/\\]/;
const METHODS = ['fit', 'fitDataset'] as const;

/**
 * The trainings of tfjs models that run, so that an interrupt ends them after their batch and the model can be trained
 * again.
 */
export class Trainings {
  private readonly running = new Set<Training>();
  private readonly watched = new WeakSet<object>();
  private seen = 0;

  /** Watches the models of tfjs as soon as it is among the loaded modules. */
  watch(loaded: NodeJS.Dict<NodeJS.Module>): void {
    const files = Object.keys(loaded);
    if (files.length === this.seen) return;
    this.seen = files.length;
    for (const file of files) if (LAYERS.test(file)) this.watchModels(loaded[file]?.exports);
  }

  private watchModels(exported: unknown): void {
    const Model: unknown =
      typeof exported === 'object' && exported !== null && 'LayersModel' in exported ? exported.LayersModel : undefined;
    if (typeof Model !== 'function' || this.watched.has(Model)) return;
    this.watched.add(Model);
    const prototype: unknown = Model.prototype;
    if (typeof prototype !== 'object' || prototype === null) return;
    const follow = (model: object, training: unknown): unknown =>
      training instanceof Promise ? this.follow(model, training) : training;
    for (const name of METHODS) {
      const original: unknown = Reflect.get(prototype, name);
      if (typeof original !== 'function') continue;
      const followed = function (this: object, ...words: unknown[]): unknown {
        return follow(this, Reflect.apply(original, this, words));
      };
      Object.defineProperty(prototype, name, { value: followed, configurable: true, writable: true });
    }
  }

  private follow(model: object, over: Promise<unknown>): Promise<unknown> {
    const training: Training = { model, over, isStopped: false };
    this.running.add(training);
    return over
      .finally(() => this.running.delete(training))
      .then((history) => {
        if (training.isStopped) throw new Interrupted();
        return history;
      });
  }

  /** Asks all trainings to end; settles when they have. Undefined where there is none. */
  stop(): Promise<void> | undefined {
    const running = [...this.running];
    if (running.length === 0) return undefined;
    for (const training of running) {
      training.isStopped = true;
      stopTraining(training.model);
    }
    return Promise.allSettled(running.map(({ over }) => over)).then(() => undefined);
  }

  /** A signal has ended what ran: what was training can be trained again. */
  abandon(): void {
    for (const { model } of this.running) forgetTraining(model);
    this.running.clear();
  }
}
