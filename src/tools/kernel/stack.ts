import { fileURLToPath } from 'node:url';

/** A line of an error's stack. */
export interface StackEntry {
  readonly name: string;
  /** Absolute path, or `node:…`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

// A path may hold spaces and parentheses, so it is known by its beginning; what `eval` made has none.
const ENTRY = /^\s+at (?:async )?(?:(.*?) \()?((?:file:\/\/)?\/.*|node:.*?):(\d+):(\d+)\)?$/;

/** The calls that an error's stack tells of, the innermost first. */
export function stackEntries(stack: string, message: string): StackEntry[] {
  // The message comes first and may itself look like a stack.
  const start = message === '' ? -1 : stack.indexOf(message);
  return stack
    .slice(start < 0 ? 0 : start + message.length)
    .split('\n')
    .flatMap((text): StackEntry[] => {
      const match = text.includes('(eval at ') ? null : ENTRY.exec(text);
      if (!match) return [];
      const [, name = '', file, line, column] = match;
      return [{ name, file: pathOf(file), line: Number(line), column: Number(column) }];
    });
}

function pathOf(file: string): string {
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : file;
  } catch {
    return file;
  }
}
