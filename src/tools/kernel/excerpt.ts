const RED = '\u001b[31m';
const RESET = '\u001b[0m';
const CONTEXT_LINES = 2;
/** A page of a handout and a JupyterLab of usual width hold this much in a line. */
const WIDEST = 100;
/** Where a line is cut, so much of it is left before the place. */
const BEFORE_PLACE = 60;

/** The lines around a place, with a caret under it. Lines that are wider than a page are cut. */
export function excerpt(code: string, line: number, column: number, length = 1): string[] {
  const lines = code.split('\n');
  const from = Math.max(1, line - CONTEXT_LINES);
  const to = Math.min(lines.length, line + CONTEXT_LINES);
  const width = String(to).length;
  const shown: string[] = [];
  for (let number = from; number <= to; number++) {
    const text = lines[number - 1];
    const start =
      number === line && text.length > WIDEST
        ? Math.max(0, Math.min(column - 1 - BEFORE_PLACE, text.length - WIDEST))
        : 0;
    const visible = `${start > 0 ? '…' : ''}${text.slice(start, start + WIDEST)}${text.length > start + WIDEST ? '…' : ''}`;
    shown.push(`${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${visible}`);
    if (number !== line) continue;
    const place = column - 1 - start + (start > 0 ? 1 : 0);
    const marked = Math.max(1, Math.min(length, visible.length - place));
    shown.push(
      `  ${' '.repeat(width)} | ${visible.slice(0, place).replace(/[^\t]/g, ' ')}${RED}${'^'.repeat(marked)}${RESET}`,
    );
  }
  return shown;
}
