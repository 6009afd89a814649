import { TufError } from './errors.js';

/** A path that every supported client can look up, download and store: see {@link parseArtifactPath}. */
export type ArtifactPath = string & { readonly brand: 'ArtifactPath' };

export const MAXIMUM_PATH_BYTES = 1_024;

interface PathRule {
  readonly broken: (path: string) => boolean;
  readonly reason: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what the rule looks for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** As most are: it breaks none of the rules, and is checked in a tenth of the time. */
const PLAIN_PATH = /^[\w+@~-][\w.+@~-]*(?:\/[\w+@~-][\w.+@~-]*)+$/;

/** In order; the first broken rule is the one reported. */
const RULES: readonly PathRule[] = [
  { broken: (path) => path === '', reason: 'must not be empty' },
  { broken: (path) => !path.isWellFormed(), reason: 'must be valid Unicode' },
  {
    broken: (path) => Buffer.byteLength(path, 'utf8') > MAXIMUM_PATH_BYTES,
    reason: `must not exceed ${MAXIMUM_PATH_BYTES} bytes of UTF-8`,
  },
  { broken: (path) => path.startsWith('/'), reason: 'must not start with "/"' },
  { broken: (path) => path.endsWith('/'), reason: 'must not end with "/"' },
  { broken: (path) => path.includes('\\'), reason: 'must not contain a backslash' },
  { broken: (path) => CONTROL_CHARACTER.test(path), reason: 'must not contain control characters' },
  { broken: (path) => /\p{Noncharacter_Code_Point}/u.test(path), reason: 'must not contain Unicode noncharacters' },
  { broken: (path) => path.includes('//'), reason: 'must not contain "//"' },
  { broken: (path) => path.split('/').includes('..'), reason: 'must not contain ".."' },
  { broken: (path) => path.split('/').includes('.'), reason: 'must not contain a "." segment' },
  // Clients put the path into the URL as it is, so the rest of it would be lost.
  { broken: (path) => /[?#%]/.test(path), reason: 'must not contain "?", "#" or "%"' },
  { broken: (path) => path.trim() !== path, reason: 'must not start or end with white space' },
  // A client that normalises, or that looks paths up in a JavaScript object, would refuse the whole role: see ADR 0006.
  { broken: (path) => path in Object.prototype, reason: 'must not be a name that every JavaScript object has' },
  { broken: (path) => path !== path.normalize('NFC'), reason: 'must be in Unicode normal form C' },
];

/**
 * Checks an artifact path (specification 4.5: `/`-separated, relative to the base of the targets).
 * @throws TufError `artifact-path-invalid` naming the broken rule.
 */
export function parseArtifactPath(path: unknown, field = 'path'): ArtifactPath {
  if (typeof path !== 'string') throw new TufError('artifact-path-invalid', `${field} must be a string`, field);
  const reason = reasonAgainstPath(path);
  if (reason !== null) throw new TufError('artifact-path-invalid', `${field} ${reason}`, field);
  return path as ArtifactPath;
}

/** What a path must or must not be, where this one breaks a rule; null where it is an artifact path. */
export function reasonAgainstPath(path: string): string | null {
  if (path.length <= MAXIMUM_PATH_BYTES && PLAIN_PATH.test(path)) return null;
  return RULES.find((rule) => rule.broken(path))?.reason ?? null;
}
