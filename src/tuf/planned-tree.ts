import { withRole } from './delegation-edit.js';
import type { DelegationTree } from './delegation-tree.js';
import type { Delegations } from './metadata.js';
import type { RoleName } from './role-name.js';
import { isRootEvent, type SigningEvent } from './signing-event.js';

/** Who delegates to whom once everything that waits for signatures has them. */
export function plannedTree(tree: DelegationTree, openEvents: readonly SigningEvent[]): DelegationTree {
  const events = openEvents.filter((event) => !isRootEvent(event));
  if (events.length === 0) return tree;
  const changes = new Map<RoleName, Delegations | undefined>(
    events.map(({ role, metadata }) => [role, metadata.signed.delegations]),
  );
  for (const { signers, pending } of events) {
    if (!pending?.delegation) continue;
    const { delegator, delegation } = pending;
    const delegations = changes.get(delegator) ?? tree.delegations(delegator);
    changes.set(delegator, withRole(delegations, delegation, signers.keys));
  }
  return tree.with(changes);
}

/** Who delegates to whom if the event takes effect before all others; null where its delegator waits for signatures, too. */
export function treeWithRole(tree: DelegationTree, { signers, pending }: SigningEvent): DelegationTree | null {
  if (!pending?.delegation || !tree.has(pending.delegator)) return null;
  const { delegator, delegation } = pending;
  return tree.with(new Map([[delegator, withRole(tree.delegations(delegator), delegation, signers.keys)]]));
}
