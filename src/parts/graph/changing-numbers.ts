import { freeNow, installDoor, passThrough, type Door } from './native-door';
import { uploadPast } from './upload-past';
import { howCalled } from './where-called';

/** Where a function makes more, only the first ones are noted. */
const MOST_NUMBERS = 500;

/** Single numbers that became tensors, by the calls that led to them, with the line that used them. */
export type Numbers = Map<string, { readonly line: string; readonly values: number[] }>;

/** Notes a tensor's values where they are one number: a graph holds it as it is. */
export function noteNumber(noted: Numbers, values: unknown): void {
  if (!(values instanceof Float32Array) || values.length !== 1) return;
  if ([...noted.values()].reduce((count, known) => count + known.values.length, 0) >= MOST_NUMBERS) return;
  // A layer or an optimizer may compute in another way in a graph: only the same calls make the same number.
  const { line, path } = howCalled() ?? {};
  if (line === undefined || path === undefined) return;
  const known = noted.get(path);
  if (known) known.values.push(values[0]);
  else noted.set(path, { line, values: [values[0]] });
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
  const release = uploadPast(door);
  const before = passThrough(door);
  try {
    return work();
  } finally {
    passThrough(before);
    release();
  }
}

/** Says which number was another one when the function ran before; undefined: none. */
export function changedNumber(before: Numbers, now: Numbers): string | undefined {
  for (const [path, { line, values }] of now) {
    const earlier = before.get(path)?.values ?? [];
    const place = values.findIndex((value, i) => !Object.is(value, earlier[i]));
    if (earlier.length === values.length && place >= 0)
      return `the number ${short(earlier[place])} had become ${short(values[place])} (${line})`;
  }
  return undefined;
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
