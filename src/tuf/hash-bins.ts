import type { Key, KeyId } from './key.js';
import type { DelegatedRole, Delegations, RoleKeys, SuccinctRoles } from './metadata.js';
import { pathHash } from './path-hash.js';
import { type RoleName, TARGETS } from './role-name.js';

/** `succinct` is TAP 15; `classic` spells each bin out with `path_hash_prefixes`, for clients such as tough. */
export type BinsKind = 'succinct' | 'classic';

export interface Bins {
  readonly count: number;
  readonly kind: BinsKind;
}

/** PostgreSQL reads it the same. */
export const BIN_NAME = /(?:^|-)bins-[0-9a-f]{1,4}$/;

/** Whether a role may be a bin; no other role of this service has such a name. */
export function isBinName(role: RoleName): boolean {
  return BIN_NAME.test(role);
}

/** Has `delegator` give every path to one of `count` bins (a power of two), all with the same keys and threshold. */
export function binsDelegation(
  delegator: RoleName,
  { count, kind }: Bins,
  keys: Readonly<Record<KeyId, Key>>,
  signers: RoleKeys,
): Delegations {
  const succinct = { bit_length: Math.log2(count), name_prefix: binPrefix(delegator) };
  if (kind === 'succinct') return { keys, succinct_roles: { ...signers, ...succinct } };
  return { keys, roles: classicBins(count, binNames(succinct), signers) };
}

/** The bins that a role delegates to, or null where it delegates to other roles or to none. */
export function binsOf(delegations: Delegations | undefined): (Bins & { readonly signers: RoleKeys }) | null {
  if (!delegations) return null;
  const { succinct_roles, roles = [] } = delegations;
  if (succinct_roles)
    return { count: 2 ** succinct_roles.bit_length, kind: 'succinct', signers: signersOf(succinct_roles) };
  const [first] = roles;
  if (!first || !roles.every(({ name, paths }) => !paths && isBinName(name))) return null;
  return { count: roles.length, kind: 'classic', signers: signersOf(first) };
}

function signersOf({ keyids, threshold }: RoleKeys): RoleKeys {
  return { keyids, threshold };
}

/** The name of the first of so many bins; all have names of the same length. */
export function firstBin(delegator: RoleName, count: number): RoleName {
  return binName({ bit_length: Math.log2(count), name_prefix: binPrefix(delegator) }, 0);
}

/** The first part of each bin's name; the rest is its number in hex (TAP 15). */
export function binPrefix(delegator: RoleName): string {
  return delegator === TARGETS ? 'bins' : `${delegator}-bins`;
}

/** The names of all bins, in order. */
export function binNames(succinct: Pick<SuccinctRoles, 'bit_length' | 'name_prefix'>): RoleName[] {
  return Array.from({ length: 2 ** succinct.bit_length }, (_, bin) => binName(succinct, bin));
}

/** The bin for a path: the first `bit_length` bits of its sha256 (TAP 15). */
export function binForPath(path: string, succinct: SuccinctRoles): RoleName {
  const leading = Number.parseInt(pathHash(path).slice(0, 8), 16);
  const bin = leading >>> (32 - succinct.bit_length);
  return namesUsed.get(succinct)?.[bin] ?? nameToUse(succinct, bin);
}

function nameToUse(succinct: SuccinctRoles, bin: number): RoleName {
  const names = namesUsed.get(succinct) ?? [];
  const name = binName(succinct, bin);
  names[bin] = name;
  namesUsed.set(succinct, names);
  return name;
}

/** The same name each time is the same string, which maps find faster than one that only says the same. */
const namesUsed = new WeakMap<SuccinctRoles, RoleName[]>();

export function isBin(role: RoleName, { bit_length, name_prefix }: SuccinctRoles): boolean {
  const start = name_prefix.length + 1;
  if (role.length !== start + digitsFor(bit_length) || !role.startsWith(name_prefix)) return false;
  return /-[0-9a-f]+$/.test(role.slice(start - 1)) && Number.parseInt(role.slice(start), 16) < 2 ** bit_length;
}

function binName(
  { bit_length, name_prefix }: Pick<SuccinctRoles, 'bit_length' | 'name_prefix'>,
  bin: number,
): RoleName {
  return `${name_prefix}-${bin.toString(16).padStart(digitsFor(bit_length), '0')}` as RoleName; // hex digits keep a good prefix good
}

function digitsFor(bitLength: number): number {
  return Math.ceil(bitLength / 4);
}

function classicBins(count: number, names: readonly RoleName[], signers: RoleKeys): DelegatedRole[] {
  const digits = Math.ceil(Math.log2(count) / 4);
  const prefixesPerBin = 16 ** digits / count;
  return names.map((name, bin) => ({
    name,
    ...signers,
    terminating: false,
    path_hash_prefixes: Array.from({ length: prefixesPerBin }, (_, offset) =>
      (bin * prefixesPerBin + offset).toString(16).padStart(digits, '0'),
    ),
  }));
}
