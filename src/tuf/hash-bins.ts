import { createHash } from 'node:crypto';
import type { Key, KeyId } from './key.js';
import type { DelegatedRole, Delegations, RoleKeys, SuccinctRoles } from './metadata.js';
import type { RoleName } from './role-name.js';
import type { BinsKind } from './settings.js';

/** The first part of every bin's name; the rest is its number in hex (TAP 15). */
export const BIN_PREFIX = 'bins';

/** Delegates every path to one of `count` bins (a power of two), all with the same keys and threshold. */
export function binsDelegation(
  bins: { readonly count: number; readonly kind: BinsKind },
  keys: Readonly<Record<KeyId, Key>>,
  signers: RoleKeys,
): Delegations {
  if (bins.kind === 'succinct') {
    return { keys, succinct_roles: { ...signers, bit_length: Math.log2(bins.count), name_prefix: BIN_PREFIX } };
  }
  return { keys, roles: classicBins(bins.count, signers) };
}

/** The names of all bins, in order. */
export function binNames(succinct: Pick<SuccinctRoles, 'bit_length' | 'name_prefix'>): RoleName[] {
  return Array.from({ length: 2 ** succinct.bit_length }, (_, bin) => binName(succinct, bin));
}

/** The bin for a path: the first `bit_length` bits of its sha256 (TAP 15). */
export function binForPath(path: string, succinct: SuccinctRoles): RoleName {
  const leading = createHash('sha256').update(path, 'utf8').digest().readUInt32BE(0);
  return binName(succinct, leading >>> (32 - succinct.bit_length));
}

export function isBin(role: RoleName, succinct: SuccinctRoles): boolean {
  const bin = Number.parseInt(role.slice(succinct.name_prefix.length + 1), 16);
  return bin >= 0 && bin < 2 ** succinct.bit_length && role === binName(succinct, bin);
}

/** Hex sha256 of a path, as `path_hash_prefixes` are compared with (specification 4.5). */
export function pathHash(path: string): string {
  return createHash('sha256').update(path, 'utf8').digest('hex');
}

function binName(
  { bit_length, name_prefix }: Pick<SuccinctRoles, 'bit_length' | 'name_prefix'>,
  bin: number,
): RoleName {
  const digits = Math.ceil(bit_length / 4);
  return `${name_prefix}-${bin.toString(16).padStart(digits, '0')}` as RoleName; // hex digits keep a good prefix good
}

function classicBins(count: number, signers: RoleKeys): DelegatedRole[] {
  const bits = Math.log2(count);
  const digits = Math.ceil(bits / 4);
  const prefixesPerBin = 16 ** digits / count;
  return binNames({ bit_length: bits, name_prefix: BIN_PREFIX }).map((name, bin) => ({
    name,
    ...signers,
    terminating: false,
    path_hash_prefixes: Array.from({ length: prefixesPerBin }, (_, offset) =>
      (bin * prefixesPerBin + offset).toString(16).padStart(digits, '0'),
    ),
  }));
}
