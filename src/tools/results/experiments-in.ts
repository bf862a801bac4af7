import type { Experiment } from '../../parts/experiments';

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * The experiments that a module exports, in their order.
 *
 * @param where names the module in messages.
 * @throws Error where they aren't a list of experiments, and where an id isn't in kebab-case or is there twice.
 */
export function experimentsIn(loaded: unknown, where: string): readonly Experiment[] {
  const given: unknown = typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, 'experiments') : undefined;
  if (!isList(given))
    throw new Error(
      `${where}: expected \`export const experiments = [experiment(id, label, train, settings), …]\`, got ${describe(given)}`,
    );
  const ids = given.map(({ id }) => id);
  for (const [i, id] of ids.entries()) {
    if (!ID.test(id))
      throw new Error(`${where}: expected ids in kebab-case such as "no-hidden-layer", got ${JSON.stringify(id)}`);
    if (ids.indexOf(id) !== i) throw new Error(`${where}: the id "${id}" is there twice; a row needs one of its own`);
  }
  return given;
}

const isList = (value: unknown): value is readonly Experiment[] =>
  Array.isArray(value) && value.every((item: unknown) => isExperiment(item));

const isExperiment = (item: unknown): boolean =>
  typeof item === 'object' &&
  item !== null &&
  ['id', 'label'].every((name) => typeof Reflect.get(item, name) === 'string') &&
  typeof Reflect.get(item, 'run') === 'function';

function describe(value: unknown): string {
  if (!Array.isArray(value)) return value === undefined ? 'nothing of that name' : `a ${typeof value}`;
  return `a list whose item ${value.findIndex((item: unknown) => !isExperiment(item))} has no id, no label or no run`;
}
