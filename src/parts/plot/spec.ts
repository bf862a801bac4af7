import type { Spec } from './figure';

export const isSpec = (value: unknown): value is Spec =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A part of a spec that is a spec itself; an empty one where there is none. */
export function part(of: Spec, ...path: readonly string[]): Spec {
  return path.reduce<Spec>((found, name) => {
    const next = found[name];
    return isSpec(next) ? next : {};
  }, of);
}

/** A list of specs in a spec, such as a layout's annotations. */
export function parts(of: Spec, name: string): readonly Spec[] {
  const found = of[name];
  return Array.isArray(found) ? found.filter(isSpec) : [];
}

/** A list in a spec. */
export const list = (of: Spec, name: string): readonly unknown[] => {
  const found = of[name];
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
};

/** A number in a spec. */
export const number = (of: Spec, name: string, otherwise: number): number => {
  const found = of[name];
  return typeof found === 'number' ? found : otherwise;
};
