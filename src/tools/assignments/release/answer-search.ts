import type { Notebook } from '../../notebook';
import { solutionOf, withoutMarks, WRITTEN_SOLUTION } from './solutions';

/** What must not be found in a file, by its letters and digits. */
export interface Secret {
  /** What it is, as in `the answer to "predict" of 00-start-here`. */
  readonly name: string;
  readonly letters: string;
}

/** So many letters and digits tell an answer from what anybody writes. */
const SHORTEST = 24;
const ESCAPES =
  /\\+(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|[nrtbf0])|&(?:amp;)*(?:lt|gt|amp|quot|apos|nbsp|#\d+|#x[\da-fA-F]+);/g;
const TAGS = /<\/?[a-zA-Z][^<>]*>/g;

/**
 * A text's letters and digits: white space, punctuation and the escapes of JSON and HTML are left out, so that another
 * form doesn't hide an answer.
 */
export const lettersOf = (text: string): string => text.replace(ESCAPES, '').replace(/\W+/g, '');

/**
 * The answers of a notebook with references, in code and in words. A short one counts only together with the head of
 * its function.
 */
export function answersIn({ name, content }: Notebook): Secret[] {
  return content.cells.flatMap(({ id, source }) => {
    const code = lettersOf(solutionOf(source));
    const texts = [
      code.length > 0 && code.length < SHORTEST ? lettersOf(withoutMarks(source)) : code,
      ...[...source.matchAll(WRITTEN_SOLUTION)].map(([, text]) => lettersOf(text)),
    ];
    return texts
      .filter((text) => text.length >= SHORTEST)
      .map((letters) => ({ name: `the answer of ${name}, cell "${id}"`, letters }));
  });
}

/** The hidden tests of a file of them, an exercise each. */
export function hiddenTestsIn(name: string, text: string): Secret[] {
  return text
    .split(/\b(?=hiddenTests\()/)
    .slice(1)
    .map((block) => ({ name: `hidden tests of ${name}`, letters: lettersOf(block.replace(/\n\];[\s\S]*$/, '')) }));
}

/** The answers of a file of known ones. */
export function knownAnswersIn(name: string, text: string): Secret[] {
  return text
    .split(/^(?=(?:wrong|slow|mistake|unusual)\()/m)
    .slice(1)
    .map((block) => ({ name: `a known answer of ${name}`, letters: lettersOf(block) }));
}

/** Names of the secrets that a text holds, as it stands or between the tags of a page. */
export function secretsIn(text: string, secrets: readonly Secret[]): string[] {
  const views = [lettersOf(text), lettersOf(text.replace(TAGS, ''))];
  return secrets.filter(({ letters }) => views.some((view) => view.includes(letters))).map(({ name }) => name);
}
