import { binForPath, binNames, isBin, pathHash } from './hash-bins.js';
import type { Key, KeyId } from './key.js';
import type { Delegations, RoleKeys } from './metadata.js';
import type { RoleName } from './role-name.js';

/** The keys a client checks a role's metadata with. */
export interface TrustedKeys extends RoleKeys {
  readonly keys: Readonly<Record<KeyId, Key>>;
}

/** The first role of the delegation that may list `path`, as a client finds it (specification 5.6.7), or null. */
export function roleForPath(delegations: Delegations | undefined, path: string): RoleName | null {
  if (delegations?.succinct_roles) return binForPath(path, delegations.succinct_roles);
  const hash = pathHash(path);
  const role = delegations?.roles?.find(({ path_hash_prefixes }) =>
    path_hash_prefixes.some((prefix) => hash.startsWith(prefix)),
  );
  return role?.name ?? null;
}

export function delegatedRoleNames(delegations: Delegations | undefined): RoleName[] {
  if (delegations?.succinct_roles) return binNames(delegations.succinct_roles);
  return delegations?.roles?.map(({ name }) => name) ?? [];
}

/** The keys for a delegated role, or null where nothing delegates to it. */
export function keysOfDelegatedRole(delegations: Delegations | undefined, role: RoleName): TrustedKeys | null {
  const signers = delegations && signersOfRole(delegations, role);
  if (!signers) return null;
  return { keys: delegations.keys, keyids: signers.keyids, threshold: signers.threshold };
}

function signersOfRole({ succinct_roles, roles }: Delegations, role: RoleName): RoleKeys | undefined {
  if (succinct_roles) return isBin(role, succinct_roles) ? succinct_roles : undefined;
  return roles?.find(({ name }) => name === role);
}
