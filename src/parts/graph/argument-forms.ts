import * as tf from '@tensorflow/tfjs-node';
import { isSetting, type Argument } from './structure';

/** What a graph depends on, place by place: `argument 1: shape` is `[2,3]`. */
export type Form = ReadonlyMap<string, string>;

/** Tells arguments by what a graph depends on, for sentences. */
export function formOf(args: readonly Argument[]): Form {
  const form = new Map<string, string>();
  const visit = (value: Argument, place: string): void => {
    if (value instanceof tf.Variable) form.set(`${place}: variable`, value.name);
    else if (value instanceof tf.Tensor) {
      form.set(`${place}: type`, value.dtype);
      form.set(`${place}: shape`, `[${value.shape}]`);
    } else if (isSetting(value)) form.set(`${place}: value`, typeof value === 'string' ? `'${value}'` : String(value));
    else for (const [key, child] of Object.entries(value)) visit(child, `${place}.${key}`);
  };
  args.forEach((argument, i) => visit(argument, `argument ${i + 1}`));
  return form;
}

/** Says what is another thing than in that of the given forms that is most like it; of equal ones, the latest. */
export function differenceOf(form: Form, others: readonly Form[]): string | undefined {
  let [best, fewest]: [string[] | undefined, number] = [undefined, Infinity];
  for (const other of others) {
    const found = differences(form, other);
    if (found.length <= fewest) [best, fewest] = [found, found.length];
  }
  return best?.join('; ');
}

function differences(form: Form, other: Form): string[] {
  const found: string[] = [];
  for (const [key, now] of form) {
    const [place, kind] = key.split(': ');
    const before = other.get(key);
    if (before === undefined) found.push(`${place} is another kind of thing`);
    else if (before !== now)
      found.push(
        kind === 'value'
          ? `${place} is ${now} instead of ${before}`
          : `${place} has another ${kind}: ${now} instead of ${before}`,
      );
  }
  for (const key of other.keys()) if (!form.has(key)) found.push(`${key.split(': ')[0]} is another kind of thing`);
  return [...new Set(found)];
}
