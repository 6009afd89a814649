import { ambiguousPairs } from './ambiguous-order.js';
import type { Applied } from './applied.js';
import { applyChange, isOfProposals } from './apply-change.js';
import type { ArtifactPath } from './artifact.js';
import { type ArtifactEdit, artifactEdits } from './artifact-edits.js';
import type { Outcome, RequestedChange } from './change.js';
import type { TrustedKeys } from './delegation.js';
import { type DelegationTree, rolesGone } from './delegation-tree.js';
import { TufError } from './errors.js';
import type { Root, SignedMetadata, Targets } from './metadata.js';
import { renewDue } from './renewals.js';
import type { RepositoryState, RevisionContext } from './repository-state.js';
import { RevisionDraft } from './revision-draft.js';
import { type RoleName, SNAPSHOT, TIMESTAMP } from './role-name.js';
import type { RepositorySettings } from './settings.js';
import { missingSignatures, type SigningEvent } from './signing-event.js';
import { closeOrphans } from './signing-event-changes.js';
import { proposePlacedRoles, renewStaleProposals, settleWhatIsComplete } from './stale-proposals.js';
import { runToEnd, type Steps } from './steps.js';
import { pathsIn, type TargetsContent } from './targets-content.js';

/** What the waiting changes come to; nothing in it is signed online yet. */
export interface RevisionPlan {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Opened, signed further or closed. */
  readonly signingEvents: readonly SigningEvent[];
  /** In force with this revision. */
  readonly settings: RepositorySettings;
  /** Null when there is nothing new for clients. */
  readonly content: RevisionContent | null;
}

export interface RevisionContent {
  /** In force with this revision. */
  readonly root: SignedMetadata<Root>;
  readonly rootIsNew: boolean;
  /** Next versions, each after what it delegates to: those that people have signed, and those that the service will sign. */
  readonly targetsRoles: ReadonlyMap<RoleName, SignedMetadata<Targets> | Targets>;
  /** Who delegates to whom once this revision is out: says who signs what. */
  readonly tree: DelegationTree;
  /** Roles that clients do not know any more. */
  readonly retired: readonly RoleName[];
  readonly snapshotIsNew: boolean;
  readonly artifactEdits: readonly ArtifactEdit[];
}

/**
 * Works out the next revision of a repository: the outcomes of the changes, and new versions of only the roles concerned.
 * A change without an outcome has to wait for the revision after it.
 * @throws MetadataNotLoaded where it needs more of what is published.
 */
export function nextRevision(
  state: RepositoryState,
  changes: readonly RequestedChange[],
  context: RevisionContext,
): RevisionPlan {
  return runToEnd(revisionSteps(state, changes, context));
}

/** As {@link nextRevision}, change by change and role by role: there may be thousands of both. */
export function* revisionSteps(
  state: RepositoryState,
  changes: readonly RequestedChange[],
  context: RevisionContext,
): Steps<RevisionPlan> {
  const barred = new Set<string>();
  for (;;) {
    const draft = new RevisionDraft(state, context, barred);
    const applied = yield* applyAll(draft, changes);
    yield* draft.gatherEdits();
    if (draft.root) renewDue(draft);
    settleWhatIsComplete(draft);
    if (draft.publishedTree) proposePlacedRoles(draft);
    closeOrphans(draft);
    renewStaleProposals(draft);
    const ambiguous = yield* ambiguousPaths(draft, applied);
    // Rare. Each round bars a path that was to be added, so the rounds come to an end.
    if (ambiguous.length > 0) for (const path of ambiguous) barred.add(path);
    else return yield* planOf(draft, applied);
  }
}

/** The keys that must sign a role's next version. */
export function signersOf({ tree }: Pick<RevisionContent, 'tree'>, role: RoleName): TrustedKeys {
  const trusted = tree.keysOf(role);
  if (!trusted) throw new TufError('role-unknown', `nothing delegates to role ${role}`);
  return trusted;
}

