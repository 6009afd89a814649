import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import type { DelegationTree } from './delegation-tree.js';
import { TufError } from './errors.js';
import { treeWithRole } from './planned-tree.js';
import type { RevisionDraft } from './revision-draft.js';
import { proposeRole } from './role-changes.js';
import { settleEvents } from './settlement.js';
import { isRootEvent, type PlacedRole, type TargetsEvent } from './signing-event.js';
import { fileIn, type PathEdits, pathsIn, withEdits } from './targets-content.js';

/** Publishes what has become complete by a change of its threshold, or of what it waited for. */
export function settleWhatIsComplete(draft: RevisionDraft): void {
  try {
    draft.attempt(() => settleEvents(draft));
  } catch (error) {
    if (!(error instanceof TufError)) throw error; // nobody asked for it now, so nobody is to be told
  }
}

/** Has people sign the delegations that the service would have signed, where they sign for the delegator from now on. */
export function proposePlacedRoles(draft: RevisionDraft): void {
  for (const event of draft.events.open()) {
    if (isRootEvent(event) || !event.pending?.delegation) continue;
    const { delegator, delegation } = event.pending;
    if (draft.delegationTree.has(delegator) && !draft.isOnline(delegator)) proposeOrEnd(draft, event, delegation);
  }
}

function proposeOrEnd(draft: RevisionDraft, event: TargetsEvent, delegation: PlacedRole): void {
  try {
    draft.attempt(() => proposeRole(draft, event, delegation));
  } catch (error) {
    if (!(error instanceof TufError)) throw error;
    draft.events.close(event, 'superseded', error.message);
  }
}

/** Has what waits follow what this revision brings: another version number, and no path that is another role's now. */
export function renewStaleProposals(draft: RevisionDraft): void {
  if (!draft.publishedTree) return;
  const events = draft.events.open().flatMap((event) => (isRootEvent(event) ? [] : [event]));
  if (events.length === 0) return;
  const planned = draft.plannedTree();
  for (const event of events) renewIfStale(draft, planned, event);
}

function renewIfStale(draft: RevisionDraft, planned: DelegationTree, event: TargetsEvent): void {
  const { role, metadata } = event;
  const alone = treeWithRole(draft.delegationTree, event);
  const trees = [planned, event.pending ? (alone ?? planned) : draft.delegationTree];
  const isChanged = planned !== draft.publishedTree || draft.events.isChanged(event.id);
  const edits: PathEdits = isChanged
    ? new Map([...strays(trees, event), ...takenBack(draft, alone ?? planned, event)])
    : new Map();
  if (edits.size === 0 && metadata.signed.version === draft.nextVersionToPropose(role)) return;
  draft.propose(role, withEdits(metadata.signed, edits));
}

/** What is for the role neither now nor soon. */
function strays(trees: readonly DelegationTree[], { role, metadata }: TargetsEvent): [ArtifactPath, null][] {
  const paths = pathsIn(metadata.signed);
  return paths.filter((path) => !trees.some((tree) => tree.walk(path).includes(role))).map((path) => [path, null]);
}

/** What was to be handed over to a role that the service does not sign any more. */
function takenBack(
  draft: RevisionDraft,
  tree: DelegationTree,
  { role, metadata, consequences }: TargetsEvent,
): [ArtifactPath, TargetFile][] {
  const files = Object.entries(consequences?.handedOver ?? {}) as [ArtifactPath, TargetFile | null][];
  return files.flatMap(([path, file]) => {
    const isTaken = draft.isOnline(tree.route(path).role, tree) || !tree.walk(path).includes(role);
    return !file || isTaken || sameTargetFile(fileIn(metadata.signed, path), file) ? [] : [[path, file]];
  });
}
