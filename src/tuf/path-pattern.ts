import { parseArtifactPath } from './artifact-path.js';
import { TufError } from './errors.js';

/** A shell pattern over paths, as in `paths` of a delegation (specification 4.5): `*` and `?` do not cross "/". */
export type PathPattern = string & { readonly brand: 'PathPattern' };

/** `contested` where clients disagree, so that no artifact may have the path there. */
export type PatternMatch = 'matches' | 'differs' | 'contested';

/**
 * Checks a pattern: literal text, `*` and `?`. What else is special to some client (minimatch of tuf-js, fnmatch of
 * python-tuf, filepath.Match of go-tuf, globset of tough) is refused, for others would take it literally.
 * @throws TufError `path-pattern-invalid`.
 */
export function parsePathPattern(value: unknown, field: string): PathPattern {
  if (typeof value !== 'string') throw invalid(field, 'must be a string');
  if (/[[\]{}()\\|]/.test(value))
    throw invalid(field, 'must not contain any of [ ] { } ( ) \\ |: clients read them differently');
  if (value.includes('**')) throw invalid(field, 'must not contain "**": to TUF it is no more than "*"');
  if (/(?:^|\/)!/.test(value)) throw invalid(field, 'must not have "!" at the start of a segment');
  assertPathLike(value, field);
  return value as PathPattern;
}

/** Whether every client, no client, or only some find that the pattern is for the path. */
export function matchPathPattern(pattern: PathPattern, path: string): PatternMatch {
  const segments = segmentsOf(pattern);
  const names = path.split('/');
  if (segments.length !== names.length) return 'differs';
  let result: PatternMatch = 'matches';
  for (const [index, segment] of segments.entries()) {
    const match = matchSegment(segment, names[index] ?? '');
    if (match === 'differs') return 'differs';
    if (match === 'contested') result = 'contested';
  }
  return result;
}

/** The text before the first wildcard: every path that matches starts with it. */
export function literalPrefix(pattern: PathPattern): string {
  return /^[^*?]*/.exec(pattern)?.[0] ?? '';
}

function assertPathLike(pattern: string, field: string): void {
  try {
    parseArtifactPath(pattern.replace(/[*?]/g, 'x'), field);
  } catch (cause) {
    const rule = cause instanceof Error ? cause.message.replace(`${field} `, '') : 'must be like a path';
    throw invalid(field, rule, cause);
  }
}

interface Segment {
  readonly text: string;
  readonly hasWildcard: boolean;
  readonly hasQuestionMark: boolean;
  readonly startsWithWildcard: boolean;
}

const MAXIMUM_KNOWN = 10_000;
const known = new Map<PathPattern, readonly Segment[]>();

function segmentsOf(pattern: PathPattern): readonly Segment[] {
  const before = known.get(pattern);
  if (before) return before;
  if (known.size >= MAXIMUM_KNOWN) known.clear();
  const segments = pattern.split('/').map((text) => ({
    text,
    hasWildcard: /[*?]/.test(text),
    hasQuestionMark: text.includes('?'),
    startsWithWildcard: /^[*?]/.test(text),
  }));
  known.set(pattern, segments);
  return segments;
}

function matchSegment({ text, hasWildcard, hasQuestionMark, startsWithWildcard }: Segment, name: string): PatternMatch {
  if (!hasWildcard) return text === name ? 'matches' : 'differs';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (hasQuestionMark && /[^\x00-\x7f]/.test(name)) {
    // `?` is a code point to python-tuf and go-tuf, a UTF-16 unit to tuf-js, a byte to tough.
    return matchesGlob(text.replaceAll('?', '*'), name) ? 'contested' : 'differs';
  }
  if (!matchesGlob(text, name)) return 'differs';
  return startsWithWildcard && name.startsWith('.') ? 'contested' : 'matches'; // tuf-js hides dot files from wildcards
}

/** In time proportional to both lengths at worst: a mismatch goes back to the last `*` only. */
function matchesGlob(glob: string, name: string): boolean {
  let [at, position, star, resume] = [0, 0, -1, 0];
  while (position < name.length) {
    if (glob[at] === '*') {
      [star, resume] = [at, position];
      at += 1;
    } else if (glob[at] === '?' || (at < glob.length && glob[at] === name[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      resume += 1;
      [at, position] = [star + 1, resume];
    } else return false;
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}

function invalid(field: string, rule: string, cause?: unknown): TufError {
  return new TufError('path-pattern-invalid', `${field} ${rule}`, field, { cause });
}
