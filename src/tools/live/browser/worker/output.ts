import { formatWithOptions, inspect } from 'node-inspect-extracted';
import type { MimeBundle, OutputOptions } from '../../../../parts/display';
import { provideInspect } from '../../../../parts/display/inspect';
import { toBase64 } from '../../../../parts/files';
import type { Bundle, CellOutput } from '../messages';
import { define, worker } from './scope';

type StreamName = 'stdout' | 'stderr';

/** A page must stay quick while a loop prints: of so many milliseconds, only the first texts are sent one by one. */
const PAUSE = 50;
const MOST_AT_ONCE = 20;
/** So many signs of printed text a cell's page holds. */
const MOST_PRINTED = 500_000;

let running = '';
let printed = 0;
let pending: { readonly name: StreamName; text: string } | undefined;
/** When the present pause began, and how many texts were sent since. */
let [since, sent] = [0, 0];
let isWaiting = false;

/** Whose output comes from now on. */
export function outputOf(cell: string): void {
  running = cell;
  printed = 0;
}

export function send(output: CellOutput): void {
  flush();
  worker.postMessage({ kind: 'output', cell: running, output });
}

/** Sends what was printed. */
export function flush(): void {
  if (!pending) return;
  const { name, text } = pending;
  pending = undefined;
  sent++;
  worker.postMessage({ kind: 'output', cell: running, output: { kind: 'stream', name, text } });
}

/** Prints as part of what the running cell prints. */
export function print(name: StreamName, text: string): void {
  const left = MOST_PRINTED - printed;
  if (left <= 0) return;
  printed += text.length;
  if (pending?.name !== name) flush();
  pending ??= { name, text: '' };
  pending.text += text.length > left ? `${text.slice(0, left)}\n… more was printed than a page holds\n` : text;
  if (performance.now() - since > PAUSE) [since, sent] = [performance.now(), 0];
  if (sent < MOST_AT_ONCE) return flush();
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    flush();
  }, PAUSE);
}

/** Makes the console and the parts write to the page. */
export function connectOutput(): void {
  provideInspect(inspect);
  const printer =
    (name: StreamName) =>
    (...words: unknown[]): void =>
      print(name, `${formatWithOptions({}, ...words)}\n`);
  const [out, err] = [printer('stdout'), printer('stderr')];
  Object.assign(console, { log: out, info: out, debug: out, warn: err, error: err });
  define(Symbol.for('layerwise.output'), (bundle: MimeBundle, { id, update }: OutputOptions) =>
    send({ kind: 'display', bundle: asTexts(bundle), id, update }),
  );
  define(Symbol.for('layerwise.clear-output'), (wait: boolean) => send({ kind: 'clear', wait }));
}

/** A bundle as it travels. */
export const asTexts = (bundle: MimeBundle): Bundle =>
  Object.fromEntries(
    Object.entries(bundle).flatMap(([type, content]): [string, string][] =>
      content === undefined ? [] : [[type, asText(content)]],
    ),
  );

function asText(content: unknown): string {
  if (content instanceof Uint8Array) return toBase64(content);
  return typeof content === 'string' ? content : JSON.stringify(content, withPlainLists);
}

/** Typed arrays as lists, as the kernel sends them. */
const withPlainLists = (_: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) && Symbol.iterator in value ? Array.from(value as Iterable<unknown>) : value;
