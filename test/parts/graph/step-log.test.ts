// When two runs of a step of a loop do the same, though all of it has other names.
import '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/parts/graph/graph-builder';
import { nativeBackend, type TFEOpAttr } from '../../../src/parts/graph/native';
import { StepBody } from '../../../src/parts/graph/step-body';
import { StepLog } from '../../../src/parts/graph/step-log';
import { TraceError } from '../../../src/parts/graph/trace-error';

const { binding } = nativeBackend();
const type = (value: number): TFEOpAttr => ({ name: 'T', type: binding.TF_ATTR_TYPE, value });
const constant = (builder: GraphBuilder, value: number): string =>
  builder.constant(binding.TF_FLOAT, [], Float32Array.of(value));

interface Step {
  readonly op?: string;
  readonly type?: number;
  readonly order?: readonly [number, number];
  readonly outside?: string;
  readonly factor?: number | string;
  /** Which of its two products goes into the sum, and by which output. */
  readonly product?: number;
  readonly output?: string;
  readonly more?: boolean;
  readonly results?: readonly string[];
}

let runs = 0;

/** One run: two products of what is given, a sum with what is outside, a product with a constant. */
function run(
  builder: GraphBuilder,
  { op = 'Mul', order = [0, 1], product = 0, output = '', ...rest }: Step = {},
): StepLog {
  runs++;
  const name = (what: string): string => `${what}${runs}`;
  const given = [`${name('split')}:1`, name('split')];
  const log = new StepLog(builder, given, (outer) => outer.replace(/^entered /, ''));
  const attributes = [type(rest.type ?? binding.TF_FLOAT)];
  const { factor = 2 } = rest;
  log.add(op, attributes, order.map((i) => given[i]), name('first')); // prettier-ignore
  log.add('Mul', attributes, given, name('second'));
  const chosen = [name('first'), name('second')][product];
  log.add('Add', attributes, [`${chosen}${output}`, `entered ${rest.outside ?? 'w'}`], name('sum'));
  log.add('Mul', attributes, [name('sum'), typeof factor === 'string' ? factor : constant(builder, factor)], name('end')); // prettier-ignore
  if (rest.more === true) log.add('Neg', attributes, [name('end')], name('more'));
  log.end((rest.results ?? ['end', 'sum']).map(name));
  return log;
}

describe('another run of a step', () => {
  it.each<[string, Step, boolean]>([
    ['nothing but names', {}, true],
    ['an operation', { op: 'Sub' }, false],
    ['a type', { type: binding.TF_INT32 }, false],
    ['the order of inputs', { order: [1, 0] }, false],
    ['what comes from outside', { outside: 'v' }, false],
    ['a constant', { factor: 3 }, false],
    ['a tensor in a constant’s place', { factor: 'w' }, false],
    ['which product goes on', { product: 1 }, false],
    ['which of its outputs', { output: ':1' }, false],
    ['one operation more', { more: true }, false],
    ['the order of results', { results: ['sum', 'end'] }, false],
    ['a result less', { results: ['end'] }, false],
    ['a result more', { results: ['end', 'sum', 'end'] }, false],
  ])('that differs in %s', (_, step, isSame) => {
    const builder = new GraphBuilder(binding);
    const [first, other] = [run(builder), run(builder, step)];
    expect([first.isSameAs(other), other.isSameAs(first)]).toEqual([isSame, isSame]);
  });

  it('is the same by an output’s number, too', () => {
    const builder = new GraphBuilder(binding);
    expect(run(builder, { output: ':1' }).isSameAs(run(builder, { output: ':1' }))).toBe(true);
    expect(run(builder, { output: ':1' }).isSameAs(run(builder, { output: ':2' }))).toBe(false);
    expect(run(builder, { factor: 'w' }).isSameAs(run(builder, { factor: 'w' }))).toBe(true);
  });

  it('has no results before its end', () => {
    const builder = new GraphBuilder(binding);
    const [open, ended] = [0, 1].map(() => new StepLog(builder, [], (name) => name));
    ended.end([]);
    expect(open.isSameAs(ended)).toBe(true);
  });
});

describe('the body of a step', () => {
  const attributes = [type(binding.TF_FLOAT)];
  const bodyOf = (builder: GraphBuilder): { body: StepBody; names: string[] } => {
    const body = new StepBody(builder);
    const factor = body.constant(binding.TF_FLOAT, [], Float32Array.of(2));
    const names = [factor, body.operation('Mul', attributes, ['x', factor], [2])];
    body.again();
    return { body, names };
  };

  it('is written once: the same again has the same names', () => {
    const builder = new GraphBuilder(binding);
    const { body, names } = bodyOf(builder);
    const { length } = builder.nodes;
    const factor = body.constant(binding.TF_FLOAT, [], Float32Array.of(2));
    expect([factor, body.operation('Mul', attributes, ['x', factor], [2])]).toEqual(names);
    expect(builder.nodes).toHaveLength(length);
    expect(() => body.checkResults(['a', 'b'], ['a', 'b'])).not.toThrow();
  });

  it.each<[string, (body: StepBody, factor: string) => void]>([
    ['uses the number 3, which', (body) => void body.constant(binding.TF_FLOAT, [], Float32Array.of(3))],
    ['uses a constant of shape [1], which', (body) => void body.constant(binding.TF_FLOAT, [1], Float32Array.of(2))],
    ['uses a constant of shape [], which', (body) => void body.constant(7, [], [new TextEncoder().encode('a')])],
    ['computes Sub where the first one computes Mul', (body, factor) => void body.operation('Sub', attributes, ['x', factor], [2])], // prettier-ignore
    ['computes Mul with other settings', (body, factor) => void body.operation('Mul', [], ['x', factor], [2])],
    ['computes Mul of another tensor', (body, factor) => void body.operation('Mul', attributes, ['y', factor], [2])],
    [
      'does more than the first one (Neg)',
      (body, factor) => {
        body.operation('Mul', attributes, ['x', factor], [2]);
        body.operation('Neg', attributes, ['x'], [2]);
      },
    ],
    ['gives other tensors', (body) => body.checkResults(['a', 'b'], ['b', 'a'])],
  ])('a later step %s', (words, work) => {
    const { body, names } = bodyOf(new GraphBuilder(binding));
    expect(() => work(body, names[0])).toThrow(TraceError);
    const { body: other, names: own } = bodyOf(new GraphBuilder(binding));
    expect(() => work(other, own[0])).toThrow(`scan: a later step ${words}`);
  });
});
