import { reasonAgainstPath } from './artifact-path.js';
import { TufError } from './errors.js';

/** A PATHPATTERN (specification 4.5) of the language that clients read alike: see {@link parsePathPattern}. */
export type PathPattern = string & { readonly brand: 'PathPattern' };

/** `contested`: clients disagree, or may, so that no role from this one on can list the path for all of them. */
export type PathMatch = 'matches' | 'differs' | 'contested';

/** tuf-js backtracks over the wildcards of a segment: with four, one unlucky path takes it minutes. */
export const MAXIMUM_STARS_PER_SEGMENT = 3;

interface PatternRule {
  readonly broken: (pattern: string) => boolean;
  readonly reason: string;
}

/** In order; the first broken rule is the one reported. */
const RULES: readonly PatternRule[] = [
  { broken: (pattern) => /[#%]/.test(pattern), reason: 'must not contain "#" or "%"' },
  // Two stars cross "/" in tough alone.
  { broken: (pattern) => pattern.includes('**'), reason: 'must not contain "**"' },
  // Classes: negated by "!", "^" or either; unclosed, an error in go-tuf and tough.
  { broken: (pattern) => /[[\]]/.test(pattern), reason: 'must not contain "[" or "]"' },
  // Alternatives in tuf-js and tough; unbalanced, tough refuses the whole repository.
  { broken: (pattern) => /[{}]/.test(pattern), reason: 'must not contain "{" or "}"' },
  // tuf-js alone: "!" negates the segment, and "+(a|b)" has alternatives.
  { broken: (pattern) => /(?:^|\/)!/.test(pattern), reason: 'must not have a segment that starts with "!"' },
  { broken: (pattern) => /[!?+*@]\(/.test(pattern), reason: 'must not contain "(" after "!", "?", "+", "*" or "@"' },
  {
    broken: (pattern) => pattern.split('/').some((part) => part.split('*').length > MAXIMUM_STARS_PER_SEGMENT + 1),
    reason: `must not contain more than ${MAXIMUM_STARS_PER_SEGMENT} "*" in a segment`,
  },
];

/**
 * Checks a path pattern: an artifact path in which `*` stands for any characters but `/`, and `?` for one of ASCII but `/`.
 * @throws TufError `path-pattern-invalid` naming the broken rule.
 */
export function parsePathPattern(value: unknown, field: string): PathPattern {
  if (typeof value !== 'string') throw new TufError('path-pattern-invalid', `${field} must be a string`, field);
  const reason = RULES.find((rule) => rule.broken(value))?.reason ?? reasonAgainstPath(value.replaceAll('?', '*'));
  if (reason !== null) throw new TufError('path-pattern-invalid', `${field} ${reason}`, field);
  return value as PathPattern;
}

/**
 * Whether clients take an artifact path for one that the pattern delegates. `differs` leaves tough out, whose wildcards
 * match more: see {@link toughMatches}.
 */
export function matchPathPattern(pattern: PathPattern, path: string): PathMatch {
  const { prefix, segments } = compiled(pattern);
  if (!path.startsWith(prefix)) return 'differs';
  const parts = path.split('/');
  if (parts.length !== segments.length) return 'differs';
  const matches = segments.map((segment, index) => matchSegment(segment, parts[index] ?? ''));
  if (matches.includes('differs')) return 'differs';
  return matches.includes('contested') ? 'contested' : 'matches';
}

/**
 * Whether tough takes the path for one that the pattern delegates: its wildcards match `/` too, and `?` is one byte. Where
 * {@link matchPathPattern} says `differs` all the same, tough looks into the role in vain, and stops there if it terminates.
 */
export function toughMatches(pattern: PathPattern, path: string): boolean {
  const { prefix, tokens } = compiled(pattern);
  return path.startsWith(prefix) && consumes(tokens, Buffer.from(path), () => 1);
}

/** The text before the first wildcard, with which every path starts that the pattern matches. */
export function literalPrefix(pattern: PathPattern): string {
  return /^[^*?]*/.exec(pattern)?.[0] ?? '';
}

/** A byte to find, or a wildcard. */
type Token = number | '*' | '?';

interface Segment {
  /** What stands between the stars. */
  readonly pieces: readonly string[];
  readonly startsWithWildcard: boolean;
  readonly hasQuestionMark: boolean;
  readonly tokens: readonly Token[];
}

interface CompiledPattern {
  readonly prefix: string;
  readonly segments: readonly Segment[];
  readonly tokens: readonly Token[];
}

const COMPILED_PATTERNS_KEPT = 10_000;
const compiledPatterns = new Map<PathPattern, CompiledPattern>();

function compiled(pattern: PathPattern): CompiledPattern {
  const known = compiledPatterns.get(pattern);
  if (known) return known;
  const segments = pattern.split('/').map(compileSegment);
  const fresh = { prefix: literalPrefix(pattern), segments, tokens: tokensOf(pattern) };
  if (compiledPatterns.size >= COMPILED_PATTERNS_KEPT) compiledPatterns.clear();
  compiledPatterns.set(pattern, fresh);
  return fresh;
}

function compileSegment(text: string): Segment {
  return {
    pieces: text.split('*'),
    startsWithWildcard: /^[*?]/.test(text),
    hasQuestionMark: text.includes('?'),
    tokens: tokensOf(text),
  };
}

function tokensOf(text: string): Token[] {
  return text
    .split(/([*?])/)
    .flatMap((part): Token[] => (part === '*' || part === '?' ? [part] : [...Buffer.from(part)]));
}

function matchSegment(segment: Segment, text: string): PathMatch {
  const match = segment.hasQuestionMark ? matchQuestionMarks(segment.tokens, text) : matchStars(segment.pieces, text);
  // tuf-js alone: no wildcard matches a leading dot.
  return match === 'matches' && segment.startsWithWildcard && text.startsWith('.') ? 'contested' : match;
}

/** The first place of every piece is as good as any later one, so that nothing is tried twice. */
function matchStars(pieces: readonly string[], text: string): PathMatch {
  const [first = '', ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return text === first ? 'matches' : 'differs';
  if (!text.startsWith(first)) return 'differs';
  let at = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found < 0) return 'differs';
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last) ? 'matches' : 'differs';
}

/**
 * Beyond ASCII, `?` is a code point (python-tuf), a UTF-16 unit (tuf-js), a byte (tough), or a code point or one of its
 * later bytes (go-tuf): contested where it would have to be any of these.
 */
function matchQuestionMarks(tokens: readonly Token[], text: string): PathMatch {
  const bytes = Buffer.from(text);
  if (consumes(tokens, bytes, (at) => (isAscii(bytes[at]) ? 1 : 0))) return 'matches';
  if (bytes.length === text.length) return 'differs';
  return consumes(tokens, bytes, (at) => restOfCharacter(bytes, at)) ? 'contested' : 'differs';
}

function isAscii(byte: number | undefined): boolean {
  return byte !== undefined && byte < 0x80;
}

function restOfCharacter(bytes: Uint8Array, at: number): number {
  let end = at + 1;
  while (isContinuation(bytes[end])) end += 1;
  return end - at;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0;
}

/**
 * Whether the tokens consume all bytes, where `?` consumes one up to `most(at)`. Keeps the places that the tokens so far
 * can have come to, instead of trying each: tokens times bytes is the longest that it takes.
 */
function consumes(tokens: readonly Token[], bytes: Uint8Array, most: (at: number) => number): boolean {
  let places = new Uint8Array(bytes.length + 1);
  let first = 0;
  places[0] = 1;
  for (const token of tokens) {
    if (token === '*') {
      places.fill(1, first);
      continue;
    }
    const next = new Uint8Array(bytes.length + 1);
    for (let at = first; at < bytes.length; at += 1) {
      if (places[at] === 0) continue;
      const width = token === '?' ? most(at) : Number(bytes[at] === token);
      next.fill(1, at + 1, at + 1 + width);
    }
    places = next;
    first = places.indexOf(1);
    if (first < 0) return false;
  }
  return places[bytes.length] === 1;
}
