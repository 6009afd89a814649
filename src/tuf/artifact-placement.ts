import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import type { DelegationTree } from './delegation-tree.js';
import type { RevisionDraft } from './revision-draft.js';
import { type RoleName, TARGETS } from './role-name.js';
import { isRootEvent } from './signing-event.js';

/** Where clients look for a path now, and where they will once everything that waits has its signatures. */
export interface Placement {
  readonly path: ArtifactPath;
  readonly role: RoleName;
  readonly plannedRole: RoleName;
  readonly walk: readonly RoleName[];
  readonly plannedWalk: readonly RoleName[];
  readonly isContested: boolean;
}

/** One role's part in a change of an artifact. */
export interface Edit {
  readonly role: RoleName;
  /** `now` for what clients find or, where people sign the role, for its next version; `planned` for that alone. */
  readonly of: 'now' | 'planned' | 'handed-over';
  readonly file: TargetFile | null;
}

export function placementOf(draft: RevisionDraft, planned: DelegationTree, path: ArtifactPath): Placement {
  const tree = draft.delegationTree;
  const { role, isContested } = tree.route(path);
  const walk = tree.walk(path);
  if (planned === tree) return { path, role, plannedRole: role, walk, plannedWalk: walk, isContested };
  const route = planned.route(path);
  return {
    path,
    role,
    plannedRole: route.role,
    walk,
    plannedWalk: planned.walk(path),
    isContested: isContested || route.isContested,
  };
}

/** What has to change for clients to find the file, now and once everything that waits is signed. */
export function editsToAdd(
  draft: RevisionDraft,
  planned: DelegationTree,
  placement: Placement,
  file: TargetFile,
): Edit[] {
  const { role, plannedRole, walk } = placement;
  const isKept = mayList(draft, role) && !leavesWithItsRole(draft, placement);
  const edits: Edit[] = [{ role, of: 'now', file: isKept ? file : null }];
  for (const other of walk)
    if (other !== role && draft.isOnline(other)) edits.push({ role: other, of: 'now', file: null });
  if (plannedRole !== role) edits.push(...editsOfPlan(draft, planned, placement, file, isKept));
  edits.push(...editsOfShadows(draft, placement), ...editsOfHandovers(draft, edits, placement.path, file));
  return edits.filter((edit) => !sameTargetFile(fileOf(draft, edit, placement.path), edit.file));
}

export function editsToRemove(draft: RevisionDraft, { path, walk, plannedWalk }: Placement): Edit[] {
  const roles = [...new Set([...walk, ...plannedWalk])];
  const signedByPeople = roles.filter((role) => draft.openTargetsEvent(role) || !draft.isOnline(role));
  const edits = [
    ...roles.filter((role) => draft.isOnline(role)).map((role): Edit => ({ role, of: 'now', file: null })),
    ...signedByPeople.map((role): Edit => ({ role, of: 'planned', file: null })),
    ...editsOfHandovers(draft, [], path, null),
  ];
  return edits.filter((edit) => fileOf(draft, edit, path) !== null);
}

export function applyEdits(draft: RevisionDraft, path: ArtifactPath, edits: readonly Edit[]): void {
  for (const { role, of, file } of edits) {
    if (of === 'now') draft.setTargetFile(role, path, file);
    else if (of === 'planned') draft.setPlannedFile(role, path, file);
    else draft.handOver(role, path, file);
  }
}

/** Whether an artifact of the path has any role that may list it, now or soon. */
export function isDelegated(draft: RevisionDraft, { role, plannedRole }: Placement): boolean {
  return mayList(draft, role) || plannedRole !== role;
}

function mayList(draft: RevisionDraft, role: RoleName): boolean {
  return role !== TARGETS || draft.settings.targetsListsArtifacts;
}

/** Its next version delegates the path, so listing it as well would take people a signature more. */
function leavesWithItsRole(draft: RevisionDraft, { role, plannedRole, plannedWalk }: Placement): boolean {
  if (plannedRole === role || draft.isOnline(role)) return false;
  const [place, plannedPlace] = [plannedWalk.indexOf(role), plannedWalk.indexOf(plannedRole)];
  return place >= 0 && place < plannedPlace;
}

function editsOfPlan(
  draft: RevisionDraft,
  planned: DelegationTree,
  { role, plannedRole, plannedWalk, path }: Placement,
  file: TargetFile,
  isKept: boolean,
): Edit[] {
  const isSignedByPeople = draft.openTargetsEvent(plannedRole) !== undefined || !draft.isOnline(plannedRole, planned);
  const isFound = isKept && plannedWalk.includes(role);
  const lists = draft.openTargetsEvent(plannedRole) !== undefined || draft.plannedFile(plannedRole, path) !== null;
  if (isSignedByPeople) return isFound && !lists ? [] : [{ role: plannedRole, of: 'planned', file }];
  return isKept ? [] : [{ role, of: 'handed-over', file }];
}

/** A client takes the first role that lists a path; what one behind it lists does no harm, and costs people a signature. */
function editsOfShadows(draft: RevisionDraft, { role, plannedRole, walk, plannedWalk }: Placement): Edit[] {
  const ahead = [
    ...walk.slice(0, walk.indexOf(role)),
    ...plannedWalk.slice(0, plannedWalk.indexOf(plannedRole)).filter((other) => other !== role),
  ];
  const offline = [...new Set(ahead)].filter((other) => !draft.isOnline(other) && other !== plannedRole);
  return offline.map((other) => ({ role: other, of: 'planned', file: null }));
}

function editsOfHandovers(
  draft: RevisionDraft,
  edits: readonly Edit[],
  path: ArtifactPath,
  file: TargetFile | null,
): Edit[] {
  const known = new Set(edits.filter((edit) => edit.of === 'handed-over').map(({ role }) => role));
  const roles = draft.openEvents().filter((event) => !isRootEvent(event) && !known.has(event.role));
  return roles.flatMap(({ role }) =>
    draft.handedOver(role, path) === null ? [] : [{ role, of: 'handed-over' as const, file }],
  );
}

function fileOf(draft: RevisionDraft, { role, of }: Edit, path: ArtifactPath): TargetFile | null {
  if (of === 'now') return draft.targetFile(role, path);
  return of === 'planned' ? draft.plannedFile(role, path) : draft.handedOver(role, path);
}
