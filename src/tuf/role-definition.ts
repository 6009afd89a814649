import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import { delegatedRole, type TrustedKeys } from './delegation.js';
import { trustIn } from './delegation-edit.js';
import type { DelegationTree } from './delegation-tree.js';
import { TufError } from './errors.js';
import type { Lifetime } from './expiry.js';
import { type Bins, binsOf } from './hash-bins.js';
import type { DelegatedRole, RoleKeys } from './metadata.js';
import { ROOT, type RoleName } from './role-name.js';
import { keysOfTopLevelRole } from './root-trust.js';
import { lifetimeOf, type RepositorySettings } from './settings.js';

/** All that may be decided about a role: who signs it, what it may list, and for how long a version is valid. */
export interface RoleDefinition {
  readonly name: RoleName;
  /** Null for root. */
  readonly delegator: RoleName | null;
  readonly signers: TrustedKeys;
  /** Null for the top-level roles and for bins. */
  readonly delegation: DelegatedRole | null;
  /** Its place among the roles of its delegator, 0 being the first; null where there is no order. */
  readonly position: number | null;
  /** The bins that it delegates to. */
  readonly bins: (Bins & { readonly signers: RoleKeys }) | null;
  readonly lifetime: Lifetime;
}

/** Null for a role that clients do not know. */
export function roleDefinition(
  tree: DelegationTree,
  settings: RepositorySettings,
  name: RoleName,
): RoleDefinition | null {
  const signers = name === ROOT ? keysOfTopLevelRole(tree.root, 'root') : tree.keysOf(name);
  if (!signers) return null;
  const delegator = tree.delegatorOf(name);
  const siblings = delegator === null ? undefined : tree.delegations(delegator);
  const delegation = delegatedRole(siblings, name);
  return {
    name,
    delegator,
    signers: (delegation && trustIn(siblings, name)) ?? signers,
    delegation,
    position: delegation && (siblings?.roles?.indexOf(delegation) ?? null),
    bins: binsOf(tree.delegations(name)),
    lifetime: lifetimeOf(settings, name),
  };
}

/** Changes whenever something is decided otherwise about a role, and not when it is signed again; for ETag and If-Match. */
export function roleTag({ signers: { keyids, threshold }, ...definition }: RoleDefinition): string {
  return digest({ ...definition, keyids, threshold });
}

export function settingsTag(settings: RepositorySettings): string {
  return digest(settings);
}

/** @throws TufError `precondition-failed` where `wanted` is the tag of an earlier state. */
export function assertTag(wanted: string | null, current: string, what: string): void {
  if (wanted === null || wanted === current) return;
  throw new TufError('precondition-failed', `${what} was changed since it was read; read it again and decide anew`);
}

function digest(value: unknown): string {
  return hash('sha256', canonicalJson(value)).slice(0, 32);
}
