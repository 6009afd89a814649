import { ambiguousPairs } from './ambiguous-order.js';
import { applyChange } from './apply-change.js';
import type { Outcome, RequestedChange } from './change.js';
import { keysOfDelegatedRole, type TrustedKeys } from './delegation.js';
import { TufError } from './errors.js';
import type { Root, SignedMetadata, Targets } from './metadata.js';
import type { RepositoryState, RevisionContext, SigningEvent } from './repository-state.js';
import { type ArtifactEdit, RevisionDraft } from './revision-draft.js';
import { type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { keysOfTopLevelRole } from './root-trust.js';

/** What the waiting changes come to; nothing in it is signed online yet. */
export interface RevisionPlan {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Opened, signed further or completed. */
  readonly signingEvents: readonly SigningEvent[];
  /** Null when there is nothing new for clients. */
  readonly content: RevisionContent | null;
}

export interface RevisionContent {
  /** In force with this revision. */
  readonly root: SignedMetadata<Root>;
  readonly rootIsNew: boolean;
  /** Next versions, unsigned, delegated roles before targets. */
  readonly targetsRoles: ReadonlyMap<RoleName, Targets>;
  /** The targets role in force with this revision: its delegations say who signs delegated roles. */
  readonly targets: Targets;
  readonly snapshotIsNew: boolean;
  readonly artifactEdits: readonly ArtifactEdit[];
}

/**
 * Works out the next revision of a repository: the outcomes of the changes, and new versions of only the roles concerned.
 * A change without an outcome has to wait for the revision after it.
 */
export function nextRevision(
  state: RepositoryState,
  changes: readonly RequestedChange[],
  context: RevisionContext,
): RevisionPlan {
  const barred = new Set<string>();
  for (;;) {
    const draft = new RevisionDraft(state, context, barred);
    const outcomes = outcomesOf(draft, changes);
    if (draft.root) draft.renew(context.due.filter((role) => draft.isOnlineRole(role)));
    const content = contentOf(draft, state);
    const ambiguous = content ? ambiguousPaths(content) : [];
    if (ambiguous.length === 0) return { outcomes, signingEvents: [...draft.signingEvents.values()], content };
    // Rare. Each round bars a path that was to be added, so the rounds come to an end.
    for (const path of ambiguous) barred.add(path);
  }
}

// Clients take one root after the other, so a revision has room for one; what could bring another waits.
function outcomesOf(draft: RevisionDraft, changes: readonly RequestedChange[]): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const requested of changes) {
    if (draft.newRoot && ['set-root', 'add-signature'].includes(requested.change.kind)) break;
    outcomes.set(requested.id, applyChange(draft, requested));
  }
  return outcomes;
}

/** The keys that must sign a role's next version. */
export function signersOf(content: RevisionContent, role: RoleName): TrustedKeys {
  if (role === TARGETS || role === SNAPSHOT || role === TIMESTAMP) {
    return keysOfTopLevelRole(content.root.signed, role as 'targets' | 'snapshot' | 'timestamp');
  }
  const trusted = keysOfDelegatedRole(content.targets.delegations, role);
  if (!trusted) throw new TufError('role-unknown', `nothing delegates to role ${role}`);
  return trusted;
}

/** One path that was to be added of each pair that clients would sort differently. */
function ambiguousPaths({ targetsRoles, artifactEdits }: RevisionContent): string[] {
  const added = new Set<string>(artifactEdits.filter(({ before }) => before === null).map(({ path }) => path));
  const roles = new Set(artifactEdits.map(({ role }) => role));
  return [...roles].flatMap((role) =>
    ambiguousPairs(Object.keys(targetsRoles.get(role)?.targets ?? {})).flatMap(([first, second]) =>
      [second, first].filter((path) => added.has(path)).slice(0, 1),
    ),
  );
}

function contentOf(draft: RevisionDraft, state: RepositoryState): RevisionContent | null {
  if (!draft.root) return null;
  const artifactEdits = draft.effectiveEdits();
  const targetsRoles = draft.nextTargetsRoles(artifactEdits);
  const targets = targetsRoles.get(TARGETS) ?? state.published?.targets.signed;
  if (!targets) throw new TufError('repository-not-ready', 'the repository has no targets role');
  const snapshotIsNew = targetsRoles.size > 0 || draft.isRenewed(SNAPSHOT);
  const rootIsNew = draft.newRoot !== null;
  if (!rootIsNew && !snapshotIsNew && !draft.isRenewed(TIMESTAMP)) return null;
  return { root: draft.root, rootIsNew, targetsRoles, targets, snapshotIsNew, artifactEdits };
}
