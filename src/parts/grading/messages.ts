import type { Comparer } from './compare';
import type { Case, Test, Words } from './exercise';
import { callText, describe, kindOf, strangeness, type Outcome } from './values';

/** What went wrong in a call whose input and result may be shown. */
export function shownProblem({ words }: Test, name: string, { input, expect }: Case, outcome: Outcome): string {
  const call = words?.call?.(input) ?? callText(name, input);
  const came =
    'thrown' in outcome
      ? `threw ${outcome.thrown.name}: ${outcome.thrown.message}`.slice(0, 300)
      : `${words?.result ?? 'returned'} ${expect.tell?.(outcome.returned) ?? told(outcome.returned, expect)}`;
  // What an error says is nearer to its cause than what a test looks at.
  return `${call} ${came}; expected ${expect.expected}${'thrown' in outcome ? '' : hint(words, expect, outcome)}`;
}

/** What came back as it would be written, with all digits where it looks as what is expected. */
const told = (value: unknown, { expected }: Comparer): string =>
  describe(value, expected.startsWith(describe(value)) ? 17 : undefined);

/** The same for hidden tests: neither the input nor what came back, but what to look at. */
export function hiddenProblem(
  { name: property, words }: Test,
  name: string,
  { expect }: Pick<Case, 'expect'>,
  outcome: Outcome,
): string {
  return `${name}(…), with inputs that are not shown, ${cameHidden(words, expect, outcome)}; expected that it ${property}${hint(words, expect, outcome)}`;
}

function cameHidden(words: Words | undefined, { error }: Comparer, outcome: Outcome): string {
  const came = 'thrown' in outcome ? 'threw an error' : `${words?.result ?? 'returned'} ${kindOf(outcome.returned)}`;
  if (error !== undefined) return `${came}, but no ${error}`;
  return 'thrown' in outcome || isNothing(outcome.returned) || strangeness(outcome.returned) > 0
    ? came
    : `${came}, but not the right one`;
}

const isNothing = (value: unknown): boolean => value === null || value === undefined;

const NOT_FINITE =
  'It is NaN or infinite: look for a number that grows too large, a division by 0, or a place beyond the end of a list.';

/** A sentence on what to look at, where there is one that fits what was seen. */
function hint(words: Words | undefined, { error, strangeness: most = 2 }: Comparer, outcome: Outcome): string {
  if ('thrown' in outcome) return error === undefined ? sentence(words?.look) : '';
  if (outcome.returned === undefined && error === undefined)
    return sentence('Look for a way through it that ends without `return`.');
  if (strangeness(outcome.returned) <= most) return sentence(words?.look);
  return sentence(words?.notFinite ?? [NOT_FINITE, words?.look ?? []].flat().join(' '));
}

const sentence = (text: string | undefined): string => (text === undefined ? '' : `. ${text}`);
