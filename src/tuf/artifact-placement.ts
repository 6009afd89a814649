import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import type { DelegationTree } from './delegation-tree.js';
import { treeWithRole } from './planned-tree.js';
import type { RevisionDraft } from './revision-draft.js';
import { ROOT, type RoleName, TARGETS } from './role-name.js';
import { isRootEvent, type SigningEvent } from './signing-event.js';

/** Where clients look for a path now, and where they will once everything that waits has its signatures. */
export interface Placement {
  readonly path: ArtifactPath;
  readonly role: RoleName;
  readonly plannedRole: RoleName;
  readonly walk: readonly RoleName[];
  readonly plannedWalk: readonly RoleName[];
  /** Roles to which the path goes if they take effect before all others that wait. */
  readonly nextRoles: readonly RoleName[];
  readonly isContested: boolean;
}

/** One role's part in a change of an artifact. */
export interface Edit {
  readonly role: RoleName;
  /** `now` for what clients find or, where people sign the role, for its next version; `planned` for that alone. */
  readonly of: 'now' | 'planned' | 'handed-over';
  readonly file: TargetFile | null;
}

/** The delegations as what waits may change them. */
export interface Outlook {
  /** Once everything has its signatures. */
  readonly planned: DelegationTree;
  /** For each role that may take effect alone, if it is the first. */
  readonly next: readonly { readonly role: RoleName; readonly tree: DelegationTree }[];
}

export function outlookOf(draft: RevisionDraft): Outlook {
  const next = draft.events.open().flatMap((event) => {
    const tree = treeWithRole(draft.delegationTree, event);
    return tree ? [{ role: event.role, tree }] : [];
  });
  return { planned: draft.plannedTree(), next };
}

