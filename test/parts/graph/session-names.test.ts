import * as tf from '@tensorflow/tfjs-node';
import vm from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { accelerate, compile } from '../../../src/parts/graph';
import { MARK } from '../../../src/parts/graph/cell-mark';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

const declared = new Set<string>();

/** Declares a name, or binds it anew, as the kernel does. */
function declare(name: string, value: unknown): void {
  declared.add(name + MARK);
  Reflect.set(globalThis, name + MARK, value);
}

/** What a cell's code gives, with `_` after each name that cells declare. */
const cell = (code: string): unknown => vm.runInThisContext(`(${code.replace(/(?<=\w)_(?!\w)/g, MARK)})`);

function isFunction<F extends (...args: never[]) => unknown>(value: unknown): asserts value is F {
  if (typeof value !== 'function') throw new TypeError('expected a function');
}

function functionOf(code: string): (...args: tf.Tensor[]) => tf.Tensor {
  const made = cell(code);
  isFunction<(...args: tf.Tensor[]) => tf.Tensor>(made);
  return made;
}

afterEach(() => {
  for (const name of declared) Reflect.deleteProperty(globalThis, name);
  declared.clear();
});

/** Calls the compiled function after each change, four times in a row, and expects what it gives eagerly. */
function follows(code: string, changes: readonly (() => void)[]): string[] {
  return tf.tidy(() => {
    const notices: string[] = [];
    const fn = functionOf(code);
    const step = compile(fn, { onNotice: (text) => notices.push(text) });
    const x = tf.tensor1d([1, 2]);
    for (const change of [() => undefined, ...changes]) {
      change();
      for (let call = 0; call < 4; call++) expect(Array.from(step(x).dataSync())).toEqual(Array.from(fn(x).dataSync()));
    }
    // In the end it is a graph again.
    expect(step.nodes.length).toBeGreaterThan(0);
    const { history } = step;
    step.dispose();
    expect(notices).toEqual([]);
    return [...history];
  });
}

describe('a name of a notebook that is bound anew', () => {
  it('counts from the next call on: a tensor, while the old one is alive', () => {
    const [one, other] = [tf.tensor1d([1, 1]), tf.tensor1d([5, 7])];
    declare('w', one);
    const history = follows('(x) => x.mul(w_)', [() => declare('w', other), () => declare('w', one)]);
    expect(history).toEqual(['the first call', 'w holds another value', 'w holds another value']);
    tf.dispose([one, other]);
  });

  it('counts where it is a number, and the history tells both', () => {
    declare('rate', 0.5);
    expect(follows('(x) => x.mul(rate_)', [() => declare('rate', 0.25)])).toEqual([
      'the first call',
      'rate changed from 0.5 to 0.25',
    ]);
  });

  it('counts where it is a function that is called, or is read by one', () => {
    declare('scale', 2);
    declare('twice', functionOf('(x) => x.mul(scale_)'));
    follows('(x) => twice_(x)', [
      () => declare('scale', 3),
      () => declare('twice', functionOf('(x) => x.add(scale_)')),
      () => declare('scale', 4),
    ]);
  });

  it('decides which way an if goes', () => {
    declare('isTraining', true);
    follows('(x) => (isTraining_ ? x.mul(2) : x)', [() => declare('isTraining', false)]);
  });

  it('counts where it stands in another form of arguments too', () => {
    declare('rate', 1);
    const step = compile(functionOf('(x) => x.mul(rate_)'));
    const values = (shape: number[]): number[] => tf.tidy(() => Array.from(step(tf.ones(shape)).dataSync()));
    for (let call = 0; call < 4; call++) expect([values([1]), values([2])]).toEqual([[1], [1, 1]]);
    declare('rate', 3);
    for (let call = 0; call < 4; call++) expect([values([1]), values([2])]).toEqual([[3], [3, 3]]);
    step.dispose();
  });

  it('counts between the first calls, without a notice', () => {
    declare('rate', 1);
    const notices: string[] = [];
    const step = compile(functionOf('(x) => x.mul(rate_)'), { onNotice: (text) => notices.push(text) });
    tf.tidy(() => {
      for (const rate of [1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5]) {
        declare('rate', rate);
        expect(step(tf.scalar(1)).dataSync()[0]).toBe(rate);
      }
    });
    expect(notices).toEqual([]);
    step.dispose();
  });

  it('is no change where the function itself binds it, which a notice tells', () => {
    declare('calls', 0);
    const notices: string[] = [];
    const step = compile(functionOf('(x) => { calls_ += 1; return x.mul(2); }'), {
      onNotice: (text) => notices.push(text),
    });
    tf.tidy(() => {
      for (let call = 0; call < 6; call++) step(tf.scalar(1));
    });
    expect(step.history).toEqual(['the first call']);
    expect(Reflect.get(globalThis, `calls${MARK}`)).toBe(3);
    expect(notices).toEqual([expect.stringContaining('calls changes while the function runs')]);
    step.dispose();
  });
});

