import { TufError } from './errors.js';

/** A shell pattern over paths, as in `paths` of a delegation (specification 4.5): `*` does not cross "/". */
export type PathPattern = string & { readonly brand: 'PathPattern' };

export type PatternMatch = 'matches' | 'differs' | 'contested';

export function parsePathPattern(value: unknown, field: string): PathPattern {
  if (typeof value !== 'string' || value === '')
    throw new TufError('path-pattern-invalid', `${field} must be a pattern`, field);
  return value as PathPattern;
}

export function matchPathPattern(pattern: PathPattern, path: string): PatternMatch {
  const regex = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${regex}$`, 'u').test(path) ? 'matches' : 'differs';
}

export function literalPrefix(pattern: PathPattern): string {
  return /^[^*?]*/.exec(pattern)?.[0] ?? '';
}
