// Progress lines: one that is rewritten in place on a terminal, a plain line now and then elsewhere.
const RESET = '\u001b[0m';
const CLEAR_LINE = '\r\u001b[2K';

/** Seconds since `start` (milliseconds, from `performance.now()`), as "0.4 s" or "2 min 05 s". */
export function elapsed(start, now = performance.now()) {
  const seconds = (now - start) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
}

/** Colors text green, yellow or red where the output is a terminal. */
export function paint(color, text, stream = process.stdout) {
  const code = { green: 32, yellow: 33, red: 31, dim: 2 }[color];
  return stream.isTTY && !process.env.NO_COLOR ? `\u001b[${code}m${text}${RESET}` : text;
}

/**
 * Writes `line()` again and again: in place on a terminal, as a plain line now and then elsewhere. Returns `{ clear(),
 * end() }`: before other lines are written, and at the end.
 */
export function rewriteLine(line, stream = process.stdout) {
  const write = () =>
    stream.write(stream.isTTY ? CLEAR_LINE + line().slice(0, (stream.columns || 80) - 1) : `     ${line()}\n`);
  const timer = setInterval(write, stream.isTTY ? 200 : 10_000);
  const clear = () => {
    if (stream.isTTY) stream.write(CLEAR_LINE);
  };
  return {
    clear,
    end: () => {
      clearInterval(timer);
      clear();
    },
  };
}

/**
 * Shows one running step: `title`, elapsed time and the latest detail.
 * Returns `{ detail(text), done(text), fail(text) }`.
 */
export function showStep(title, stream = process.stdout) {
  const start = performance.now();
  let latest = '';
  const running = rewriteLine(() => `${title} … ${elapsed(start)}${latest ? `  ${latest}` : ''}`, stream);
  const end = (mark, color, text) => {
    running.end();
    stream.write(`${paint(color, mark, stream)} ${title}${text ? `: ${text}` : ''} (${elapsed(start)})\n`);
  };
  return {
    detail: (text) => {
      latest = text;
    },
    done: (text = '') => end('[done]', 'green', text),
    fail: (text = '') => end('[fail]', 'red', text),
  };
}
