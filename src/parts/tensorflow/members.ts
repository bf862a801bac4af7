// Members of objects that TypeScript doesn't know: named, checked and typed in one step.

/** The version whose members these are; package.json pins it. */
export const PINNED = '4.22.0';

type Kind = (value: unknown) => boolean;
type Kinds = Readonly<Record<string, Kind>>;
type ValueOf<K> = K extends (value: unknown) => value is infer T ? T : unknown;
/** An object of TensorFlow.js with these members in sight. */
type WithMembers<K extends Kinds> = { -readonly [Name in keyof K]: ValueOf<K[Name]> };

/** The members of one class. */
export interface Members<K extends Kinds = Kinds> {
  readonly owner: string;
  readonly kinds: K;
  /** The same object, its members typed; undefined where it doesn't have them all. */
  find(holder: object): WithMembers<K> | undefined;
  /**
   * The same object, its members typed.
   *
   * @throws Error where a member is missing or of another kind.
   */
  of(holder: object): WithMembers<K>;
}

/** The members of a class, each with the test that tells its kind. */
export function members<K extends Kinds>(owner: string, kinds: K): Members<K> {
  const entries = Object.entries(kinds);
  const wrong = (holder: object): string | undefined =>
    entries.find(([name, isOfKind]) => !isOfKind(Reflect.get(holder, name)))?.[0];
  const hasAll = (holder: object): holder is WithMembers<K> => wrong(holder) === undefined;
  return {
    owner,
    kinds,
    find: (holder) => (hasAll(holder) ? holder : undefined),
    of(holder) {
      if (hasAll(holder)) return holder;
      const name = wrong(holder) ?? '';
      throw missingMember(owner, name, Reflect.get(holder, name));
    },
  };
}

/** Says which member TensorFlow.js lacks, and what to do. */
export const missingMember = (owner: string, name: string, found: unknown): Error =>
  new Error(
    `layerwise/graph needs the member ${name} of TensorFlow.js's ${owner}, and found ${found === undefined ? 'none' : `another kind of value (${found === null ? 'null' : typeof found})`}: ` +
      `expected @tensorflow/tfjs-node ${PINNED}, which the project pins; npm start installs it`,
  );

type Method = (this: unknown, ...args: never[]) => unknown;
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
export const isNumber = (value: unknown): value is number => typeof value === 'number';
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
export const isMethod = <F extends Method>(value: unknown): value is F => typeof value === 'function';
export const hasMethods = (value: unknown, ...names: readonly string[]): value is object =>
  isObject(value) && names.every((name) => isMethod(Reflect.get(value, name)));
export const orNothing =
  <T>(isOfKind: (value: unknown) => value is T) =>
  (value: unknown): value is T | null | undefined =>
    value === undefined || value === null || isOfKind(value);
