import { keysOfDelegatedRole, type TrustedKeys } from './delegation.js';
import type { IdentityVerifier } from './identity-key.js';
import type { DelegatedRole, Delegations, RoleKeys } from './metadata.js';
import type { RoleName } from './role-name.js';
import type { PlacedRole } from './signing-event.js';
import type { TargetsContent } from './targets-content.js';

/** The delegations with a role in its place, which takes that of the one of the same name. */
export function withRole(
  delegations: Delegations | undefined,
  { role, position }: PlacedRole,
  keys: TrustedKeys['keys'],
): Delegations {
  const before = delegations?.roles ?? [];
  const others = before.filter(({ name }) => name !== role.name);
  const current = before.findIndex(({ name }) => name === role.name);
  const index = position ?? (current < 0 ? others.length : current);
  return withRoles(delegations, others.toSpliced(Math.min(index, others.length), 0, role), keys);
}

/** Undefined where it was the last one. */
export function withoutRole(delegations: Delegations | undefined, role: RoleName): Delegations | undefined {
  const others = (delegations?.roles ?? []).filter(({ name }) => name !== role);
  return others.length === 0 ? undefined : withRoles(delegations, others, {});
}

/** Has every role that is signed exactly as `before` says signed as `after` says. */
export function withOtherSigners(delegations: Delegations, before: TrustedKeys, after: TrustedKeys): Delegations {
  const isSignedSo = ({ keyids, threshold }: RoleKeys) =>
    threshold === before.threshold && JSON.stringify(keyids) === JSON.stringify(before.keyids);
  const signers = { keyids: after.keyids, threshold: after.threshold };
  const { succinct_roles } = delegations;
  if (succinct_roles) {
    if (!isSignedSo(succinct_roles)) return delegations;
    return { ...delegations, keys: usedKeys([signers], after.keys), succinct_roles: { ...succinct_roles, ...signers } };
  }
  const roles = delegations.roles ?? [];
  if (!roles.some(isSignedSo)) return delegations;
  return withRoles(
    delegations,
    roles.map((role) => (isSignedSo(role) ? { ...role, ...signers } : role)),
    after.keys,
  );
}

export function withDelegations<Content extends TargetsContent>(
  { delegations: _, ...content }: Content,
  delegations: Delegations | undefined,
): TargetsContent {
  return delegations ? { ...content, delegations } : content;
}

/** A role of a delegator with who signs it. */
export function trustIn(
  delegations: Delegations | undefined,
  role: RoleName,
  identities?: IdentityVerifier | undefined,
): TrustedKeys | null {
  const trusted = keysOfDelegatedRole(delegations, role, identities);
  return trusted && { ...trusted, keys: usedKeys([trusted], trusted.keys) };
}

function withRoles(
  delegations: Delegations | undefined,
  roles: readonly DelegatedRole[],
  added: TrustedKeys['keys'],
): Delegations {
  const { succinct_roles: _, ...rest } = delegations ?? { keys: {} };
  return { ...rest, keys: usedKeys(roles, { ...rest.keys, ...added }), roles };
}

/** Keys that no role uses any more go. */
function usedKeys(roles: readonly RoleKeys[], keys: TrustedKeys['keys']): TrustedKeys['keys'] {
  const used = new Set(roles.flatMap(({ keyids }) => keyids));
  return Object.fromEntries(
    Object.entries(keys).filter(([keyid]) => used.has(keyid as (typeof roles)[0]['keyids'][0])),
  );
}
