// What `import` in cells finds. A part is evaluated when it is first imported: those that need TensorFlow find it then.
import { SESSION, slotOf } from '../../../kernel/slots';
import { PART } from '../../modules';
import { define } from './scope';

/** The bundler's: evaluates a module of the bundle. */
declare const require: (name: string) => unknown;

const makers = new Map<string, () => unknown>([
  ['layerwise/autodiff', () => require('../../../../parts/autodiff')],
  ['layerwise/data', () => require('../../../../parts/data')],
  ['layerwise/display', () => require('../../../../parts/display')],
  ['layerwise/experiments', () => require('../../../../parts/experiments')],
  ['layerwise/graph', () => require('../../../../parts/graph')],
  ['layerwise/memory', () => require('../../../../parts/memory')],
  ['layerwise/metrics', () => require('../../../../parts/metrics')],
  ['layerwise/nn', () => require('../../../../parts/nn')],
  ['layerwise/plot', () => require('../../../../parts/plot')],
  ['layerwise/random', () => require('../../../../parts/random')],
  ['layerwise/train', () => require('../../../../parts/train')],
]);

/** Makes a package known to cells. */
export const addModule = (name: string, module: unknown): void => void makers.set(name, () => module);

function load(name: unknown): unknown {
  const make = makers.get(String(name));
  if (!make) throw new Error(`${name} is not part of this page; it has ${[...makers.keys()].sort().join(', ')}`);
  return make();
}

/** Binds names of a cell to what a module exports: `default`, `*` for all of it, or a name. */
function bind(from: string, bindings: readonly (readonly [string, string])[]): void {
  const module = load(from);
  for (const [own, name] of bindings) define(slotOf(own), name === '*' ? module : Reflect.get(Object(module), name));
}

/** Offers cells their imports. */
export function connectImports(): void {
  define(SESSION.import, bind);
  define(SESSION.importLater, async (name: unknown) => load(name));
  define(PART, (part: string) =>
    part === 'tensorflow' ? require('../../../../parts/tensorflow') : load(`layerwise/${part}`),
  );
}
