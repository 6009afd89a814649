import { reasonAgainstPath } from '../tuf/artifact-path.js';
import { matchesStars } from './stars.js';

/**
 * A pattern of artifact paths: `*` stands for any characters but `/`, and the segment `**` for one or more whole segments.
 * Every other character stands for itself.
 */
export type PathLimit = string & { readonly brand: 'PathLimit' };

const MANY = '**';

/** What a limit must or must not be where this text is none; null where it is one. */
export function reasonAgainstPathLimit(text: string): string | null {
  // They would stand for themselves, and so allow nothing of what their writer had in mind.
  if (/[[\]{}?]|^!/.test(text)) return 'must not contain "?", "[", "]", "{" or "}", nor start with "!"';
  if (text.split('/').some((segment) => segment !== MANY && segment.includes(MANY))) {
    return 'must have "**" only as a whole segment';
  }
  return reasonAgainstPath(text);
}

export function pathMatches(limit: PathLimit, path: string): boolean {
  return consumes(limit.split('/'), path.split('/'), matchesStars);
}

/**
 * Whether `outer` matches every path that `inner` matches. Says no where it cannot tell: a wildcard of `inner` has to be
 * taken up by one of `outer`.
 */
export function pathCovers(outer: PathLimit, inner: PathLimit): boolean {
  return consumes(outer.split('/'), inner.split('/'), (segment, text) => text !== MANY && matchesStars(segment, text));
}

/** Keeps the numbers of parts that the segments so far can stand for, instead of trying one after the other. */
function consumes(
  segments: readonly string[],
  parts: readonly string[],
  matches: (segment: string, part: string) => boolean,
): boolean {
  let places = [0];
  for (const segment of segments) {
    const [first] = places;
    if (first === undefined) return false;
    places =
      segment === MANY
        ? parts.slice(first).map((_, index) => first + index + 1)
        : places.flatMap((at) => (at < parts.length && matches(segment, parts[at] ?? '') ? [at + 1] : []));
  }
  return places.includes(parts.length);
}
