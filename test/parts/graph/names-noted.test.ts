// What is noted of a notebook's names while a function runs, and what is told when they hold something else.
import vm from 'node:vm';
import '@tensorflow/tfjs-node';
import { afterEach, describe, expect, it } from 'vitest';
import { MARK } from '../../../src/parts/graph/cell-mark';
import { notingNames, SessionNames } from '../../../src/parts/graph/session-names';

const declared = new Set<string>();

/** Declares a name, or binds it anew, as the kernel does. */
function declare(name: string, value: unknown): void {
  declared.add(name + MARK);
  Reflect.set(globalThis, name + MARK, value);
}

const read = (name: string): unknown => Reflect.get(globalThis, name + MARK);

afterEach(() => {
  for (const name of declared) Reflect.deleteProperty(globalThis, name);
  declared.clear();
});

function noted(work: () => void): SessionNames {
  const names = new SessionNames();
  notingNames(names, work);
  return names;
}

/** Declares a name that holds this, reads it, and ends the noting. */
function reading(name: string, value: unknown): SessionNames {
  declare(name, value);
  const names = noted(() => void read(name));
  expect(names.close()).toEqual([]);
  expect(names.change()).toBeUndefined();
  return names;
}

const numbered = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const record = (count: number): Record<string, number> =>
  Object.fromEntries(numbered(count).map((i) => [`key ${i}`, i]));

describe('what is told of a name', () => {
  it.each<[unknown, unknown, string]>([
    [1, 2, 'value changed from 1 to 2'],
    [1, NaN, 'value changed from 1 to NaN'],
    [true, false, 'value changed from true to false'],
    ['a', 'b"', String.raw`value changed from "a" to "b\""`],
    [undefined, 'undefined', 'value changed from undefined to "undefined"'],
    ['1', 1, 'value changed from "1" to 1'],
    [1, [1], 'value holds another value'],
    [[1], 1, 'value holds another value'],
    [null, 1, 'value holds another value'],
  ])('%j, then %j', (before, now, said) => {
    const names = reading('value', before);
    declare('value', now);
    expect(names.change()).toBe(said);
  });

  it('is nothing where it holds the same: NaN too', () => {
    const names = reading('value', NaN);
    declare('value', NaN);
    expect(names.change()).toBeUndefined();
  });

  it('is nothing where it was not read', () => {
    declare('value', 1);
    declare('other', 1);
    const names = noted(() => void read('other'));
    names.close();
    declare('value', 2);
    expect(names.change()).toBeUndefined();
  });
});

describe('what the function itself binds', () => {
  it('is told where it was and is a short value, and is followed no more', () => {
    declare('calls', 1);
    const names = noted(() => Reflect.set(globalThis, `calls${MARK}`, Number(read('calls')) + 1));
    expect(names.close()).toEqual(['calls']);
    declare('calls', 5);
    expect(names.change()).toBeUndefined();
  });

  it.each<[unknown, unknown]>([
    [undefined, [1]],
    [[1], undefined],
    [[1], [2]],
  ])('isn’t told where it was %j and is %j', (before, now) => {
    declare('kept', before);
    const names = noted(() => {
      read('kept');
      Reflect.set(globalThis, `kept${MARK}`, now);
    });
    expect(names.close()).toEqual([]);
    expect(names.change()).toBeUndefined();
  });

  it('is followed no more in what it held before', () => {
    const [before, other] = [[1, 2], [3]];
    declare('list', before);
    declare('other', other);
    const names = noted(() => {
      read('list');
      read('other');
      Reflect.set(globalThis, `list${MARK}`, []);
    });
    expect(names.close()).toEqual([]);
    before[0] = 7;
    expect(names.change()).toBeUndefined();
    other[0] = 7;
    expect(names.change()).toBe('what is in other changed');
  });

  it('is told by what is in it, each name once', () => {
    const counts = { one: 1, two: 2 };
    declare('counts', counts);
    const names = noted(() => {
      read('counts');
      counts.one++;
      counts.two++;
    });
    expect(names.close()).toEqual(['counts']);
  });
});

