// What a cell shows, of an executed notebook and of a page, and how far the two are the same.
import { z } from 'zod';
import type { CellOutput } from '../../src/tools/live/browser/messages';
import type { Output } from '../../src/tools/notebook';

/** A piece of output: its kind and its text. */
export interface Piece {
  readonly type: string;
  readonly text: string;
}

const PLOTLY = 'application/vnd.plotly.v1+json';
const RICHEST_FIRST = [PLOTLY, 'text/html', 'image/png', 'text/markdown', 'text/plain'];
const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]);
const bundle = z.record(z.string(), z.union([text, z.looseObject({})]));

/** The richest form of a bundle. */
function pieceOf(forms: Readonly<Record<string, unknown>>): Piece {
  const type = RICHEST_FIRST.find((candidate) => candidate in forms) ?? Object.keys(forms)[0] ?? '';
  const content = forms[type];
  return { type, text: typeof content === 'string' ? content : JSON.stringify(content) };
}

/** What a program writes in several pieces is one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (last?.type === piece.type && /^std/.test(piece.type))
      all[all.length - 1] = { ...piece, text: last.text + piece.text };
    else all.push(piece);
  }
  return all;
}

export const piecesOfNotebook = (outputs: readonly Output[]): Piece[] =>
  joined(
    outputs.map((output) => {
      if (output.output_type === 'stream') return { type: String(output.name), text: text.parse(output.text) };
      if (output.output_type === 'error') return { type: 'error', text: `${output.ename}: ${output.evalue}` };
      return pieceOf(bundle.parse(output.data));
    }),
  );

export function piecesOfPage(outputs: readonly CellOutput[]): Piece[] {
  const pieces: Piece[] = [];
  const places = new Map<string, number>();
  for (const output of outputs) {
    if (output.kind === 'clear') pieces.length = 0;
    else if (output.kind === 'stream') pieces.push({ type: output.name, text: output.text });
    else if (output.kind === 'error') pieces.push({ type: 'error', text: `${output.name}: ${output.message}` });
    else {
      const place = output.update ? places.get(output.id ?? '') : undefined;
      if (place !== undefined) pieces[place] = pieceOf(output.bundle);
      else if (output.id !== undefined) places.set(output.id, pieces.length);
      if (place === undefined) pieces.push(pieceOf(output.bundle));
    }
  }
  return joined(pieces);
}

/** Of the largest number of a figure: what machines may differ by. */
const TOLERANCE = 1e-6;

/**
 * `digits`: figures of which some numbers differ by less than a millionth of their largest; text must be equal sign by
 * sign.
 */
export function compare(book: readonly Piece[], page: readonly Piece[]): 'equal' | 'digits' | 'different' {
  if (book.length !== page.length) return 'different';
  const states = book.map((piece, i) => comparePiece(piece, page[i]));
  return states.includes('different') ? 'different' : states.includes('digits') ? 'digits' : 'equal';
}

function comparePiece(book: Piece, page: Piece): 'equal' | 'digits' | 'different' {
  if (book.type !== page.type) return 'different';
  if (book.text === page.text) return 'equal';
  if (book.type !== PLOTLY) return 'different';
  const [a, b] = [JSON.parse(book.text), JSON.parse(page.text)].map((spec: unknown) => leavesOf(spec));
  if (a.length !== b.length) return 'different';
  const largest = Math.max(...a.map(({ value }) => (typeof value === 'number' ? Math.abs(value) : 0)));
  let state: 'equal' | 'digits' = 'equal';
  for (const [i, { key, value }] of a.entries()) {
    const other = b[i];
    if (key !== other.key) return 'different';
    if (value === other.value) continue;
    if (typeof value !== 'number' || typeof other.value !== 'number') return 'different';
    if (Math.abs(value - other.value) > TOLERANCE * largest) return 'different';
    state = 'digits';
  }
  return state;
}

interface Leaf {
  readonly key: string;
  readonly value: unknown;
}

/** The values of a JSON with their places, whatever the order of its keys. */
function leavesOf(json: unknown, key = ''): Leaf[] {
  if (typeof json !== 'object' || json === null) return [{ key, value: json }];
  return Object.entries(json)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => leavesOf(value, `${key}.${name}`));
}
