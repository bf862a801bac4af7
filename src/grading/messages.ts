import type { Case, Test } from './exercise';
import { callText, describe, kindOf, type Outcome } from './values';

/** What went wrong in a call whose input and result may be shown. */
export function shownProblem({ words }: Test, name: string, { input, expect }: Case, outcome: Outcome): string {
  const call = words?.call?.(input) ?? callText(name, input);
  if ('thrown' in outcome) return `${call} threw ${outcome.thrown.name}: ${outcome.thrown.message}`.slice(0, 500);
  return `${call} ${words?.result ?? 'returned'} ${describe(outcome.returned)}; expected ${expect.expected}${words?.look ? `. ${words.look}` : ''}`;
}

/** The same for hidden tests: neither the input nor what came back, but what to look at. */
export function hiddenProblem({ name: property, words }: Test, name: string, outcome: Outcome): string {
  const came = 'thrown' in outcome ? 'threw an error' : `${words?.result ?? 'returned'} ${kindOf(outcome.returned)}, but not the right one`;
  return `${name}(…), with inputs that are not shown, ${came}; expected that it ${property}${words?.look ? `. ${words.look}` : ''}`;
}
