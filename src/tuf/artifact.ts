import { type ArtifactPath, parseArtifactPath } from './artifact-path.js';
import { canonicalJson, type Json } from './canonical-json.js';
import { TufError, type TufErrorCode } from './errors.js';
import { unportableReason } from './portable-json.js';

export type { ArtifactPath };

/** What targets metadata says of one artifact (specification 4.5, TARGETS). */
export interface TargetFile {
  /** Bytes. */
  readonly length: number;
  /** Lower-case hex digests by algorithm; sha256 is always there, sha512 may be. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Opaque to TUF, kept as given. */
  readonly custom?: Json;
}

export interface Artifact extends TargetFile {
  readonly path: ArtifactPath;
}

export const HASH_BYTES: Readonly<Record<string, number>> = { sha256: 32, sha512: 64 };
export const MAXIMUM_CUSTOM_BYTES = 65_536;
export const MAXIMUM_CUSTOM_DEPTH = 32;

const FIELDS = ['path', 'length', 'hashes', 'custom'];

/**
 * Checks an artifact as a publisher describes it.
 * @throws TufError `artifact-invalid` or `artifact-…-invalid`, its field below `field`.
 */
export function parseArtifact(value: unknown, field: string): Artifact {
  const given = parseShape(value, field);
  const path = parseArtifactPath(given.path, `${field}.path`);
  const length = parseLength(given.length, `${field}.length`);
  const hashes = parseHashes(given.hashes, `${field}.hashes`);
  if (given.custom === undefined) return { path, length, hashes };
  return { path, length, hashes, custom: parseCustom(given.custom, `${field}.custom`) };
}

export function targetFileOf({ path: _, ...target }: Artifact): TargetFile {
  return target;
}

export function sameTargetFile(left: TargetFile | null, right: TargetFile | null): boolean {
  return left === right || (left !== null && right !== null && canonicalJson(left) === canonicalJson(right));
}

function parseShape(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw refused('artifact-invalid', field, 'must be an object with path, length and hashes');
  const unknown = Object.keys(value).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw refused('artifact-invalid', `${field}.${unknown}`, 'is not a field of an artifact');
  return value;
}

function parseLength(length: unknown, field: string): number {
  if (typeof length === 'number' && Number.isSafeInteger(length) && length >= 0) return length;
  throw refused('artifact-length-invalid', field, 'must be a whole number of bytes from 0 to 2^53-1');
}

function parseHashes(hashes: unknown, field: string): Record<string, string> {
  if (!isRecord(hashes))
    throw refused('artifact-hashes-invalid', field, 'must be an object of hex digests by algorithm');
  const entries = Object.entries(hashes);
  if (entries.length === 0) throw refused('artifact-hashes-invalid', field, 'must name at least one hash');
  const digests = entries.map(([algorithm, digest]) => [algorithm, parseDigest(algorithm, digest, field)] as const);
  // tough cannot read a role in which one target lacks sha256, so such an artifact would cost it all the others.
  if (!Object.hasOwn(hashes, 'sha256')) throw refused('artifact-hashes-invalid', field, 'must include sha256');
  return Object.fromEntries(digests);
}

function parseDigest(algorithm: string, digest: unknown, field: string): string {
  const bytes = Object.hasOwn(HASH_BYTES, algorithm) ? HASH_BYTES[algorithm] : undefined; // not "constructor"
  if (bytes === undefined) {
    const known = Object.keys(HASH_BYTES).join(', ');
    throw refused('artifact-hashes-invalid', field, `names an unknown algorithm; known are ${known}`);
  }
  if (typeof digest !== 'string' || digest.length !== bytes * 2 || !/^[0-9a-f]+$/.test(digest)) {
    throw refused('artifact-hashes-invalid', `${field}.${algorithm}`, `must be ${bytes * 2} lower-case hex digits`);
  }
  return digest;
}

function parseCustom(custom: unknown, field: string): Json {
  // tough reads nothing else here, and no empty object.
  if (!isRecord(custom) || Object.keys(custom).length === 0) {
    throw refused('artifact-custom-invalid', field, 'must be an object with at least one field');
  }
  assertCustomValue(custom, field, 1);
  const unportable = unportableReason(custom);
  if (unportable) throw refused('artifact-custom-invalid', field, unportable);
  if (Buffer.byteLength(canonicalJson(custom), 'utf8') > MAXIMUM_CUSTOM_BYTES) {
    throw refused('artifact-custom-invalid', field, `must not exceed ${MAXIMUM_CUSTOM_BYTES} bytes`);
  }
  return custom as Json;
}

function assertCustomValue(value: unknown, field: string, depth: number): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw refused('artifact-custom-invalid', field, 'may hold integers within 2^53-1 only; write others as text');
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAXIMUM_CUSTOM_DEPTH) {
    throw refused('artifact-custom-invalid', field, `must not be deeper than ${MAXIMUM_CUSTOM_DEPTH} levels`);
  }
  for (const member of Object.values(value)) assertCustomValue(member, field, depth + 1);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(code: TufErrorCode, field: string, rule: string): TufError {
  return new TufError(code, `${field} ${rule}`, field);
}
