import { bundleOf, type MimeBundle } from '../../parts/display';
import { passInterrupt } from './interrupted';
import { describe, kindOf, plainJson, type Json } from './plain-json';

export type JsonObject = { readonly [key: string]: Json };

const HOLDS_JSON = /^application\/(.*\+)?json$/;

/**
 * A MIME bundle as it travels: text as text, binary content as base64, JSON as JSON.
 *
 * @throws TypeError where it is no such thing; it says what is wrong and where.
 */
export function bundleJson(bundle: unknown): JsonObject {
  if (typeof bundle !== 'object' || bundle === null || Array.isArray(bundle))
    throw new TypeError(
      `expected an object from MIME type to content, got ${Array.isArray(bundle) ? 'an array' : kindOf(bundle)}`,
    );
  return Object.fromEntries(
    Object.entries(bundle).flatMap(([type, content]): [string, Json][] =>
      content === undefined ? [] : [[type, contentJson(type, content)]],
    ),
  );
}

function contentJson(type: string, content: unknown): Json {
  if (content instanceof Uint8Array) return Buffer.from(content).toString('base64');
  if (HOLDS_JSON.test(type)) return plainJson(content, type);
  if (Array.isArray(content) && content.every((line) => typeof line === 'string')) return plainJson(content, type);
  if (typeof content === 'object' || typeof content === 'function' || typeof content === 'symbol')
    throw new TypeError(`expected text as ${type}, got ${kindOf(content)}`);
  return plainJson(String(content), type);
}

/** Metadata and the like: an object. */
export function objectJson(value: unknown, name: string): JsonObject {
  const json = plainJson(value, name);
  if (typeof json !== 'object' || json === null || isList(json))
    throw new TypeError(`expected ${name} to be an object, got ${kindOf(value)}`);
  return json;
}

const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

/**
 * The forms in which a result is shown. A value that can't be read, or whose own method fails to show it, becomes a
 * text that says so.
 */
export function resultJson(value: unknown): JsonObject {
  try {
    const bundle: MimeBundle = bundleOf(value);
    return bundleJson(bundle);
  } catch (thrown) {
    passInterrupt(thrown);
    return { 'text/plain': `a value that can't be shown: ${describe(thrown)}` };
  }
}
