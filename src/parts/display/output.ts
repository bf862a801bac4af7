import { isOnNode, node } from '../files';
import type { MimeBundle } from './bundle';

/** Where a bundle goes: to a new output, or in place of the one that was shown under the same id. */
export interface OutputOptions {
  readonly id?: string;
  readonly update?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

type Output = (bundle: MimeBundle, options: OutputOptions) => void;

const OUTPUT_HOOK = Symbol.for('layerwise.output');
const RICHEST_FIRST = [
  'application/vnd.plotly.v1+json',
  'text/html',
  'image/svg+xml',
  'image/png',
  'text/markdown',
  'text/latex',
  'text/plain',
];

/**
 * The one door to output. A kernel that takes whole MIME bundles puts a function under
 * `Symbol.for('layerwise.output')`;
 * plain tslab gets the richest single type; elsewhere the text form goes to the console.
 */
export function output(bundle: MimeBundle, options: OutputOptions = {}): void {
  const hook: unknown = Reflect.get(globalThis, OUTPUT_HOOK);
  if (isOutput(hook)) hook(bundle, options);
  else if ('__tslab__' in globalThis) toTslab(bundle, options);
  else if (!options.update && bundle['text/plain'] !== undefined) console.log(bundle['text/plain']);
}

function isOutput(value: unknown): value is Output {
  return typeof value === 'function';
}

interface TslabDisplay {
  raw(type: string, content: unknown): void;
}

interface Tslab {
  readonly display: TslabDisplay;
  newDisplay(): TslabDisplay;
}

function isTslab(value: unknown): value is Tslab {
  return typeof value === 'object' && value !== null && 'display' in value && 'newDisplay' in value;
}

const updatable = new Map<string, TslabDisplay>();

function toTslab(bundle: MimeBundle, { id }: OutputOptions): void {
  const tslab: unknown = node('module').createRequire(__filename)('tslab');
  if (!isTslab(tslab))
    throw new Error('display: this kernel is not tslab 1.0; start it with the kernelspec that Layerwise installs');
  const type = RICHEST_FIRST.find((candidate) => candidate in bundle) ?? Object.keys(bundle)[0];
  if (id === undefined) return tslab.display.raw(type, bundle[type]);
  const shown = updatable.get(id) ?? tslab.newDisplay();
  updatable.set(id, shown);
  shown.raw(type, bundle[type]);
}

let count = 0;

/** An id for an output that will be updated. */
export const newOutputId = (): string => `layerwise-${isOnNode() ? process.pid : 'page'}-${++count}`;