// Clients take one root after the other, and a version is published once, so a revision has room for one set of what
// people sign; what could bring another waits.
function* applyAll(draft: RevisionDraft, changes: readonly RequestedChange[]): Steps<Map<string, Applied>> {
  const applied = new Map<string, Applied>();
  for (const requested of changes) {
    if (isFull(draft) && isOfProposals(requested.change)) break;
    applied.set(requested.id, applyChange(draft, requested));
    yield;
  }
  return applied;
}

function isFull({ newRoot, completed }: RevisionDraft): boolean {
  return newRoot !== null || completed.size > 0;
}

function* planOf(draft: RevisionDraft, applied: ReadonlyMap<string, Applied>): Steps<RevisionPlan> {
  return {
    outcomes: new Map([...applied].map(([id, { outcome, waitsFor }]) => [id, withEvents(draft, outcome, waitsFor)])),
    signingEvents: draft.events.changed,
    settings: draft.settings,
    content: yield* contentOf(draft),
  };
}

function withEvents(draft: RevisionDraft, outcome: Outcome, waitsFor: ReadonlySet<RoleName>): Outcome {
  const [first, ...others] = [...waitsFor].flatMap((role) => draft.events.of(role) ?? []);
  if (!first) return outcome;
  return {
    ...outcome,
    signingEvent: first.id,
    missingSignatures: missingSignatures(first, draft.root?.signed ?? null, draft.context.identities),
    ...(others.length > 0 && { otherSigningEvents: others.map(({ id }) => id) }),
  };
}

/** One path that was to be added of each pair that clients would sort differently. */
function* ambiguousPaths(draft: RevisionDraft, applied: ReadonlyMap<string, Applied>): Steps<ArtifactPath[]> {
  const added = addedPaths(applied);
  const ambiguous: ArtifactPath[] = [];
  if (added.size === 0) return ambiguous;
  for (const content of contentsOf(draft)) {
    for (const pair of ambiguousPairs(pathsIn(content))) {
      const [second, first] = pair.reverse() as ArtifactPath[];
      const path = [second, first].find((one) => one !== undefined && added.has(one) && !draft.isBarred(one));
      if (path) ambiguous.push(path);
    }
    yield;
  }
  return ambiguous;
}

function addedPaths(applied: ReadonlyMap<string, Applied>): Set<string> {
  const added = new Set<string>();
  for (const { outcome } of applied.values()) {
    for (const { path, result } of outcome.artifacts ?? []) {
      if (result === 'added' || result === 'awaiting-signatures') added.add(path);
    }
  }
  return added;
}

function contentsOf(draft: RevisionDraft): TargetsContent[] {
  const proposed = draft.events.changed.filter(({ state }) => state === 'open');
  return [
    ...draft.given.values(),
    ...proposed.flatMap(({ metadata }) => ('targets' in metadata.signed ? [metadata.signed] : [])),
  ];
}

function* contentOf(draft: RevisionDraft): Steps<RevisionContent | null> {
  if (!draft.root) return null;
  const tree = draft.delegationTree;
  const next = new Map<RoleName, SignedMetadata<Targets> | Targets>([
    ...(yield* draft.nextTargetsRoles()),
    ...draft.completed,
  ]);
  const retired = rolesGone(draft.publishedTree, tree);
  const snapshotIsNew = next.size > 0 || draft.isRenewed(SNAPSHOT);
  const rootIsNew = draft.newRoot !== null;
  if (!rootIsNew && !snapshotIsNew && !draft.isRenewed(TIMESTAMP)) return null;
  const targetsRoles = new Map([...next].sort(([left], [right]) => tree.depth(right) - tree.depth(left)));
  return {
    root: draft.root,
    rootIsNew,
    targetsRoles,
    tree,
    retired,
    snapshotIsNew,
    artifactEdits: yield* artifactEdits(draft, targetsRoles, retired),
  };
}