describe('what is in it', () => {
  it('counts: items of records and lists, also deep inside', () => {
    const options = { rates: [1, 2], name: 'a', deep: { factor: 3 } };
    declare('options', options);
    const history = follows('(x) => x.mul(options_.rates[0]).add(options_.deep.factor)', [
      () => (options.rates[0] = 4),
      () => (options.deep.factor = 5),
      () => options.rates.push(6),
    ]);
    expect(history.slice(1)).toEqual(Array(3).fill('what is in options changed'));
  });

  it('counts: tensors and functions in lists', () => {
    const first = tf.scalar(1);
    const weights = [first, tf.scalar(2)];
    const layers = [functionOf('(x) => x.add(bias_)'), functionOf('(x) => x.mul(2)')];
    declare('bias', 1);
    declare('weights', weights);
    declare('layers', layers);
    const spare = tf.scalar(9);
    follows('(x) => layers_.reduce((y, layer) => layer(y), x).mul(weights_[0])', [
      () => (weights[0] = spare),
      () => declare('bias', 7),
      () => layers.reverse(),
    ]);
    tf.dispose([first, ...weights]);
  });

  it('counts: members of an object of a cell’s class, and names that its methods read', () => {
    const Net = cell('class Net { factor = 2; forward(x) { return x.mul(this.factor).add(bias_); } }');
    isFunction<() => unknown>(Net);
    declare('Net', Net);
    declare('bias', 1);
    const net: unknown = Reflect.construct(Net, []);
    if (typeof net !== 'object' || net === null) throw new TypeError('expected an object');
    declare('net', net);
    follows('(x) => net_.forward(x)', [() => Reflect.set(net, 'factor', 3), () => declare('bias', 2)]);
  });

  it('is not compared where it is long, holds itself, or is computed', () => {
    const [long, ring]: [number[], unknown[]] = [Array.from({ length: 1000 }, (_, i) => i), []];
    ring.push(ring);
    const computed = {
      one: 1,
      get other(): number {
        throw new Error('nobody asked for it');
      },
    };
    declare('long', long);
    declare('ring', ring);
    declare('computed', computed);
    const step = compile(functionOf('(x) => x.mul(long_[1] + ring_.length).mul(computed_.one)'));
    const value = (): number => tf.tidy(() => step(tf.scalar(1)).dataSync()[0]);
    expect([value(), value(), value(), value()]).toEqual([2, 2, 2, 2]);
    expect(step.traces).toBe(1);
    computed.one = 3;
    expect([value(), value(), value(), value()]).toEqual([6, 6, 6, 6]);
    step.dispose();
  });

  it.each<[string, () => unknown, string, (value: never) => void]>([
    ['a map', () => new Map([['rate', 2]]), 'value_.get("rate")', (map: Map<string, number>) => map.set('rate', 3)],
    ['a set', () => new Set([1]), '(value_.has(2) ? 2 : 1)', (set: Set<number>) => set.add(2)],
    ['a typed array', () => new Float32Array([2, 1]), 'value_[0]', (list: Float32Array) => list.fill(3)],
    [
      'a static member',
      () =>
        class Rates {
          static rate = 2;
        },
      'value_.rate',
      (Rates: { rate: number }) => (Rates.rate = 3),
    ],
    ['a member of a function', () => Object.assign(() => 1, { k: 2 }), 'value_.k', (fn: { k: number }) => (fn.k = 3)],
    [
      'a network of many layers',
      () => ({ layers: Array.from({ length: 20 }, (_, i) => ({ i, name: 'd', w: [1], b: [2], on: true })), on: true }),
      '(value_.on ? 2 : 3)',
      (net: { on: boolean }) => (net.on = false),
    ],
    [
      'an object of a class that no cell knows',
      () =>
        new (class Hidden {
          inner = { rate: 2 };
        })(),
      'value_.inner.rate',
      (hidden: { inner: { rate: number } }) => (hidden.inner.rate = 3),
    ],
  ])('counts in %s', (_, make, code, change) => {
    const value = make();
    declare('value', value);
    follows(`(x) => x.mul(${code})`, [() => Reflect.apply(change, undefined, [value])]);
  });

  it('counts beside what the function itself changes', () => {
    const layer = { rate: 2, input: undefined };
    declare('layer', layer);
    const notices = follows('(x) => { layer_.input = x; return x.mul(layer_.rate); }', [() => (layer.rate = 3)]);
    expect(notices.slice(1)).toEqual(['what is in layer changed']);
  });
});

describe('a name that others read for the function', () => {
  it.each<[string, string, readonly string[]]>([
    ['a function that a function made', 'make_(2)', ['make', '(k) => (x) => (isOn_ ? x.mul(k) : x)']],
    ['a bound method', 'net_.f.bind(net_)', ['net', '({ f(x) { return isOn_ ? x.mul(2) : x; } })']],
    ['a gradient', 'grad_((x) => (isOn_ ? x.square() : x.mul(3)))', []],
  ])('counts: %s', (_, code, [name, text = ''] = []) => {
    declare('isOn', true);
    declare('grad', tf.grad);
    if (name !== undefined) declare(name, cell(text));
    follows(`((f) => (x) => f(x))(${code})`, [() => declare('isOn', false)]);
  });

  it('counts where it was written only later', () => {
    declare('last', 0);
    const step = compile(functionOf('(x) => { last_ = 5; return x.mul(last_); }'));
    tf.tidy(() => {
      for (let call = 0; call < 8; call++) {
        declare('last', call);
        expect(step(tf.scalar(2)).dataSync()[0]).toBe(10);
      }
    });
    expect(step.traces).toBe(1);
    step.dispose();
  });
});

