import type { Checker } from './checker';
import { isComplete } from './completeness';
import type { Content } from './messages';
import { toCodePoints, toUtf16 } from './positions';

const codeOf = ({ code }: Content): string => (typeof code === 'string' ? code : '');
const cursorOf = ({ cursor_pos: cursor }: Content, otherwise: number): number =>
  typeof cursor === 'number' ? cursor : otherwise;

/** What the front end asks about code that isn't run, by the name of the request: the content of its reply. */
export const codeQuestions: Readonly<Record<string, (content: Content, checker: Checker) => Content>> = {
  is_complete_request: (content) => ({ ...isComplete(codeOf(content)) }),
  complete_request: (content, checker) => {
    const code = codeOf(content);
    const { start, end, names } = checker.complete(code, toUtf16(code, cursorOf(content, code.length)));
    return {
      status: 'ok',
      matches: names,
      cursor_start: toCodePoints(code, start),
      cursor_end: toCodePoints(code, end),
      metadata: {},
    };
  },
  inspect_request: (content, checker) => {
    const code = codeOf(content);
    const found = checker.inspect(code, toUtf16(code, cursorOf(content, 0)));
    return {
      status: 'ok',
      found: found !== undefined,
      data: found ? { 'text/plain': found.text, 'text/markdown': found.markdown } : {},
      metadata: {},
    };
  },
};
