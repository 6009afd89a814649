import type { TrustedKeys } from './delegation.js';
import type { DelegationTree } from './delegation-tree.js';
import { delegationIdentityWarnings } from './identity-warnings.js';
import type { KeyId } from './key.js';
import type { Root, Targets } from './metadata.js';
import type { RoleName } from './role-name.js';
import { expiryWarnings } from './root-warnings.js';

/** What signers of a targets role should think about before they sign; nothing here keeps it from being valid. */
export function roleWarnings(
  role: RoleName,
  signed: Targets,
  signers: TrustedKeys,
  tree: DelegationTree | null,
  now: Date,
): string[] {
  return [
    ...thresholdWarnings(signers),
    ...(tree ? sharedKeyWarnings(role, signers, tree) : []),
    ...(signed.delegations ? delegationIdentityWarnings(signed.delegations) : []),
    ...expiryWarnings(signed, now),
  ];
}

function thresholdWarnings({ keyids, threshold }: TrustedKeys): string[] {
  if (keyids.length === 1) {
    return ['a single key signs this role: whoever has it decides alone, and without it the role cannot be signed'];
  }
  if (keyids.length > threshold) return [];
  return [`all ${threshold} keys must sign: without any one of them the role cannot be signed`];
}

function sharedKeyWarnings(role: RoleName, { keyids }: TrustedKeys, tree: DelegationTree): string[] {
  return keyids.flatMap((keyid) => {
    const others = rolesSignedBy(keyid, tree).filter((name) => name !== role);
    return others.length > 0 ? [`key ${keyid} signs ${others.join(', ')}, too: whoever steals it has all of them`] : [];
  });
}

function rolesSignedBy(keyid: KeyId, tree: DelegationTree): RoleName[] {
  const topLevel = Object.entries(tree.root.roles as Record<string, Root['roles']['root']>)
    .filter(([, { keyids }]) => keyids.includes(keyid))
    .map(([name]) => name as RoleName);
  const delegated = tree.delegators.flatMap((delegator) => {
    const { roles = [], succinct_roles } = tree.delegations(delegator) ?? {};
    if (succinct_roles?.keyids.includes(keyid)) return [`the bins of ${delegator}` as RoleName];
    return roles.filter((delegated) => delegated.keyids.includes(keyid)).map(({ name }) => name);
  });
  const all = [...topLevel, ...delegated];
  return all.length > 5 ? [...all.slice(0, 5), `${all.length - 5} more roles` as RoleName] : all;
}
