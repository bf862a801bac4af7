interface NodeModules {
  crypto: typeof import('node:crypto');
  events: typeof import('node:events');
  fs: typeof import('node:fs');
  module: typeof import('node:module');
  os: typeof import('node:os');
  path: typeof import('node:path');
  util: typeof import('node:util');
  zlib: typeof import('node:zlib');
}

/** Whether this runs on Node; else in a page. */
export const isOnNode = (): boolean => typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function';

/**
 * A module of Node, taken when it is needed: parts hold nothing of Node when they are loaded, so that a bundler packs
 * them for a page as they are.
 *
 * @throws Error in a page.
 */
export function node<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  if (!isOnNode()) throw new Error(`this needs Node (its module ${name}): run it in the notebook, not in a page`);
  return process.getBuiltinModule(name);
}

/** Variables of the environment; none in a page. */
export const environment = (): Readonly<Record<string, string | undefined>> => (isOnNode() ? process.env : {});
