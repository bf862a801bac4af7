let drawn = false;
let toldAt = -Infinity;

const EVERY_MS = 10_000;

/** Shows how far something is: in place on a terminal, else as a line every ten seconds. */
export function drawLine(line: string): void {
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\u001b[2K${line.slice(0, (process.stdout.columns || 80) - 1)}`);
    drawn = true;
  } else if (performance.now() - toldAt > EVERY_MS) {
    if (toldAt > -Infinity) console.log(`       ${line}`);
    toldAt = performance.now();
  }
}

/** Makes room for other lines. */
export function clearLine(): void {
  if (drawn) process.stdout.write('\r\u001b[2K');
  drawn = false;
}

const BAR_WIDTH = 24;

export const bar = (fraction: number): string => '█'.repeat(Math.round(fraction * BAR_WIDTH)).padEnd(BAR_WIDTH, '░');

/** Seconds as a person says them. */
export const duration = (seconds: number): string =>
  seconds < 100
    ? `${seconds.toFixed(0)} s`
    : seconds < 6000
      ? `${(seconds / 60).toFixed(0)} min`
      : `${(seconds / 3600).toFixed(1)} h`;
