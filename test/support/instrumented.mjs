// What the mutants of answers and those of the parts share: Stryker's instrumenter, which puts all mutants of a source
// into one text and chooses the current one by `__stryker__.activeMutant`.
import { Instrumenter } from '@stryker-mutator/instrumenter';

const silent = { isDebugEnabled: () => false, debug: () => undefined, info: () => undefined, warn: console.warn };
/** What an error says is the author's to choose; its class is not. */
const wordsOfErrors = {
  shouldIgnore: (place) =>
    place.isNewExpression() && /Error$/.test(place.node.callee.name) ? 'words of an error' : undefined,
};

const between = (source, { start, end }) => {
  const lines = source.split('\n').slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column);
  lines[0] = lines[0].slice(start.column);
  return lines.join('\n');
};

/**
 * Sources with all their mutants.
 *
 * @param sources each with `name`, `content`, `mutate`: the ranges to change, or true for everything.
 * @returns `files`, in the order of the sources, and `mutants`, each with `id`, `fileName`, `line` and `key`: what
 *   became what.
 */
export async function instrument(sources) {
  const { files, mutants } = await new Instrumenter(silent).instrument(sources, {
    plugins: null,
    excludedMutations: [],
    ignorers: [wordsOfErrors],
  });
  const contents = new Map(sources.map(({ name, content }) => [name, content]));
  return {
    files,
    mutants: mutants
      .filter(({ status }) => status !== 'Ignored')
      .map(({ id, fileName, location, replacement }) => ({
        id,
        fileName,
        line: location.start.line + 1,
        key: keyOf(between(contents.get(fileName), location), replacement),
      })),
  };
}

/** How a mutant is called: what became what. */
export const keyOf = (from, to) => [from, to].map((text) => text.replaceAll(/\s+/g, ' ').slice(0, 160)).join(' → ');

/** Mutants of one place have keys of their own: where two are alike, the second gets a number. */
export function withKeys(mutants, placeOf) {
  const seen = new Map();
  return mutants.map((mutant) => {
    const name = `${placeOf(mutant)}: ${mutant.key}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? mutant : { ...mutant, key: `${mutant.key} (${count})` };
  });
}