describe('how much is compared', () => {
  /** Whether another item in it is told. */
  const tells = (value: unknown, change: () => unknown): boolean => {
    const names = reading('value', value);
    change();
    const told = names.change();
    expect([undefined, 'what is in value changed']).toContain(told);
    return told !== undefined;
  };

  it.each<[string, (count: number) => [unknown, () => unknown]]>([
    ['a list', (count) => ((list) => [list, () => (list[0] = 9)])(numbered(count))],
    ['a typed array', (count) => ((list) => [list, () => (list[0] = 9)])(Float32Array.from(numbered(count)))],
    ['a record', (count) => ((items) => [items, () => (items['key 0'] = 9)])(record(count))],
    ['a map', (count) => ((map) => [map, () => map.set('key 0', 9)])(new Map(Object.entries(record(count))))],
    ['a set', (count) => ((set) => [set, () => set.delete(0)])(new Set(numbered(count)))],
  ])('%s of 300 items, and no longer one', (_, make) => {
    expect(tells(...make(300))).toBe(true);
    expect(tells(...make(301))).toBe(false);
  });

  it('300 items of all that is in a name, first come', () => {
    const [first, second] = [numbered(200), numbered(200)];
    expect(tells([first, second], () => (second[0] = 9))).toBe(false);
    expect(tells([first, second], () => (first[0] = 9))).toBe(true);
  });

  it('a thousand of all names, and thirty of each in any case', () => {
    // A name, its items, and how many there are: 302 of each of the first lists, so that there is room for 94. The name
    // of the longer list takes one of them.
    const lists = [300, 300, 300, 93, 30].map(numbered);
    lists.forEach((list, i) => declare(`list${i}`, list));
    const long = [numbered(95), numbered(31)];
    long.forEach((list, i) => declare(`long${i}`, list));
    const names = noted(() => {
      for (const name of ['list0', 'list1', 'list2', 'long0', 'list3', 'long1', 'list4']) read(name);
    });
    names.close();
    for (const list of long) list[0] = 9;
    expect(names.change()).toBeUndefined();
    for (const i of [4, 3, 2]) {
      lists[i][0] = 9;
      expect(names.change()).toBe(`what is in list${i} changed`);
    }
  });

  it('how long a list is, also by places without a value, and how many members a record has', () => {
    const list = [1];
    expect(tells(list, () => (list.length = 5))).toBe(true);
    const options: Record<string, number> = { length: 1e6, rate: 1 };
    expect(tells(options, () => (options.other = 1))).toBe(true);
    expect(tells(options, () => (options.rate = 2))).toBe(true);
    const sparse: number[] = [];
    sparse.length = 1000;
    expect(tells(sparse, () => (sparse.length = 5))).toBe(false);
  });

  it('which keys a map has, also where they have no value', () => {
    const map = new Map<string, undefined>([['a', undefined]]);
    expect(tells(map, () => [map.delete('a'), map.set('b', undefined)])).toBe(true);
  });

  it('beside null, without asking what is computed', () => {
    const inherited = Object.defineProperty({}, 'deeper', { enumerable: true, get: () => expect.fail('is computed') });
    const mixed: { nothing: null; rate: number; readonly sum: number } = Object.assign(Object.create(inherited), {
      nothing: null,
      rate: 1,
    });
    Object.defineProperty(mixed, 'sum', { enumerable: true, get: () => expect.fail('is computed') });
    expect(tells(mixed, () => (mixed.rate = 2))).toBe(true);
  });
});

describe('the names themselves', () => {
  it('are what they were after the noting, with what was written', () => {
    declare('value', 1);
    const names = noted(() => {
      expect(Object.getOwnPropertyDescriptor(globalThis, `value${MARK}`)).not.toHaveProperty('value');
      Reflect.set(globalThis, `value${MARK}`, 2);
    });
    expect(Object.getOwnPropertyDescriptor(globalThis, `value${MARK}`)).toEqual({
      value: 2,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    names.close();
    declare('value', 3);
    expect(names.change()).toBeUndefined();
  });

  it('are read through by functions that are noted one in another', () => {
    declare('outer', 1);
    declare('inner', 1);
    const within = new SessionNames();
    const names = noted(() => {
      read('outer');
      notingNames(within, () => void read('inner'));
      expect(Object.getOwnPropertyDescriptor(globalThis, `outer${MARK}`)).not.toHaveProperty('value');
    });
    for (const each of [names, within]) each.close();
    declare('outer', 2);
    expect([names.change(), within.change()]).toEqual(['outer changed from 1 to 2', undefined]);
    declare('inner', 2);
    expect(within.change()).toBe('inner changed from 1 to 2');
  });

  it('are left alone where they are computed, or can’t be changed', () => {
    const computed = { get: (): number => 7, configurable: true, enumerable: true };
    declared.add(`computed${MARK}`);
    Object.defineProperty(globalThis, `computed${MARK}`, computed);
    // A variable of a script can't be taken away again.
    vm.runInThisContext(`var fixed${MARK} = 1;`);
    const names = noted(() => expect([read('computed'), read('fixed')]).toEqual([7, 1]));
    expect(Object.getOwnPropertyDescriptor(globalThis, `computed${MARK}`)).toMatchObject(computed);
    names.close();
    vm.runInThisContext(`fixed${MARK} = 2;`);
    expect(names.change()).toBeUndefined();
  });
});
