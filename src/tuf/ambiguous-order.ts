import { canonicalJson, sortedByCodePoint } from './canonical-json.js';

/** Beyond U+FFFF, written with an escape, or sorted before the quote that ends a name: without these all clients agree. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DOUBTFUL = /[\u0000-!"\\\ud800-\udfff]/;

/**
 * The neighbours among `names`, in code point order, that some client sorts the other way round. Signatures cover the
 * sorted form, so such a client would refuse the whole object. Where all neighbours agree, all names do.
 */
export function ambiguousPairs(names: readonly string[]): [string, string][] {
  if (!names.some((name) => DOUBTFUL.test(name))) return [];
  const sorted = sortedByCodePoint(names);
  return sorted.flatMap((second, index) => {
    const first = sorted[index - 1];
    return first !== undefined && isSortedDifferently(first, second) ? [[first, second] as [string, string]] : [];
  });
}

function isSortedDifferently(first: string, second: string): boolean {
  return isAfterByUtf16(first, second) || isAfterAsWritten(first, second);
}

/** tuf-js sorts by UTF-16 unit: differs from code point order beyond U+FFFF. */
function isAfterByUtf16(first: string, second: string): boolean {
  return first > second;
}

/** tough sorts names as they are written, escapes and the closing quote included. */
function isAfterAsWritten(first: string, second: string): boolean {
  const written = [canonicalJson(first), canonicalJson(second)];
  return sortedByCodePoint(written)[0] !== written[0];
}
