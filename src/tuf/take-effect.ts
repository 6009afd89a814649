import { moveArtifacts, type Scope } from './artifact-moves.js';
import { delegatedRoleNames, sameTrust } from './delegation.js';
import type { DelegationTree } from './delegation-tree.js';
import type { RevisionDraft } from './revision-draft.js';
import { type RoleName, SNAPSHOT, TARGETS } from './role-name.js';

/** Follows a change of root or delegations: what has other signers is signed again, and artifacts move where they belong. */
export function takeEffect(draft: RevisionDraft, before: DelegationTree | null, scope: Scope): void {
  draft.refreshTree();
  signAgain(draft, before);
  moveArtifacts(draft, scope);
}

function signAgain(draft: RevisionDraft, before: DelegationTree | null): void {
  const after = draft.delegationTree;
  const roles = rolesWithOtherSigners(before, after);
  draft.assertLoaded(roles.filter((role) => role !== SNAPSHOT && !draft.given.has(role) && draft.isOnline(role)));
  for (const role of roles) {
    if (!draft.isOnline(role)) trustAnew(draft, role);
    else if (role === SNAPSHOT || before?.has(role)) draft.renew([role]);
    else if (!draft.given.has(role)) draft.given.set(role, { targets: {} });
  }
}

function rolesWithOtherSigners(before: DelegationTree | null, after: DelegationTree): RoleName[] {
  const changed = after.delegators.filter((role) => after.delegations(role) !== before?.delegations(role));
  const named = [TARGETS, SNAPSHOT, ...changed.flatMap((role) => delegatedRoleNames(after.delegations(role)))];
  return named.filter((role) => !sameTrust(before?.keysOf(role) ?? null, after.keysOf(role)));
}

/** What waits for signatures takes those of the keys that are trusted from now on. */
function trustAnew(draft: RevisionDraft, role: RoleName): void {
  const event = draft.openTargetsEvent(role);
  const signers = draft.delegationTree.keysOf(role);
  if (event && signers && !event.pending) draft.events.set(event.id, { ...event, signers });
}
