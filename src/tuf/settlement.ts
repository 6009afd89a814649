import { viewOf } from './artifact-moves.js';
import { delegatedRoleNames, sameTrust } from './delegation.js';
import { withRole } from './delegation-edit.js';
import type { DelegationTree } from './delegation-tree.js';
import { firstTargets, followKeys } from './key-succession.js';
import type { Delegations, Root } from './metadata.js';
import { prefixesConcerned } from './path-scope.js';
import type { RevisionDraft } from './revision-draft.js';
import { type RoleName, SNAPSHOT, TARGETS } from './role-name.js';
import { thresholdMet } from './signature.js';
import { isSignedBy } from './signed-version.js';
import { isRootEvent, missingSignatures, type SigningEvent } from './signing-event.js';
import { delegatesAsBefore, takeEffect } from './take-effect.js';
import { pathsIn } from './targets-content.js';

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
  let settled = draft.events
    .open()
    .filter((event) => hasRoom(draft, event) && missingSignatures(event, root, draft.context.identities) === 0);
  for (;;) {
    const tree = treeWith(draft, settled);
    const unfit = settled.filter((event) => tree === null || !fits(draft, event, settled, tree));
    if (unfit.length === 0) return settled;
    // What is higher up decides about what is further down, so that goes first; then the others are looked at anew.
    const first = unfit.reduce((higher, event) => (heightOf(tree, event) < heightOf(tree, higher) ? event : higher));
    settled = settled.filter((event) => event !== first);
  }
}

function heightOf(tree: DelegationTree | null, event: SigningEvent): number {
  return isRootEvent(event) ? -1 : (tree?.depth(event.role) ?? 0);
}

/** A version is published once, and clients take one root after the other. */
function hasRoom({ newRoot, completed }: RevisionDraft, event: SigningEvent): boolean {
  if (newRoot) return false;
  return isRootEvent(event) ? completed.size === 0 : !completed.has(event.role);
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
  if (isRootEvent(event)) return [TARGETS, SNAPSHOT].every(isSigned) && !takesDelegationsFromPeople(draft, tree);
  const { role, metadata } = event;
  const trusted = tree.keysOf(role);
  if (!trusted || !thresholdMet(metadata, trusted) || metadata.signed.version !== draft.publishedVersion(role) + 1) {
    return false;
  }
  if (event.pending && !sameTrust(trusted, event.signers)) return false; // clients do not trust its signers yet
  const placedBy = event.pending?.delegation ? event.pending.delegator : null;
  if (placedBy && (brought.has(placedBy) || !draft.isOnline(placedBy, tree))) return false;
  // What it lists may be for a delegation that waits for other signatures.
  if (!pathsIn(metadata.signed).every((path) => tree.walk(path).includes(role))) return false;
  return delegatedRoleNames(event.metadata.signed.delegations).every(isSigned);
}

/** Whether people are about to sign other delegations of targets, which the service could not sign for them. */
function takesDelegationsFromPeople(draft: RevisionDraft, tree: DelegationTree): boolean {
  const waiting = draft.events.ofTargets(TARGETS);
  if (!waiting || !draft.publishedTree || !draft.isOnline(TARGETS, tree)) return false;
  return !draft.isOnline(TARGETS) && !delegatesAsBefore(draft, waiting);
}

function publish(draft: RevisionDraft, settled: readonly SigningEvent[]): void {
  const before =
    draft.publishedTree &&
    viewOf(
      draft,
      settled.flatMap((event) => (isRootEvent(event) ? [] : [event.role])),
    );
  const previous = draft.root?.signed ?? null;
  for (const event of settled) {
    draft.events.close(event, 'completed', null);
    if (isRootEvent(event)) draft.newRoot = event.metadata;
    else {
      draft.completed.set(event.role, event.metadata);
      draft.given.delete(event.role);
    }
  }
  for (const { delegator, delegation, keys } of placedRoles(settled)) {
    if (!draft.completed.has(delegator)) {
      draft.delegate(delegator, (delegations) => withRole(delegations, delegation, keys));
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

function createTargets(draft: RevisionDraft, root: Root): void {
  if (!draft.completed.has(TARGETS)) draft.given.set(TARGETS, firstTargets(draft, root));
}
