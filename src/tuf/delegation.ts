import { binForPath, binNames, isBin } from './hash-bins.js';
import type { IdentityVerifier } from './identity-key.js';
import type { Key, KeyId } from './key.js';
import type { DelegatedRole, Delegations, RoleKeys } from './metadata.js';
import { pathHash } from './path-hash.js';
import { matchPathPattern, type PathMatch, type PathPattern } from './path-pattern.js';
import type { RoleName } from './role-name.js';

/** The keys a client checks a role's metadata with. */
export interface TrustedKeys extends RoleKeys {
  readonly keys: Readonly<Record<KeyId, Key>>;
  /** Without it, Sigstore identities among the keys count as keys that have not signed. */
  readonly identities?: IdentityVerifier | undefined;
}

/** A role that a delegator gives a path to; `contested` where clients disagree whether it does. */
export interface MatchedRole {
  readonly name: RoleName;
  readonly terminating: boolean;
  readonly match: Exclude<PathMatch, 'differs'>;
}

/** The roles of one delegator that may list `path`, in their order of priority (specification 5.6.7). */
export function rolesForPath(delegations: Delegations | undefined, path: string): MatchedRole[] {
  if (delegations?.succinct_roles) {
    // Clients treat succinct roles as terminating: there is only ever one of them for a path.
    return [{ name: binForPath(path, delegations.succinct_roles), terminating: true, match: 'matches' }];
  }
  const { roles } = delegations ?? {};
  if (!roles) return [];
  const index = indexOf(roles);
  const matches = new Map<number, MatchedRole['match']>(
    [...positionsByHash(index, path)].map((position) => [position, 'matches']),
  );
  for (const { position, patterns } of index.byPattern) {
    const match = matchOf(patterns, path);
    if (match !== 'differs') matches.set(position, match);
  }
  return [...matches]
    .sort(([left], [right]) => left - right)
    .flatMap(([position, match]) => {
      const role = roles[position];
      return role ? [{ name: role.name, terminating: role.terminating, match }] : [];
    });
}

/** The first role of one delegator that may list `path`, or null. */
export function roleForPath(delegations: Delegations | undefined, path: string): RoleName | null {
  return rolesForPath(delegations, path)[0]?.name ?? null;
}

export function delegatedRoleNames(delegations: Delegations | undefined): RoleName[] {
  if (delegations?.succinct_roles) return binNames(delegations.succinct_roles);
  return delegations?.roles?.map(({ name }) => name) ?? [];
}

export function delegatesTo(delegations: Delegations | undefined, role: RoleName): boolean {
  return delegations !== undefined && signersOfRole(delegations, role) !== undefined;
}

/** The keys for a delegated role, or null where nothing delegates to it. */
export function keysOfDelegatedRole(
  delegations: Delegations | undefined,
  role: RoleName,
  identities?: IdentityVerifier | undefined,
): TrustedKeys | null {
  const signers = delegations && signersOfRole(delegations, role);
  if (!signers) return null;
  const { keyids, threshold } = signers;
  return { keys: delegations.keys, keyids, threshold, ...(identities && { identities }) };
}

/** What a delegator says of a role that it spells out; null for a succinct bin. */
export function delegatedRole(delegations: Delegations | undefined, role: RoleName): DelegatedRole | null {
  if (!delegations?.roles) return null;
  const position = indexOf(delegations.roles).byName.get(role);
  return position === undefined ? null : (delegations.roles[position] ?? null);
}

/** Whether the same keys sign to the same threshold; a key id stands for its key. */
export function sameTrust(left: TrustedKeys | null, right: TrustedKeys | null): boolean {
  if (!left || !right) return left === right;
  const keyids = new Set(right.keyids);
  return (
    left.threshold === right.threshold &&
    left.keyids.length === right.keyids.length &&
    left.keyids.every((keyid) => keyids.has(keyid))
  );
}

function signersOfRole(delegations: Delegations, role: RoleName): RoleKeys | undefined {
  const { succinct_roles } = delegations;
  if (succinct_roles) return isBin(role, succinct_roles) ? succinct_roles : undefined;
  return delegatedRole(delegations, role) ?? undefined;
}

function matchOf(patterns: readonly PathPattern[], path: string): PathMatch {
  const results = patterns.map((pattern) => matchPathPattern(pattern, path));
  if (results.includes('matches')) return 'matches';
  return results.includes('contested') ? 'contested' : 'differs';
}

interface RoleIndex {
  readonly byName: ReadonlyMap<RoleName, number>;
  readonly byPrefix: ReadonlyMap<string, readonly number[]>;
  /** The lengths of the prefixes. */
  readonly lengths: readonly number[];
  readonly byPattern: readonly { readonly position: number; readonly patterns: readonly PathPattern[] }[];
}

const indexes = new WeakMap<readonly DelegatedRole[], RoleIndex>();

/** There may be 16,384 roles with four prefixes each: looking through them for every path would take too long. */
function indexOf(roles: readonly DelegatedRole[]): RoleIndex {
  const known = indexes.get(roles);
  if (known) return known;
  const index = newIndex(roles);
  indexes.set(roles, index);
  return index;
}

function newIndex(roles: readonly DelegatedRole[]): RoleIndex {
  const byPrefix = new Map<string, number[]>();
  roles.forEach(({ path_hash_prefixes = [] }, position) => {
    for (const prefix of path_hash_prefixes) byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), position]);
  });
  return {
    byName: new Map(roles.map(({ name }, position) => [name, position])),
    byPrefix,
    lengths: [...new Set([...byPrefix.keys()].map(({ length }) => length))],
    byPattern: roles.flatMap(({ paths }, position) => (paths ? [{ position, patterns: paths }] : [])),
  };
}

function positionsByHash({ byPrefix, lengths }: RoleIndex, path: string): Set<number> {
  if (lengths.length === 0) return new Set();
  const hash = pathHash(path);
  return new Set(lengths.flatMap((length) => byPrefix.get(hash.slice(0, length)) ?? []));
}
