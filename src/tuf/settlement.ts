import type { View } from './artifact-moves.js';
import { delegatedRoleNames, sameTrust } from './delegation.js';
import { withDelegations, withRole } from './delegation-edit.js';
import type { DelegationTree } from './delegation-tree.js';
import { firstTargets, followKeys } from './key-succession.js';
import type { Delegations, Root } from './metadata.js';
import { prefixesConcerned } from './path-scope.js';
import type { RevisionDraft } from './revision-draft.js';
import { type RoleName, SNAPSHOT, TARGETS } from './role-name.js';
import { thresholdMet } from './signature.js';
import { isSignedBy } from './signed-version.js';
import { isRootEvent, missingSignatures, type SigningEvent } from './signing-event.js';
import { takeEffect } from './take-effect.js';

/**
 * Publishes, with the next revision, every event that has its signatures, as far as clients would then find all that
 * they need: what delegates to a role waits until that role is signed by the keys it names, and the other way round.
 */
export function settleEvents(draft: RevisionDraft): void {
  const settled = settledTogether(draft);
  if (settled.length > 0) publish(draft, settled);
}

function settledTogether(draft: RevisionDraft): SigningEvent[] {
  const root = draft.root?.signed ?? null;
  let settled = draft.openEvents().filter((event) => missingSignatures(event, root) === 0);
  for (;;) {
    const tree = treeWith(draft, settled);
    const fitting = settled.filter((event) => tree !== null && fits(draft, event, settled, tree));
    if (fitting.length === settled.length) return settled;
    settled = fitting; // one that does not fit may be what another one needs
  }
}

/** The delegations once these events are published; null without a root. */
function treeWith(draft: RevisionDraft, events: readonly SigningEvent[]): DelegationTree | null {
  const root = events.find(isRootEvent)?.metadata.signed ?? draft.root?.signed;
  return root ? draft.treeWith(delegationsWith(draft, events), root) : null;
}

function delegationsWith(
  draft: RevisionDraft,
  events: readonly SigningEvent[],
): Map<RoleName, Delegations | undefined> {
  const changes = new Map<RoleName, Delegations | undefined>();
  for (const event of events) if (!isRootEvent(event)) changes.set(event.role, event.metadata.signed.delegations);
  for (const { delegator, delegation, keys } of placedRoles(events)) {
    const before = changes.get(delegator) ?? draft.inForce(delegator)?.delegations;
    changes.set(delegator, withRole(before, delegation, keys));
  }
  return changes;
}

function placedRoles(events: readonly SigningEvent[]) {
  return events.flatMap(({ signers, pending }) =>
    pending?.delegation ? [{ delegator: pending.delegator, delegation: pending.delegation, keys: signers.keys }] : [],
  );
}

function fits(
  draft: RevisionDraft,
  event: SigningEvent,
  settled: readonly SigningEvent[],
  tree: DelegationTree,
): boolean {
  const brought = new Set(settled.map(({ role }) => role));
  const isSigned = (role: RoleName): boolean => {
    const trusted = tree.keysOf(role);
    if (!trusted) return false;
    if (brought.has(role) || draft.reachesThreshold(trusted)) return true; // one that is brought is looked at itself
    if (draft.publishedTree && sameTrust(trusted, draft.delegationTree.keysOf(role))) return true;
    return isSignedBy(draft, role, trusted);
  };
  if (isRootEvent(event)) return [TARGETS, SNAPSHOT].every(isSigned);
  const { role, metadata } = event;
  const trusted = tree.keysOf(role);
  if (!trusted || !thresholdMet(metadata, trusted) || metadata.signed.version !== draft.publishedVersion(role) + 1) {
    return false;
  }
  // What it lists may be for a delegation that waits for other signatures.
  if (!Object.keys(metadata.signed.targets).every((path) => tree.walk(path).includes(role))) return false;
  return delegatedRoleNames(event.metadata.signed.delegations).every(isSigned);
}

function publish(draft: RevisionDraft, settled: readonly SigningEvent[]): void {
  const before = draft.publishedTree && viewOf(draft, settled);
  const previous = draft.root?.signed ?? null;
  for (const event of settled) {
    draft.close(event, 'completed', null);
    if (isRootEvent(event)) draft.newRoot = event.metadata;
    else {
      draft.completed.set(event.role, event.metadata);
      draft.given.delete(event.role);
    }
  }
  for (const { delegator, delegation, keys } of placedRoles(settled)) {
    const content = draft.inForce(delegator) ?? { targets: {} };
    if (!draft.completed.has(delegator)) {
      draft.given.set(delegator, withDelegations(content, withRole(content.delegations, delegation, keys)));
    }
  }
  if (draft.newRoot && !draft.publishedTree) createTargets(draft, draft.newRoot.signed);
  else if (settled.some(isRootEvent)) followKeys(draft, previous);
  draft.refreshTree();
  const consequences = settled.flatMap((event) => event.consequences ?? []);
  takeEffect(draft, before, {
    pathPrefixes: prefixesConcerned(before?.tree ?? null, draft.delegationTree),
    dropped: new Set(consequences.flatMap(({ dropped }) => dropped)),
    settled: new Set(settled.map(({ role }) => role)),
    handedOver: new Map(consequences.flatMap(({ handedOver }) => Object.entries(handedOver))),
  });
}

/** What clients go by before these events are published. */
function viewOf(draft: RevisionDraft, settled: readonly SigningEvent[]): View {
  const tree = draft.delegationTree;
  const roles = settled.flatMap((event) => (isRootEvent(event) || !tree.has(event.role) ? [] : [event.role]));
  const contents = new Map(roles.map((role) => [role, draft.inForce(role)]));
  return { tree, contentOf: (role) => (contents.has(role) ? contents.get(role) : draft.inForce(role)) };
}

function createTargets(draft: RevisionDraft, root: Root): void {
  if (!draft.completed.has(TARGETS)) draft.given.set(TARGETS, firstTargets(draft, root));
}
