import type { Declaration } from './declarations';

/** Where a name of an earlier cell comes from. */
export interface Source {
  readonly module: string;
  readonly declaration: Declaration;
}

/** Under which name a module gives a declaration to later cells: one that no code uses. */
export const exported = ({ declaration: { name, isAmbient } }: { readonly declaration: Declaration }): string => `${isAmbient ? AMBIENT : GIVEN}${name}`;
const GIVEN = 'layerwise$';
/** For names that are no variables of the cells'. */
export const AMBIENT = 'layerwise$$';
const TYPE = 'layerwise$type$';

/** The name under which a module gives a variable to later cells. */
export const givenName = (name: string): string => `${GIVEN}${name}`;

/** Whether a name is one of those by which modules of cells know each other's. */
export const isInternal = (name: string): boolean => name.startsWith(GIVEN);

/** A text of the compiler's with the names as the cells have them. */
export const withOwnNames = (text: string): string => text.replace(/\blayerwise\$(?:type\$|\$)?(?=[\p{ID_Start}$_])/gu, '');

/** What a module gives to later cells. A type that evolved is the one at the cell's end, or any where nothing was assigned yet. */
export function exportsOf(declarations: readonly Declaration[]): string[] {
  const unique = [...new Map(declarations.map((declaration) => [declaration.name, declaration])).values()];
  const evolved = firstOfEach(declarations).filter(({ typing }) => typing === 'evolving');
  const names = unique.filter(({ alias }) => alias === undefined).map((declaration) => `${declaration.name} as ${exported({ declaration })}`);
  return [
    ...(names.length > 0 ? [`export { ${names.join(', ')} };`] : []),
    // Given away as it is, the compiler would take it for used.
    ...unique.flatMap((declaration) => (declaration.alias === undefined ? [] : [`export import ${exported({ declaration })} = ${declaration.alias};`])),
    ...evolved.map(({ name }) => `export type ${TYPE}${name} = [typeof ${name}] extends [null | undefined] ? any : typeof ${name};`),
  ];
}

const firstOfEach = (declarations: readonly Declaration[]): Declaration[] => [...new Map([...declarations].reverse().map((declaration) => [declaration.name, declaration])).values()].reverse();

/** Variables are declared anew with their type, so that they can be assigned to, or not; the rest is imported. */
export function takeValue(name: string, source: Source, besideType: boolean): string {
  const { module, declaration } = source;
  const { kind, typing, isAmbient } = declaration;
  const given = exported(source);
  // A type read from the module itself: that of a name in this one would depend on what its code does before.
  const type = `typeof import('./${module}').${given}`;
  if (isAmbient) return `import { ${given} as ${name} } from './${module}';`;
  if (kind === 'variable' || kind === 'constant') {
    const word = kind === 'variable' ? 'let' : 'const';
    if (typing === 'evolving') return `declare ${word} ${name}: import('./${module}').${TYPE}${name};`;
    // A constant without a written type keeps that it widens: what is copied from 0.1 is a number, not 0.1 for ever. The compiler complains of the form, unheard.
    return kind === 'constant' && typing === 'inferred' ? `import { ${given} } from './${module}'; declare const ${name} = ${given};` : `declare ${word} ${name}: ${type};`;
  }
  return besideType ? `declare const ${name}: ${type};` : `import { ${given} as ${name} } from './${module}';`;
}
