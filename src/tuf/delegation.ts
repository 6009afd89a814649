import { binForPath, binNames, isBin, pathHash } from './hash-bins.js';
import type { IdentityVerifier } from './identity-key.js';
import type { Key, KeyId } from './key.js';
import type { DelegatedRole, Delegations, RoleKeys } from './metadata.js';
import type { RoleName } from './role-name.js';

/** The keys a client checks a role's metadata with. */
export interface TrustedKeys extends RoleKeys {
  readonly keys: Readonly<Record<KeyId, Key>>;
  /** Without it, Sigstore identities among the keys count as keys that have not signed. */
  readonly identities?: IdentityVerifier | undefined;
}

/** The first role of the delegation that may list `path`, as a client finds it (specification 5.6.7), or null. */
export function roleForPath(delegations: Delegations | undefined, path: string): RoleName | null {
  if (delegations?.succinct_roles) return binForPath(path, delegations.succinct_roles);
  if (!delegations?.roles) return null;
  const { byPrefix, lengths } = prefixIndex(delegations.roles);
  const hash = pathHash(path);
  const found = lengths.flatMap((length) => byPrefix.get(hash.slice(0, length)) ?? []);
  return found.length > 0 ? (delegations.roles[Math.min(...found)]?.name ?? null) : null;
}

interface PrefixIndex {
  /** The position of the first role with a prefix. */
  readonly byPrefix: ReadonlyMap<string, number>;
  readonly lengths: readonly number[];
}

const prefixIndexes = new WeakMap<readonly DelegatedRole[], PrefixIndex>();

/** There may be 16,384 roles with four prefixes each: looking through them for every path would take too long. */
function prefixIndex(roles: readonly DelegatedRole[]): PrefixIndex {
  const known = prefixIndexes.get(roles);
  if (known) return known;
  const byPrefix = new Map<string, number>();
  roles.forEach(({ path_hash_prefixes }, position) => {
    for (const prefix of path_hash_prefixes) if (!byPrefix.has(prefix)) byPrefix.set(prefix, position);
  });
  const index = { byPrefix, lengths: [...new Set([...byPrefix.keys()].map(({ length }) => length))] };
  prefixIndexes.set(roles, index);
  return index;
}

export function delegatedRoleNames(delegations: Delegations | undefined): RoleName[] {
  if (delegations?.succinct_roles) return binNames(delegations.succinct_roles);
  return delegations?.roles?.map(({ name }) => name) ?? [];
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

function signersOfRole({ succinct_roles, roles }: Delegations, role: RoleName): RoleKeys | undefined {
  if (succinct_roles) return isBin(role, succinct_roles) ? succinct_roles : undefined;
  return roles?.find(({ name }) => name === role);
}
