import type { Declaration } from './declarations';

/** Where a name of an earlier cell comes from. */
export interface Source {
  readonly module: string;
  readonly declaration: Declaration;
}

/** Under which name a module gives a declaration to later cells: one that no code uses. */
export const exported = ({ declaration: { name, isAmbient } }: { readonly declaration: Declaration }): string =>
  `${isAmbient ? AMBIENT : GIVEN}${name}`;
const GIVEN = 'layerwise$';
/** For names that are no variables of the cells'. */
export const AMBIENT = 'layerwise$$';
const TYPE = 'layerwise$type$';

/** The name under which a module gives a variable to later cells. */
export const givenName = (name: string): string => `${GIVEN}${name}`;

/** Whether a name is one of those by which modules of cells know each other's. */
export const isInternal = (name: string): boolean => name.startsWith(GIVEN);

/** A text of the compiler's with the names as the cells have them. */
export const withOwnNames = (text: string): string =>
  text.replace(/\blayerwise\$(?:type\$|\$)?(?=[\p{ID_Start}$_])/gu, '');

/**
 * What a module gives to later cells. A type that evolved is the one at the cell's end, or any where nothing was
 * assigned yet.
 */
export function exportsOf(declarations: readonly Declaration[]): string[] {
  const unique = [...new Map(declarations.map((declaration) => [declaration.name, declaration])).values()];
  const evolved = firstOfEach(declarations).filter(({ typing }) => typing === 'evolving');
  const names = unique
    .filter(({ alias }) => alias === undefined)
    .map((declaration) => `${declaration.name} as ${exported({ declaration })}`);
  return [
    ...(names.length > 0 ? [`export { ${names.join(', ')} };`] : []),
    // Given away as it is, the compiler would take it for used.
    ...unique.flatMap((declaration) =>
      declaration.alias === undefined ? [] : [`export import ${exported({ declaration })} = ${declaration.alias};`],
    ),
    ...evolved.map(
      ({ name }) => `export type ${TYPE}${name} = [typeof ${name}] extends [null | undefined] ? any : typeof ${name};`,
    ),
  ];
}

const firstOfEach = (declarations: readonly Declaration[]): Declaration[] =>
  [...new Map([...declarations].reverse().map((declaration) => [declaration.name, declaration])).values()].reverse();

/** How a module takes over a name: what it imports from the index, and the line that declares it anew. */
export interface Taken {
  readonly specifier: string;
  readonly line?: string;
}

/** Variables are declared anew with their type, so that they can be assigned to, or not; the rest is imported. */
export function takeValue(name: string, source: Source, besideType: boolean): Taken {
  const { kind, typing, isAmbient } = source.declaration;
  const given = exported(source);
  const taken = (what: string, line: string): Taken => ({
    specifier: `${indexName(what, source.module)} as ${what}`,
    line,
  });
  const isVariable = kind === 'variable' || kind === 'constant';
  if (isAmbient || (!isVariable && !besideType)) return { specifier: `${indexName(given, source.module)} as ${name}` };
  const word = kind === 'variable' ? 'let' : 'const';
  if (isVariable && typing === 'evolving') return taken(`${TYPE}${name}`, `declare ${word} ${name}: ${TYPE}${name};`);
  // A constant without a written type keeps that it widens: what is copied from 0.1 is a number, not 0.1 for ever. The
  // compiler complains of the form, unheard.
  if (kind === 'constant' && typing === 'inferred') return taken(given, `declare const ${name} = ${given};`);
  // Read inside a namespace: elsewhere the type of a name would depend on what the cell's code does before.
  return taken(
    given,
    `declare namespace ${GIVEN} { type $${name} = typeof ${given}; } declare ${word} ${name}: ${GIVEN}.$${name};`,
  );
}

/** Under which name the index gives on what a module gives. */
export const indexName = (given: string, module: string): string => `${given}$of$${/\d*$/.exec(module)?.[0] ?? ''}`;

/** All names under which a module gives something to later cells. */
export function givenBy(declarations: readonly Declaration[]): string[] {
  const all = declarations.map((declaration) => exported({ declaration }));
  return [
    ...new Set([
      ...all,
      ...firstOfEach(declarations)
        .filter(({ typing }) => typing === 'evolving')
        .map(({ name }) => `${TYPE}${name}`),
    ]),
  ];
}
