// Which changes of layers and optimizers a graph notices, and which ones concern it not.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, describe, expect, it } from 'vitest';
import { compile } from '../../../src/parts/graph';
import { Settings } from '../../../src/parts/graph/settings';

afterEach(() => tf.disposeVariables());

class Plain {
  rate = 0.5;
  name = 'p';
  flag: boolean | undefined = true;
  _private = 1;
  _refCount = 1;
  _built = false;
  _stateful = false;
  _numConstants = 1;
  _trainable = false;
  _cache = new Map();
  _work = (): number => 1;
  cache_ = new Map();
  inputSpec = [1];
  stateSpec = [1];
  flags = [true, false];
  gaps = [null, true];
  steps = [(): number => 1];
  call = (): number => 1;
  dropoutFunc = (): number => 1;
  held: unknown = null;
  list: number[] = [1];
  nested = { mode: 'valid', pads: [[0], [1]], none: undefined };
  table = new Array<number>(101).fill(0);
}
const holds = (settings: Settings): boolean => settings.change() === undefined;
const watching = (owner: object, without?: readonly string[]): Settings => {
  const settings = new Settings();
  settings.watch(owner, without);
  expect(settings.close()).toEqual([]);
  return settings;
};

describe('Settings', () => {
  it.each<[string, (owner: Plain) => void, boolean]>([
    ['nothing', () => undefined, true],
    ['a number', (owner) => (owner.rate = 0.25), false],
    ['a text', (owner) => (owner.name = 'q'), false],
    ['a flag', (owner) => (owner.flag = undefined), false],
    ['a list by another one', (owner) => (owner.list = [1]), false],
    ['a list in place', (owner) => (owner.list[0] = 2), false],
    ['a list in place, by a longer one', (owner) => owner.list.push(2), false],
    ['a list of lists in place', (owner) => (owner.nested.pads[1][0] = 5), false],
    ['a text in a record', (owner) => (owner.nested.mode = 'same'), false],
    ['a record by what has no value', (owner) => Reflect.deleteProperty(owner.nested, 'mode'), false],
    ['a list in place by the same number', (owner) => (owner.list[0] = 1), true],
    ['a list in place by a thing, of which nothing is known', (owner) => Reflect.set(owner.list, 0, new Map()), true], // prettier-ignore
    ['a number in a list by a list of nothing', (owner) => Reflect.set(owner.list, 0, []), false],
    ['a text in a record by no value', (owner) => Reflect.set(owner.nested, 'mode', undefined), false],
    ['a text in a record by null', (owner) => Reflect.set(owner.nested, 'mode', null), false],
    ['a flag in a list in place', (owner) => (owner.flags[1] = true), false],
    ['a flag beside null in a list in place', (owner) => (owner.gaps[1] = false), false],
    ['a function in a list in place', (owner) => (owner.steps[0] = () => 2), false],
    ['a list of many numbers in place', (owner) => (owner.table[0] = 1), true],
    ['a number by NaN', (owner) => (owner.rate = NaN), false],
    ['a member whose name begins with _', (owner) => (owner._private = 2), false],
    ['what the library counts for itself', (owner) => Reflect.set(owner, '_refCount', 2), true],
    ['whether the library has built it', (owner) => Reflect.set(owner, '_built', true), true],
    ['whether the library keeps a state', (owner) => Reflect.set(owner, '_stateful', true), true],
    ['how many constants the library counts', (owner) => Reflect.set(owner, '_numConstants', 2), true],
    ['whether it is trained, which its variables tell', (owner) => Reflect.set(owner, '_trainable', true), true],
    ['a thing that the library keeps', (owner) => (owner._cache = new Map()), true],
    ['a function that the library keeps', (owner) => (owner._work = () => 2), true],
    ['a thing whose name ends with _', (owner) => (owner.cache_ = new Map()), false],
    ['what the library notes of inputs', (owner) => (owner.inputSpec = [2]), true],
    ['what the library notes of states', (owner) => (owner.stateSpec = [2]), true],
    ['a call by another one', (owner) => (owner.call = () => 2), false],
    ['the dropout that we put there', (owner) => (owner.dropoutFunc = () => 2), true],
    ['nothing by a tensor, which a layer keeps', (owner) => (owner.held = tf.scalar(1)), true],
    ['nothing by a list of tensors', (owner) => (owner.held = [tf.scalar(1), tf.scalar(2)]), true],
    ['nothing by a list in which not all are tensors', (owner) => (owner.held = [tf.scalar(1), 2]), false],
    ['nothing by a record', (owner) => (owner.held = {}), false],
    ['nothing by a text', (owner) => (owner.held = 'mask'), false],
  ])('%s', (_, change, isSame) => {
    tf.tidy(() => {
      const owner = new Plain();
      const settings = watching(owner);
      expect(holds(settings)).toBe(true);
      change(owner);
      expect(holds(settings)).toBe(isSame);
    });
  });

  it('leaves out what it is told to', () => {
    const owner = new Plain();
    const settings = watching(owner, ['rate']);
    owner.rate = 9;
    expect(holds(settings)).toBe(true);
    owner.name = 'r';
    expect(holds(settings)).toBe(false);
  });

  it('knows what activations, regularizers and cells hold, alone or in lists', () => {
    class Inner extends tf.serialization.Serializable {
      static readonly className = 'Inner';
      alpha = 1;
      override getConfig(): tf.serialization.ConfigDict {
        return {};
      }
      override getClassName(): string {
        return 'Inner';
      }
    }
    for (const put of [(inner: Inner): unknown => inner, (inner: Inner): unknown => [1, inner]]) {
      const inner = new Inner();
      const settings = watching({ cell: put(inner) });
      inner.alpha = 2;
      expect(holds(settings)).toBe(false);
    }
  });

  it('does not watch the members of a model, which change with each fit', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const settings = watching(model);
    expect(Reflect.set(model, 'isTraining', !Reflect.get(model, 'isTraining'))).toBe(true);
    model.name = 'another';
    expect(holds(settings)).toBe(true);
    model.dispose();
  });

  it('lets a compiled function follow a list of a layer that is changed in place', () => {
    const layer = tf.layers.zeroPadding2d({ padding: [[1, 1], [0, 0]] }); // prettier-ignore
    const pad = compile((x: tf.Tensor) => [layer.apply(x)].flat()[0] as tf.Tensor);
    const rows = (): (number | undefined)[] =>
      tf.tidy(() => [1, 2, 3, 4].map(() => pad(tf.ones([1, 2, 2, 1])).shape[1]));
    expect(rows()).toEqual([4, 4, 4, 4]);
    const padding: unknown = Reflect.get(layer, 'padding');
    if (!Array.isArray(padding) || !Array.isArray(padding[0])) throw new Error('expected lists');
    padding[0][0] = 2;
    expect(rows()).toEqual([5, 5, 5, 5]);
    expect(pad.history).toEqual(['the first call', 'what is in ZeroPadding2D.padding changed']);
    pad.dispose();
  });

  it('says in which list something changed, and follows no list that the function itself changes', () => {
    const owner = new Plain();
    const settings = watching(owner);
    owner.nested.pads[0][0] = 3;
    expect(settings.change()).toBe('what is in Plain.nested changed');
    const own = new Settings();
    own.watch(owner);
    owner.nested.pads[0][0] = 4;
    expect(own.close()).toEqual(['Plain.nested']);
    owner.nested.pads[0][0] = 5;
    expect(holds(own)).toBe(true);
  });

  it.each<[string, (owner: Plain) => void]>([
    ['Plain.rate changed from 0.5 to 0.25', (owner) => (owner.rate = 0.25)],
    ['Plain.name changed from p to q', (owner) => (owner.name = 'q')],
    ['Plain.flag changed from true to false', (owner) => (owner.flag = false)],
    ['Plain.flag changed', (owner) => (owner.flag = undefined)],
    ['Plain.rate changed', (owner) => Reflect.set(owner, 'rate', [1])],
    ['Plain.list changed', (owner) => Reflect.set(owner, 'list', 1)],
    ['Plain.call changed', (owner) => (owner.call = (): number => 2)],
    [
      'Plain.list changed',
      (owner) => {
        const before = owner.list;
        owner.list = [1];
        before[0] = 7;
      },
    ],
    ['what is in Plain.list changed', (owner) => (owner.list[0] = 7)],
  ])('says: %s', (said, change) => {
    const owner = new Plain();
    const settings = watching(owner);
    change(owner);
    expect(settings.change()).toBe(said);
  });

  it('tells by owners and members whether another one is about the same, whatever their values', () => {
    const of = (...members: [object, string][]): Settings => {
      const settings = new Settings();
      for (const [owner, key] of members) settings.watchOne(owner, key);
      return settings;
    };
    const [one, other] = [new Plain(), new Plain()];
    const settings = of([one, 'rate'], [other, 'name']);
    one.rate = 7;
    expect(settings.isLike(of([one, 'rate'], [other, 'name']))).toBe(true);
    expect(of().isLike(of())).toBe(true);
    for (const unlike of [
      of(),
      of([one, 'rate']),
      of([one, 'rate'], [other, 'name'], [other, 'flag']),
      of([one, 'rate'], [other, 'rate']),
      of([one, 'rate'], [one, 'name']),
      of([other, 'name'], [one, 'rate']),
    ]) {
      expect(settings.isLike(unlike)).toBe(false);
      expect(unlike.isLike(settings)).toBe(false);
    }
  });

  it('looks once into what holds itself', () => {
    class Ring extends tf.serialization.Serializable {
      static readonly className = 'Ring';
      rate = 1;
      readonly me = this;
      override getConfig(): tf.serialization.ConfigDict {
        return {};
      }
    }
    const ring = new Ring();
    const settings = watching({ ring });
    expect(holds(settings)).toBe(true);
    ring.rate = 2;
    expect(settings.change()).toBe('Ring.rate changed from 1 to 2');
  });

  it('watches one member alone where it is asked to', () => {
    const owner = new Plain();
    const settings = new Settings();
    settings.watchOne(owner, 'rate');
    owner.name = 'q';
    expect(holds(settings)).toBe(true);
    owner.rate = 1;
    expect(holds(settings)).toBe(false);
  });

  it('names what the function itself has changed, and follows it no more', () => {
    const owner = new Plain();
    const settings = new Settings();
    settings.watch(owner);
    owner.rate = 1;
    owner.name = 'q';
    expect(settings.close()).toEqual(['Plain.rate', 'Plain.name']);
    owner.rate = 2;
    expect(holds(settings)).toBe(true);
    owner.flag = false;
    expect(holds(settings)).toBe(false);
  });

  it('notes an object once until it ends the noting', () => {
    const owner = new Plain();
    const settings = new Settings();
    settings.watch(owner);
    owner.rate = 1;
    // A second look doesn't take the new value for the old one.
    settings.watch(owner);
    expect(settings.close()).toEqual(['Plain.rate']);
  });
});
