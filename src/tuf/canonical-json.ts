import { TufError } from './errors.js';

/** A value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const SURROGATE = /[\ud800-\udfff]/;
const SPECIAL = /["\\\ud800-\udfff]/;

/** Deeper than any metadata, shallower than what could exhaust the stack. */
const MAXIMUM_DEPTH = 100;

/** A value that knows its own canonical form, so that it need not be made anew for every signature. */
export abstract class CanonicalValue {
  abstract canonical(): string;
}

/**
 * The form of a value that TUF signs: OLPC canonical JSON (specification 4.2.1), keys in Unicode code point order.
 * @throws TufError `metadata-malformed` for fractions, integers beyond 2^53-1, text that is not valid Unicode, values
 * that JSON cannot carry, and nesting deeper than 100 levels.
 */
export function canonicalJson(value: unknown): string {
  return canonicalValue(value, 0);
}

function canonicalValue(value: unknown, depth: number): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (depth > MAXIMUM_DEPTH)
    throw new TufError('metadata-malformed', `metadata is nested deeper than ${MAXIMUM_DEPTH} levels`);
  if (Array.isArray(value)) return `[${value.map((member) => canonicalValue(member, depth + 1)).join(',')}]`;
  if (value instanceof CanonicalValue) return value.canonical();
  if (typeof value === 'object') return canonicalObject(value, depth);
  throw new TufError('metadata-malformed', `canonical JSON cannot carry a value of type ${typeof value}`);
}

export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8');
}

/** Sorts by Unicode code point; JavaScript's default order is by UTF-16 unit, which differs beyond the BMP. */
export function sortedByCodePoint(names: readonly string[]): string[] {
  return names.some((name) => SURROGATE.test(name)) ? [...names].sort(compareCodePoints) : [...names].sort();
}

function canonicalObject(value: object, depth: number): string {
  const fields = value as Readonly<Record<string, unknown>>;
  let members = '';
  for (const name of inOrder(Object.keys(fields))) {
    const field = fields[name];
    if (field === undefined) continue;
    if (members !== '') members += ',';
    members += canonicalString(name);
    members += ':';
    members += canonicalValue(field, depth + 1);
  }
  return `{${members}}`;
}

// Metadata that was read from a canonical file has its names in order already, and most of it was.
function inOrder(names: string[]): readonly string[] {
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] as string) > (names[index] as string)) return sortedByCodePoint(names);
  }
  return names.some((name) => SURROGATE.test(name)) ? sortedByCodePoint(names) : names;
}

// Only the quote and the backslash are escaped: control characters stand as they are.
function canonicalString(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TufError('metadata-malformed', 'metadata holds text that is not valid Unicode');
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function canonicalNumber(value: number): string {
  if (!Number.isSafeInteger(value)) {
    throw new TufError('metadata-malformed', `canonical JSON takes integers within 2^53-1 only, not ${value}`);
  }
  return String(value === 0 ? 0 : value);
}

export function compareCodePoints(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const unit = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (unit !== other) return codePointRank(unit) - codePointRank(other);
  }
  return left.length - right.length;
}

// Surrogates stand for code points above U+FFFF, so they rank after U+E000…U+FFFF.
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
