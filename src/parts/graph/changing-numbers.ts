import type { Constant, GraphBuilder } from './graph-builder';
import { isNumbers } from './growing-constants';
import { freeNow, installDoor, passThrough, type Door } from './native-door';
import { isSameConstant, isSameNode } from './same-nodes';
import { uploadPast } from './upload-past';
import { howCalled } from './where-called';

/** Where a function makes more tensors, only the first ones are noted. */
const MOST_NOTED = 500;

/** Layers and gradients may compute with other shapes and places in a graph. */
const COMPUTES_OTHERWISE = /tfjs-layers|backpropagateGradients/;

const LAYERS = /tfjs-layers/;

/** One number, or how many numbers there were and a sum that tells them from others. */
interface Noted {
  readonly count: number;
  readonly value: number;
  /** Their constant's name in the graph, where it was written down. */
  readonly name?: string;
}

/** Numbers of JavaScript that became tensors, by the calls that led to them, with the line that used them. */
export type Numbers = Map<string, { readonly line: string; readonly values: Noted[] }>;

/** Notes the numbers of which a tensor is made: a graph holds them as they are. */
export function noteNumber(noted: Numbers, values: unknown, name?: string): void {
  const isKnown = values instanceof Float32Array || values instanceof Int32Array;
  if (!isKnown || values.length === 0) return;
  if ([...noted.values()].reduce((count, known) => count + known.values.length, 0) >= MOST_NOTED) return;
  // A layer or an optimizer may compute in another way in a graph: only the same calls make the same number.
  const { line, path } = howCalled() ?? {};
  if (line === undefined || path === undefined) return;
  const isOneFactor = values instanceof Float32Array && values.length === 1;
  if (!isOneFactor && COMPUTES_OTHERWISE.test(path)) return;
  const made = { count: values.length, value: values.length === 1 ? values[0] : sumOf(values), name };
  const known = noted.get(path);
  if (known) known.values.push(made);
  else noted.set(path, { line, values: [made] });
}

/** Of 32 bits, over the bits of all numbers (Fowler, Noll, Vo: FNV-1a, here by words of 4 bytes). */
function sumOf(values: Float32Array | Int32Array): number {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  let sum = 0x811c9dc5;
  for (const word of words) sum = Math.imul(sum ^ word, 0x01000193);
  return sum;
}

/** Runs `work` and notes the numbers that become tensors in it. */
export function notingNumbers<T>(noted: Numbers, work: () => T): T {
  const native = installDoor();
  const door: Door = {
    createTensor(shape, dtype, values) {
      noteNumber(noted, values);
      return native.createTensor(shape, dtype, values);
    },
    deleteTensor: (id) => freeNow(native, id),
    tensorDataSync: (id) => native.tensorDataSync(id),
    executeOp: (...call) => native.executeOp(...call),
  };
  const release = uploadPast();
  const before = passThrough(door);
  try {
    return work();
  } finally {
    passThrough(before);
    release();
  }
}

/** Says which numbers were others when the function ran before; undefined: none. */
export function changedNumber(before: Numbers, now: Numbers): string | undefined {
  for (const [path, { line, values }] of now) {
    // A layer's settings are watched.
    if (LAYERS.test(path)) continue;
    const earlier = before.get(path)?.values ?? [];
    const place = values.findIndex(
      ({ count, value }, i) => count === earlier[i]?.count && !Object.is(value, earlier[i].value),
    );
    if (earlier.length === values.length && place >= 0)
      return values[place].count === 1
        ? `the number ${short(earlier[place].value)} had become ${short(values[place].value)} (${line})`
        : `${values[place].count} numbers had become others (${line})`;
  }
  return undefined;
}

/**
 * Says what another recording of a function, with arguments of the same form, does in another way; undefined: nothing.
 *
 * @param isSame whether two constants may stand for each other (default: they hold the same).
 * @param numbers with the lines that made constants, where they were noted.
 */
export function changedStep(
  before: GraphBuilder,
  now: GraphBuilder,
  isSame: (name: string, constant: Constant, other: Constant) => boolean = (_, ...both) => isSameConstant(...both),
  numbers: Numbers = new Map(),
): string | undefined {
  const isOther =
    before.nodes.length !== now.nodes.length || now.nodes.some((node, i) => !isSameNode(node, before.nodes[i]));
  if (isOther) return 'the function had come to compute in other steps';
  for (const [name, constant] of before.constants) {
    const other = now.constants.get(name);
    if (!other || isSame(name, constant, other)) continue;
    const line = [...numbers.values()].find(({ values }) => values.some((noted) => noted.name === name))?.line;
    return `${wordsFor(constant, other)}${line === undefined ? '' : ` (${line})`}`;
  }
  return undefined;
}

function wordsFor({ values: before }: Constant, { values: now }: Constant): string {
  if (isNumbers(before) && isNumbers(now) && before.length === 1 && now.length === 1)
    return `the number ${short(before[0])} had become ${short(now[0])}`;
  return 'numbers that it makes a tensor of had become others';
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