export function placementOf(draft: RevisionDraft, { planned, next }: Outlook, path: ArtifactPath): Placement {
  const tree = draft.delegationTree;
  const { role, isContested } = tree.route(path);
  const walk = tree.walk(path);
  if (planned === tree) return { path, role, plannedRole: role, walk, plannedWalk: walk, nextRoles: [], isContested };
  const route = planned.route(path);
  return {
    path,
    role,
    plannedRole: route.role,
    walk,
    plannedWalk: planned.walk(path),
    nextRoles: next.filter((other) => other.tree.route(path).role === other.role).map((other) => other.role),
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
  const { path, role, plannedRole, walk } = placement;
  const isKept = mayList(draft, role) && !leavesWithItsRole(draft, planned, placement);
  const isBehind = !draft.isOnline(role) && !draft.plannedFile(role, path) && shadowsOf(draft, placement).length > 0;
  const edits: Edit[] = isBehind ? [] : [{ role, of: 'now', file: isKept ? file : null }];
  if (draft.isOnline(role)) edits.push(...editsElsewhere(draft, role, walk));
  if (isKept && plannedRole === role && draft.events.ofTargets(role)) edits.push({ role, of: 'planned', file });
  if (plannedRole !== role) edits.push(...editsOfPlan(draft, planned, placement, file, isKept));
  const waiting = placement.nextRoles.filter((other) => other !== role || isKept);
  edits.push(...waiting.map((other): Edit => ({ role: other, of: 'planned', file })));
  edits.push(...editsOfShadows(draft, placement, file), ...editsBehind(draft, placement, file));
  edits.push(...editsOfHandovers(draft, edits, path, file));
  return edits.filter((edit) => hasEffect(draft, edit, path));
}

export function editsToRemove(draft: RevisionDraft, planned: DelegationTree, placement: Placement): Edit[] {
  const { path, role, plannedRole, walk, plannedWalk } = placement;
  const roles = [...new Set([...walk, ...plannedWalk, ...placement.nextRoles])];
  const signedByPeople = roles.filter((name) => draft.events.ofTargets(name) || !draft.isOnline(name));
  const edits = [
    ...walk.filter((name) => draft.isOnline(name)).map((name): Edit => ({ role: name, of: 'now', file: null })),
    ...signedByPeople.map((name): Edit => ({ role: name, of: 'planned', file: null })),
  ];
  // What clients find until then would go to the role that it belongs to afterwards.
  const isVisible = walk.some((name) => !draft.isOnline(name) && draft.fileInForce(name, path));
  if (isVisible && plannedRole !== role) edits.push(...editsOfPlan(draft, planned, placement, null, false));
  edits.push(...editsOfHandovers(draft, edits, path, null));
  return edits.filter((edit) => hasEffect(draft, edit, path));
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

/** Targets lists what no delegation is for only where its settings say so. */
export function mayList(draft: RevisionDraft, role: RoleName): boolean {
  return role !== TARGETS || draft.settings.targetsListsArtifacts;
}

/** Its next version delegates the path, so listing it as well would take people a signature more. */
function leavesWithItsRole(
  draft: RevisionDraft,
  planned: DelegationTree,
  { role, plannedRole, plannedWalk }: Placement,
): boolean {
  if (plannedRole === role || draft.isOnline(role)) return false;
  // A role that clients know already may be signed later than the one that delegates to it, or never.
  if (!draft.events.ofTargets(plannedRole)?.pending && !draft.isOnline(plannedRole, planned)) return false;
  const [place, plannedPlace] = [plannedWalk.indexOf(role), plannedWalk.indexOf(plannedRole)];
  return place >= 0 && place < plannedPlace;
}

/** Where people sign for the path, what the service lists stays until they have. */
function editsElsewhere(draft: RevisionDraft, role: RoleName, walk: readonly RoleName[]): Edit[] {
  return walk
    .filter((other) => other !== role && draft.isOnline(other))
    .map((other) => ({ role: other, of: 'now', file: null }));
}

function editsOfPlan(
  draft: RevisionDraft,
  planned: DelegationTree,
  { role, plannedRole, plannedWalk, path }: Placement,
  file: TargetFile | null,
  isKept: boolean,
): Edit[] {
  const isWaiting = draft.events.ofTargets(plannedRole) !== undefined;
  if (!isWaiting && draft.isOnline(plannedRole, planned)) {
    const event =
      eventThatDrops(draft, role) ??
      (isKept && draft.isOnline(role) ? draft.events.ofTargets(role) : eventAbove(draft, planned, plannedRole));
    return event ? [{ role: event.role, of: 'handed-over', file }] : [];
  }
  const isFound = isKept && plannedWalk.includes(role);
  const lists = isWaiting || draft.plannedFile(plannedRole, path) !== null;
  return isFound && !lists ? [] : [{ role: plannedRole, of: 'planned', file }];
}

/** The event that takes the role's artifacts away with it; what is added while it waits is to stay. */
function eventThatDrops(draft: RevisionDraft, role: RoleName): SigningEvent | undefined {
  return draft.events.open().find(({ consequences }) => consequences?.dropped.includes(role));
}

/** The one that has clients look in a role first for what they find elsewhere now. */
function eventAbove(draft: RevisionDraft, planned: DelegationTree, role: RoleName): SigningEvent | undefined {
  const delegator = planned.delegatorOf(role);
  if (delegator === null || delegator === ROOT) return undefined;
  return draft.events.ofTargets(delegator) ?? eventAbove(draft, planned, delegator);
}

/** Two roles may change places while they wait, so that neither may keep an older file. */
function editsBehind(
  draft: RevisionDraft,
  { role, plannedRole, plannedWalk, path }: Placement,
  file: TargetFile,
): Edit[] {
  const behind = plannedWalk.slice(plannedWalk.indexOf(plannedRole) + 1);
  const waiting = behind.filter((other) => other !== role && draft.events.ofTargets(other)?.pending);
  return waiting.flatMap((other) =>
    draft.plannedFile(other, path) ? [{ role: other, of: 'planned' as const, file }] : [],
  );
}

/**
 * A client takes the first role that lists a path; what one behind it lists does no harm, and costs people a signature.
 * Where people sign both, the first one lists the file, so that clients find it when either is signed.
 */
function editsOfShadows(draft: RevisionDraft, placement: Placement, file: TargetFile): Edit[] {
  const isOnline = draft.isOnline(placement.role);
  return shadowsOf(draft, placement).map((role) => ({ role, of: 'planned', file: isOnline ? null : file }));
}

/** The roles ahead of that of the path in which people have, or will have, listed it. */
function shadowsOf(
  draft: RevisionDraft,
  { path, role, plannedRole, walk, plannedWalk, nextRoles }: Placement,
): RoleName[] {
  const ahead = [
    ...walk.slice(0, walk.indexOf(role)),
    ...plannedWalk.slice(0, plannedWalk.indexOf(plannedRole)).filter((other) => other !== role),
  ];
  return [...new Set(ahead)].filter((other) => {
    const isOfPeople = !draft.isOnline(other) || draft.events.ofTargets(other) !== undefined;
    return isOfPeople && other !== plannedRole && !nextRoles.includes(other) && draft.plannedFile(other, path) !== null;
  });
}

function editsOfHandovers(
  draft: RevisionDraft,
  edits: readonly Edit[],
  path: ArtifactPath,
  file: TargetFile | null,
): Edit[] {
  const known = new Set(edits.filter((edit) => edit.of === 'handed-over').map(({ role }) => role));
  const roles = draft.events.open().filter((event) => !isRootEvent(event) && !known.has(event.role));
  return roles.flatMap(({ role }) =>
    draft.handedOver(role, path) === undefined ? [] : [{ role, of: 'handed-over' as const, file }],
  );
}

function hasEffect(draft: RevisionDraft, edit: Edit, path: ArtifactPath): boolean {
  const file = fileOf(draft, edit, path);
  return file === undefined || !sameTargetFile(file, edit.file);
}

function fileOf(draft: RevisionDraft, { role, of }: Edit, path: ArtifactPath): TargetFile | null | undefined {
  if (of === 'now') return draft.targetFile(role, path);
  return of === 'planned' ? draft.plannedFile(role, path) : draft.handedOver(role, path);
}
