import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import { rolesListing } from './artifact-moves.js';
import { artifactStranded, contestedPath } from './artifact-refusals.js';
import type { DelegationTree } from './delegation-tree.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';
import { isRootEvent } from './signing-event.js';
import type { PathEdits } from './targets-content.js';

/** What a change of delegations that has to be signed first is about. */
export interface ProposedChange {
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

/** Where a path is listed, or from where it is handed over, once everything that waits has its signatures. */
interface Place {
  readonly role: RoleName;
  readonly file: TargetFile;
  readonly isHandedOver: boolean;
}

/**
 * What proposals must list, or list no more, so that clients find every artifact in its place once the change takes effect.
 * @throws TufError `artifacts-stranded` where they would find one no more.
 */
export function movesOfProposals(draft: RevisionDraft, change: ProposedChange): ProposedMoves {
  const moves = { edits: byRole(change.proposed), handedOver: byRole(change.proposed) };
  const paths = pathsConcerned(draft, change);
  draft.assertLoaded(paths.flatMap((path) => [...change.before.walk(path), ...change.after.walk(path)]));
  for (const path of paths) {
    const place = placeOf(draft, change.before, path);
    if (place && !change.dropped.has(place.role)) moveArtifact(draft, change, path, place, moves);
  }
  return moves;
}

type MutableMoves = { readonly [Name in keyof ProposedMoves]: Map<RoleName, Map<ArtifactPath, TargetFile | null>> };

function byRole(roles: ReadonlySet<RoleName>): Map<RoleName, Map<ArtifactPath, TargetFile | null>> {
  return new Map([...roles].map((role) => [role, new Map()]));
}

function moveArtifact(
  draft: RevisionDraft,
  { after, proposed }: ProposedChange,
  path: ArtifactPath,
  { role: from, file, isHandedOver }: Place,
  { edits, handedOver }: MutableMoves,
): void {
  const { role: to, isContested } = after.route(path);
  if (isContested) throw contestedPath(path);
  if (to === from && !isHandedOver) return;
  const isOnline = draft.isOnline(to, after) && !proposed.has(to);
  if (proposed.has(to)) edits.get(to)?.set(path, file);
  else if (!isOnline && !isFound(draft, after, path, file)) throw artifactStranded(path, to, 'none');
  if (!proposed.has(to) && !isOnline) return; // it stays where clients find it
  if (isHandedOver) handedOver.get(from)?.set(path, isOnline ? file : null);
  else if (proposed.has(from)) {
    edits.get(from)?.set(path, null);
    if (isOnline) handedOver.get(from)?.set(path, file);
  }
}

function isFound(draft: RevisionDraft, tree: DelegationTree, path: ArtifactPath, file: TargetFile): boolean {
  const first = tree.walk(path).find((role) => draft.plannedFile(role, path));
  return first !== undefined && sameTargetFile(draft.plannedFile(first, path), file);
}

function placeOf(draft: RevisionDraft, tree: DelegationTree, path: ArtifactPath): Place | null {
  const walk = tree.walk(path);
  for (const role of walk) {
    const file = draft.plannedFile(role, path);
    if (file) return { role, file, isHandedOver: false };
  }
  for (const role of walk) {
    const file = draft.handedOver(role, path);
    if (file) return { role, file, isHandedOver: true };
  }
  return null;
}

function pathsConcerned(draft: RevisionDraft, { pathPrefixes, before }: ProposedChange): ArtifactPath[] {
  const roles = rolesListing(draft, pathPrefixes).filter((role) => before.has(role));
  draft.assertLoaded(roles);
  const waiting = draft.openEvents().flatMap((event) => (isRootEvent(event) ? [] : [event]));
  const paths = new Set([
    ...roles.flatMap((role) => Object.keys(draft.inForce(role)?.targets ?? {})),
    ...waiting.flatMap(({ metadata, consequences }) => [
      ...Object.keys(metadata.signed.targets),
      ...Object.keys(consequences?.handedOver ?? {}),
    ]),
  ]);
  return [...paths].filter((path) => pathPrefixes.some((prefix) => path.startsWith(prefix))) as ArtifactPath[];
}
