// A graph of what was written down: how it runs, what it leaves as it is, and when it holds no more.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtherLength } from '../../../src/parts/graph/data-lengths';
import { nativeBackend } from '../../../src/parts/graph/native';
import { graphOf, type Trace } from '../../../src/parts/graph/recorded-graph';
import { tensorsOf, type Argument } from '../../../src/parts/graph/structure';
import type { Recorded } from '../../../src/parts/graph/trace';
import { TraceError } from '../../../src/parts/graph/trace-error';
import { expectNoTensorsLeft } from '../../support/tensors';
import { call, callWith } from './recorded-calls';

expectNoTensorsLeft();
let made: Trace[] = [];
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  for (const trace of made) trace.dispose();
  made = [];
  tf.engine().endScope();
});

function graph(recorded: Recorded): Trace {
  const trace = graphOf(recorded);
  made.push(trace);
  return trace;
}

const numbers = (value: Argument): number[][] => tensorsOf(value).map((tensor) => Array.from(tensor.dataSync()));
const loaded = (): unknown => Reflect.apply(Reflect.get(nativeBackend().binding, 'getNumOfSavedModels'), nativeBackend().binding, []); // prettier-ignore
const x = (): tf.Tensor => tf.tensor1d([1, 2]);

describe('a graph', () => {
  it('gives results in their form, with what it captured as it is now', () => {
    const [v, w] = [tf.variable(tf.scalar(2)), tf.scalar(10)];
    const trace = graph(call((given) => ({ a: given.mul(v), b: [given.add(w)] }), [2]).recorded);
    v.assign(tf.scalar(3));
    const result = trace.run([x()]);
    expect(Object.keys(result ?? {})).toEqual(['a', 'b']);
    expect(numbers(result)).toEqual([[3, 6], [11, 12]]); // prettier-ignore
    expect(trace.nodes.map(({ op }) => op)).toContain('Placeholder');
  });

  it('is loaded when it first runs, and once, until it is gone', () => {
    const before = Number(loaded());
    const trace = graph(call((given) => given.mul(2), [2]).recorded);
    expect(loaded()).toBe(before);
    trace.try([x()]);
    trace.run([x()]);
    expect(loaded()).toBe(before + 1);
    trace.dispose();
    trace.dispose();
    expect(loaded()).toBe(before);
    const never = graph(call((given) => given.mul(2), [2]).recorded);
    never.dispose();
    expect(loaded()).toBe(before);
    expect(() => never.run([x()])).toThrow(TraceError);
  });

  it('gives nothing for a function that gives nothing, without being loaded', () => {
    const before = loaded();
    const trace = graph(call(() => undefined, [2]).recorded);
    expect([trace.try([x()]), trace.run([x()]), loaded()]).toEqual([[], undefined, before]);
  });

  it('changes variables, and does what comes after, where it runs, not where it is tried', () => {
    const v = tf.variable(tf.scalar(1));
    let ran = 0;
    const { recorded } = call(
      (given) => {
        v.assign(v.add(given.sum()));
        return given.neg();
      },
      [2],
    );
    expect(numbers(v)).toEqual([[3]]);
    const trace = graph({ ...recorded, afterRun: [() => ran++] });
    // The result, then the variable's new value.
    expect(numbers(trace.try([x()]))).toEqual([[-1, -2], [6]]);
    expect([numbers(v), ran]).toEqual([[[3]], 0]);
    expect(numbers(trace.run([x()]))).toEqual([[-1, -2]]);
    expect([numbers(v), ran]).toEqual([[[6]], 1]);
  });

  it('takes numbers anew, and gives them back where it is tried or fails, the last ones first', () => {
    const [v, w] = [tf.variable(tf.scalar(0)), tf.variable(tf.tensor1d([0, 0], 'int32'))];
    const { recorded } = call((given) => [given.mul(v), w.add(tf.scalar(1, 'int32'))], [2]);
    const said: string[] = [];
    const reading = <T>(name: string, values: T) => ({
      of: v,
      read: (): T => {
        said.push(`read ${name}`);
        return values;
      },
      back: () => void said.push(`back ${name}`),
    });
    const sources = [reading('one', Float32Array.of(5)), reading('two', Int32Array.of(7, 8))];
    const captured = recorded.captured.map(({ name }, i) => ({ name, source: sources[i] }));
    const trace = graph({ ...recorded, captured });
    const read = ['read one', 'read two'];
    const back = ['back two', 'back one'];
    expect(numbers(trace.run([x()]))).toEqual([[5, 10], [8, 9]]); // prettier-ignore
    expect(said.splice(0)).toEqual(read);
    expect(numbers(trace.try([x()]))).toEqual([[5, 10], [8, 9]]); // prettier-ignore
    expect(said.splice(0)).toEqual([...read, ...back]);
    expect(() => trace.run([])).toThrow();
    expect(said).toEqual([...read, ...back]);
  });

  it('fails where the data decide on another length', () => {
    const distinct = tf.tensor1d([4, 4, 5]);
    const trace = graph(callWith((given) => tf.unique(given).values.mul(2), distinct).recorded);
    expect(numbers(trace.run([tf.tensor1d([7, 8, 8])]))).toEqual([[14, 16]]);
    const before = tf.memory().numTensors;
    const other = tf.tensor1d([7, 8, 9]);
    expect(() => trace.run([other])).toThrow(
      new OtherLength('the data decide how much UniqueV2 finds: [3] here, [2] when it was traced'),
    );
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('fails with TensorFlow’s words where it can’t be loaded', () => {
    const { recorded } = call((given) => given.mul(2), [2]);
    recorded.builder.operation('NoSuchOperation', [], [recorded.inputNames[0]], []);
    expect(() => graph(recorded).run([x()])).toThrow(
      /^compile: TensorFlow can't load the graph: Op type not registered 'NoSuchOperation'/,
    );
  });
});

describe('a graph holds', () => {
  it('until a tensor from outside is freed', () => {
    const [w, other] = [tf.scalar(2), tf.scalar(3)];
    const { recorded } = call((given) => given.mul(w), [2]);
    const [trace, gone] = [graph(recorded), graph(recorded)];
    gone.dispose();
    other.dispose();
    expect(trace.whyInvalid()).toBeUndefined();
    w.dispose();
    tf.scalar(4).dispose();
    expect(trace.whyInvalid()).toBe('a tensor from outside that it used was freed');
    // It listens no more.
    expect(gone.whyInvalid()).toBeUndefined();
  });

  it('until a variable is disposed', () => {
    const [v, w] = ['v', 'w'].map((name) => tf.variable(tf.scalar(2), true, name));
    const trace = graph(call((given) => given.mul(v).mul(w), [2]).recorded);
    expect(trace.whyInvalid()).toBeUndefined();
    w.dispose();
    expect(trace.whyInvalid()).toBe('the variable w was disposed');
  });

  it('until a setting changes', () => {
    const owner = { rate: 1 };
    const { recorded } = call((given) => given.mul(2), [2]);
    recorded.settings.watchOne(owner, 'rate');
    const trace = graph(recorded);
    expect(trace.changedSetting()).toBeUndefined();
    owner.rate = 2;
    expect(trace.changedSetting()).toBe('Object.rate changed from 1 to 2');
  });
});
