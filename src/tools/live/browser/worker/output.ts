import { formatWithOptions, inspect } from 'node-inspect-extracted';
import type { MimeBundle, OutputOptions } from '../../../../parts/display';
import { provideInspect } from '../../../../parts/display/inspect';
import { toBase64 } from '../../../../parts/files';
import type { Bundle, CellOutput } from '../messages';
import { define, worker } from './scope';

let running = '';

/** Whose output comes from now on. */
export const outputOf = (cell: string): void => void (running = cell);

export const send = (output: CellOutput): void => worker.postMessage({ kind: 'output', cell: running, output });

/** Makes the console and the parts write to the page. */
export function connectOutput(): void {
  provideInspect(inspect);
  const print =
    (name: 'stdout' | 'stderr') =>
    (...words: unknown[]): void =>
      send({ kind: 'stream', name, text: `${formatWithOptions({}, ...words)}\n` });
  const [out, err] = [print('stdout'), print('stderr')];
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
