import { inspect } from 'node-inspect-extracted';
import { withPlainNames } from '../../../kernel/slots';
import type { CellFrame, CellOutput } from '../messages';

/** The lines of cells that ran, by their ids: see `RunnableCell.lines`. */
export type Lines = ReadonlyMap<string, readonly number[]>;

/** How a cell's script is called in stack traces. */
export const addressOf = (cell: string): string => `layerwise-cell:///${cell}`;

// Chromium writes `at name (address:1:2)`, Firefox `name@address:1:2`.
const FRAME = /^(?:\s*at (?:async )?(?:(.*?) \()?|(.*?)@)layerwise-cell:\/\/\/([\w-]+):(\d+):\d+\)?$/gm;

/** What a cell threw, with the lines of cells that led to it, the innermost first. */
export function errorOutput(thrown: unknown, lines: Lines): CellOutput {
  if (!(thrown instanceof Error)) return { kind: 'error', name: 'Thrown', message: inspect(thrown), frames: [] };
  const frames = [...(thrown.stack ?? '').matchAll(FRAME)].flatMap(
    ([, before = '', after = '', cell, at]): CellFrame[] => {
      const line = lines.get(cell)?.[Number(at) - 1] ?? 0;
      const name = withPlainNames(before || after);
      return line > 0 ? [{ cell, line, name: /layerwise\$|^Object\.|anonymous/.test(name) ? '' : name }] : [];
    },
  );
  return { kind: 'error', name: thrown.name, message: withPlainNames(thrown.message), frames };
}