describe('a name that changes again and again', () => {
  it('stays right, runs eagerly for a while, and says so once', () => {
    declare('count', 0);
    const notices: string[] = [];
    const step = compile(functionOf('(x) => x.mul(count_)'), { onNotice: (text) => notices.push(text) });
    tf.tidy(() => {
      for (let call = 0; call < 100; call++) {
        if (call % 4 === 0) declare('count', call);
        expect(step(tf.scalar(1)).dataSync()[0]).toBe(call - (call % 4));
      }
    });
    expect(notices).toEqual([expect.stringContaining('runs eagerly for a while each time')]);
    expect(step.traces).toBeLessThan(10);
    step.dispose();
  });

  it('is a graph again once it rests', () => {
    declare('count', 0);
    const hits = { calls: 0 };
    declare('hits', hits);
    const step = compile(functionOf('(x) => { hits_.calls++; return x.mul(count_); }'), { onNotice: () => undefined });
    const value = (): number => tf.tidy(() => step(tf.scalar(1)).dataSync()[0]);
    for (let call = 0; call < 40; call++) {
      declare('count', call);
      value();
    }
    expect(hits.calls).toBe(40);
    for (let call = 0; call < 100; call++) expect(value()).toBe(39);
    const { calls } = hits;
    for (let call = 0; call < 100; call++) expect(value()).toBe(39);
    expect(hits.calls).toBe(calls);
    step.dispose();
  });

  it('no notice where its graph went before it changed', () => {
    declare('rate', 1);
    const notices: string[] = [];
    const step = compile(functionOf('(x) => x.mul(rate_)'), { mostTraces: 1, onNotice: (text) => notices.push(text) });
    const of = (shape: number[]): number[] => tf.tidy(() => Array.from(step(tf.ones(shape)).dataSync()));
    for (const shape of [[1], [1], [2]]) of(shape);
    declare('rate', 2);
    for (const shape of [[1], [1], [2], [2]]) expect(of(shape)).toEqual(Array(shape[0]).fill(2));
    expect(notices).toEqual([]);
    step.dispose();
  });
});

describe('an accelerated model follows', () => {
  const fit = (model: tf.LayersModel): number =>
    tf.tidy(() => {
      const given = model.evaluate(tf.ones([4, 1]), tf.ones([4, 1]), { batchSize: 4 });
      return [given].flat()[0].dataSync()[0];
    });

  it.each([[false], [true]])('names that its loss reads (in a list: %s)', (isList) => {
    declare('weight', 1);
    const loss: unknown = cell('(y, p) => y.sub(p).square().mean().mul(weight_)');
    isFunction<(y: tf.Tensor, p: tf.Tensor) => tf.Tensor>(loss);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })],
    });
    model.compile({ optimizer: 'sgd', loss: isList ? [loss] : loss });
    const graphs = accelerate(model);
    for (let call = 0; call < 4; call++) expect(fit(model)).toBe(1);
    declare('weight', 3);
    for (let call = 0; call < 4; call++) expect(fit(model)).toBe(3);
    expect(graphs.history.at(-1)).toBe('test: weight changed from 1 to 3');
    graphs.dispose();
    model.dispose();
  });

  it('names that a layer of one’s own reads', () => {
    declare('Layer', tf.layers.Layer);
    declare('factor', 2);
    const Scale = cell(
      'class Scale extends Layer_ { static className = "Scale"; call(x) { return [x].flat()[0].mul(factor_); } }',
    );
    isFunction<() => unknown>(Scale);
    const layer: unknown = Reflect.construct(Scale, [{}]);
    if (!(layer instanceof tf.layers.Layer)) throw new TypeError('expected a layer');
    const input = tf.input({ shape: [1] });
    const sum = one(tf.layers.add(), [one(layer, input), one(layer, input)]);
    const model = tf.model({ inputs: input, outputs: sum });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const graphs = accelerate(model);
    const predicted = (): number => tf.tidy(() => [model.predict(tf.ones([2, 1]))].flat()[0].dataSync()[0]);
    for (let call = 0; call < 4; call++) expect(predicted()).toBe(4);
    declare('factor', 3);
    for (let call = 0; call < 4; call++) expect(predicted()).toBe(6);
    graphs.dispose();
    model.dispose();
  });
});

function one(layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor {
  const [made] = [layer.apply(x)].flat();
  if (!(made instanceof tf.SymbolicTensor)) throw new TypeError('expected a symbolic tensor');
  return made;
}
