import type * as tfjs from '@tensorflow/tfjs-node';
import { provideContent } from '../../../../parts/content';
import { isTensor, tensorLine } from '../../../../parts/display/tensor';
import { files, filesInMemory, provideFiles } from '../../../../parts/files';
import { provideTensorFlow } from '../../../../parts/tensorflow';
import { addModule } from './modules';

/** What the pack of data holds. */
export interface DataPack {
  /** Contents of data files by name: texts, and others as base64. */
  readonly texts: Readonly<Record<string, string>>;
  readonly binaries: Readonly<Record<string, string>>;
  /** Tables of results by chapter. */
  readonly results: Readonly<Record<string, unknown>>;
}

/** What a pack may do when it comes into the worker: the parts lie in the runtime, and must be there once. */
export interface Door {
  addData(data: DataPack): void;
  addTensorFlow(tf: typeof tfjs): void;
  /**
   * A data file that the page was packed with, by its path from a notebook.
   *
   * @throws Error with the code `ENOENT` where there is no such file.
   */
  read(file: string): Uint8Array;
  /** Makes a package known to cells. */
  addModule(name: string, module: unknown): void;
}

/** A pack: what its script leaves under `layerwisePack`. */
export interface Pack {
  /** @returns a line that says what is missing, where something is. */
  install(door: Door): void | string | Promise<void | string>;
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

export const door: Door = {
  addModule,
  addData({ texts, binaries, results }) {
    const encoder = new TextEncoder();
    const bytes = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    provideFiles(
      filesInMemory({
        ...mapValues(texts, (text) => encoder.encode(text)),
        ...mapValues(binaries, bytes),
      }),
    );
    provideContent({
      chapters: Object.keys(results),
      read: (chapter, what) => (what === 'results' ? results[chapter] : undefined),
    });
  },
  read: (file) => files().read(file.replace(/^(?:\.{1,2}\/)+/, '')),
  addTensorFlow(tf) {
    provideTensorFlow(tf);
    addModule('@tensorflow/tfjs-node', tf);
    // Tensors among other values are printed with shape and values, as the kernel does.
    Object.defineProperty(tf.Tensor.prototype, INSPECT, {
      value(this: unknown) {
        return isTensor(this) ? tensorLine(this) : this;
      },
      configurable: true,
      enumerable: false,
    });
  },
};

const mapValues = <T, U>(values: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
