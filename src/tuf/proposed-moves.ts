import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import { rolesListing } from './artifact-moves.js';
import { mayList } from './artifact-placement.js';
import { artifactStranded, contestedPath } from './artifact-refusals.js';
import type { DelegationTree } from './delegation-tree.js';
import { type PlannedPlace, plannedPlaceOf } from './planned-file.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';
import { isRootEvent } from './signing-event.js';
import { type PathEdits, pathsIn } from './targets-content.js';

/** What a change of delegations that has to be signed first is about. */
export interface ProposedChange {
  readonly delegator: RoleName;
  /** The delegations with what waits already, before and after the change. */
  readonly before: DelegationTree;
  readonly after: DelegationTree;
  /** The roles whose next version it proposes. */
  readonly proposed: ReadonlySet<RoleName>;
  readonly pathPrefixes: readonly string[];
  readonly dropped: ReadonlySet<RoleName>;
}

/** What proposals are to say of single paths, by role. */
export interface ProposedMoves {
  readonly edits: ReadonlyMap<RoleName, PathEdits>;
  readonly handedOver: ReadonlyMap<RoleName, PathEdits>;
}

/**
 * What proposals must list, or list no more, so that clients find every artifact in its place once the change takes effect.
 * @throws TufError `artifacts-stranded` where they would find one no more.
 */
export function movesOfProposals(draft: RevisionDraft, change: ProposedChange): ProposedMoves {
  const moves = { edits: byRole(change.proposed), handedOver: byRole(change.proposed) };
  const paths = pathsConcerned(draft, change);
  const trees = [draft.delegationTree, change.before, change.after];
  draft.assertLoaded(paths.flatMap((path) => trees.flatMap((tree) => tree.walk(path))));
  for (const path of paths) {
    const place = placeOf(draft, change.before, path);
    if (!place) continue;
    if (change.dropped.has(place.role)) dropArtifact(draft, change, path, moves);
    else moveArtifact(draft, change, path, place, moves);
  }
  return moves;
}

type MutableMoves = { readonly [Name in keyof ProposedMoves]: Map<RoleName, Map<ArtifactPath, TargetFile | null>> };

function byRole(roles: ReadonlySet<RoleName>): Map<RoleName, Map<ArtifactPath, TargetFile | null>> {
  return new Map([...roles].map((role) => [role, new Map()]));
}

function moveArtifact(
  draft: RevisionDraft,
  { delegator, after, proposed }: ProposedChange,
  path: ArtifactPath,
  { role: from, file, isHandedOver }: PlannedPlace,
  { edits, handedOver }: MutableMoves,
): void {
  const { role: to, isContested } = after.route(path);
  if (file && isContested) throw contestedPath(path);
  if (!file) handedOver.get(delegator)?.set(path, null); // or else what clients find until then would move
  const isOnline = draft.isOnline(to, after) && !proposed.has(to);
  const isUnsigned = isOnline && draft.events.ofTargets(to)?.pending; // until now people were to sign it
  if (to === from && !isHandedOver && !isUnsigned) return;
  if (mayList(draft, to) && (isOnline || proposed.has(to))) {
    for (const role of proposed) if (draft.plannedFile(role, path)) edits.get(role)?.set(path, null);
    edits.get(to)?.set(path, file);
    const takesAlong = proposed.has(delegator) ? delegator : from;
    if (isOnline && (isUnsigned || proposed.has(from) || !draft.isOnline(from)))
      handedOver.get(takesAlong)?.set(path, file);
  } else if (file && !isFound(draft, after, path, file)) throw artifactStranded(path, to, 'none');
}

/** What goes away with its role is not handed over either. */
function dropArtifact(
  draft: RevisionDraft,
  { proposed }: ProposedChange,
  path: ArtifactPath,
  moves: MutableMoves,
): void {
  for (const role of proposed) if (draft.handedOver(role, path)) moves.handedOver.get(role)?.set(path, null);
}

function isFound(draft: RevisionDraft, tree: DelegationTree, path: ArtifactPath, file: TargetFile): boolean {
  const first = tree.walk(path).find((role) => draft.plannedFile(role, path));
  return first !== undefined && sameTargetFile(draft.plannedFile(first, path), file);
}

function placeOf(draft: RevisionDraft, tree: DelegationTree, path: ArtifactPath): PlannedPlace | null {
  return plannedPlaceOf(draft, tree, path) ?? placeInForce(draft, path);
}

/** Where clients find a path that its role will lose, and that is to move when it does. */
function placeInForce(draft: RevisionDraft, path: ArtifactPath): PlannedPlace | null {
  const role = draft.delegationTree.walk(path).find((name) => draft.fileInForce(name, path));
  if (!role) return null;
  const isTakenAway = draft.events.open().some(({ consequences }) => consequences?.dropped.includes(role));
  if (isTakenAway) return null;
  const isGivenUp = !draft.isOnline(role) && draft.events.ofTargets(role) !== undefined;
  return { role, file: isGivenUp ? null : draft.fileInForce(role, path), isHandedOver: false };
}

function pathsConcerned(draft: RevisionDraft, { pathPrefixes, before }: ProposedChange): ArtifactPath[] {
  const roles = rolesListing(draft, pathPrefixes).filter((role) => before.has(role) || draft.delegationTree.has(role));
  draft.assertLoaded(roles);
  const waiting = draft.events.open().flatMap((event) => (isRootEvent(event) ? [] : [event]));
  const paths = new Set([
    ...roles.flatMap((role) => pathsIn(draft.inForce(role))),
    ...draft.foundElsewhere.keys(),
    ...waiting.flatMap(({ metadata, consequences }) => [
      ...pathsIn(metadata.signed),
      ...Object.keys(consequences?.handedOver ?? {}),
    ]),
  ]);
  return [...paths].filter((path) => pathPrefixes.some((prefix) => path.startsWith(prefix))) as ArtifactPath[];
}
