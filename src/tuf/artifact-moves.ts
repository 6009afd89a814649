import { ambiguousPairs } from './ambiguous-order.js';
import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import { mayList } from './artifact-placement.js';
import { artifactStranded, contestedPath } from './artifact-refusals.js';
import type { DelegationTree } from './delegation-tree.js';
import { TufError } from './errors.js';
import { plannedFileOf } from './planned-file.js';
import { MetadataNotLoaded } from './repository-state.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';
import { isRootEvent } from './signing-event.js';
import { runToEnd } from './steps.js';
import { changedPaths, fileIn, pathsIn, type TargetsContent } from './targets-content.js';

/** What clients go by at a moment. */
export interface View {
  readonly tree: DelegationTree;
  contentOf(role: RoleName): TargetsContent | undefined;
  /** With what waits. */
  readonly planned: DelegationTree;
}

/** What clients go by now, even once the roles in `changing` say something else. */
export function viewOf(draft: RevisionDraft, changing: readonly RoleName[] = []): View {
  const tree = draft.delegationTree;
  const contents = new Map(changing.filter((role) => tree.has(role)).map((role) => [role, draft.inForce(role)]));
  return {
    tree,
    planned: draft.plannedTree(),
    contentOf: (role) => (contents.has(role) ? contents.get(role) : draft.inForce(role)),
  };
}

/** What a change of delegations is about. */
export interface Scope {
  /** Starts of the paths whose role may be another one afterwards. */
  readonly pathPrefixes: readonly string[];
  /** Roles whose artifacts go away with them. */
  readonly dropped: ReadonlySet<RoleName>;
  /** Roles whose new versions people have signed just now: what these say of a path counts. */
  readonly settled: ReadonlySet<RoleName>;
  /** What roles that the service signs list from now on, null for nothing. */
  readonly handedOver: ReadonlyMap<string, TargetFile | null>;
}

/**
 * Moves artifacts to the roles in which clients look for them first from now on, so that they find the same files as
 * before. Roles that people sign list what they list: an artifact stays where it is as long as clients find it there.
 * @throws TufError `artifacts-stranded` where clients would find an artifact no more, or another file.
 */
export function moveArtifacts(draft: RevisionDraft, before: View, scope: Scope): void {
  const tree = draft.delegationTree;
  const paths = pathsConcerned(draft, before, scope);
  const walks = new Map(paths.map((path) => [path, [before.tree.walk(path), tree.walk(path)] as const]));
  draft.assertLoaded([...walks.values()].flat(2));
  const planned = draft.plannedTree();
  for (const [path, [earlier, later]] of walks) {
    const file = fileFrom(draft, before, scope, path, earlier, later);
    const roles = new Set([...later, ...earlier.filter((role) => tree.has(role))]);
    if (file) placeArtifact(draft, path, file, later, roles);
    else removeArtifact(draft, path, later, roles);
    const found = earlier.find((role) => fileIn(before.contentOf(role), path));
    if (found && found !== later.find((role) => draft.fileInForce(role, path))) draft.foundElsewhere.set(path, found);
    if (!file && !found) moveWaiting(draft, before.planned, planned, path);
    if (!file && earlier.some((role) => scope.dropped.has(role))) removePlanned(draft, planned, path);
  }
  const changed = new Set(draft.editedRoles());
  runToEnd(draft.gatherEdits());
  for (const role of changed) assertUnambiguous(role, draft.working(role));
}

/** @throws TufError `artifact-path-ambiguous` */
export function assertUnambiguous(role: RoleName, content: Pick<TargetsContent, 'targets'>): void {
  const [pair] = ambiguousPairs(pathsIn(content));
  if (!pair) return;
  const detail = `role ${role} would list ${pair[0]} and ${pair[1]}, which TUF clients sort differently`;
  throw new TufError('artifact-path-ambiguous', detail);
}

/** The roles of which some list artifacts whose paths start so, as far as clients find them. */
export function rolesListing(draft: RevisionDraft, pathPrefixes: readonly string[]): RoleName[] {
  const { published } = draft.state;
  const unknown = published ? pathPrefixes.filter((prefix) => !published.listing.has(prefix)) : [];
  if (unknown.length > 0) throw new MetadataNotLoaded([], unknown);
  const listed = pathPrefixes.flatMap((prefix) => published?.listing.get(prefix) ?? []);
  return [...new Set([...listed, ...draft.given.keys(), ...draft.completed.keys()])];
}

function pathsConcerned(
  draft: RevisionDraft,
  before: View,
  { pathPrefixes, handedOver, settled }: Scope,
): ArtifactPath[] {
  const roles = rolesListing(draft, pathPrefixes);
  draft.assertLoaded(roles);
  const contents = roles.flatMap((role) => [
    ...(before.tree.has(role) ? [before.contentOf(role)] : []),
    ...(draft.delegationTree.has(role) ? [draft.inForce(role)] : []),
  ]);
  const paths = new Set([
    ...contents.flatMap((content) => pathsIn(content)),
    ...handedOver.keys(),
    ...pathsWaiting(draft),
    ...draft.foundElsewhere.keys(), // an index of what is published does not know
  ]);
  const concerned = [...paths].filter((path) => pathPrefixes.some((prefix) => path.startsWith(prefix)));
  return [...new Set([...concerned, ...pathsSettled(draft, before, settled)])] as ArtifactPath[];
}

function pathsWaiting(draft: RevisionDraft): string[] {
  return draft.events.open().flatMap((event) => {
    if (isRootEvent(event)) return [];
    return [...pathsIn(event.metadata.signed), ...Object.keys(event.consequences?.handedOver ?? {})];
  });
}

/** What people have said anew of single paths: what the service lists for them makes room. */
function pathsSettled(draft: RevisionDraft, before: View, settled: ReadonlySet<RoleName>): string[] {
  return [...settled].flatMap((role) => {
    if (!draft.delegationTree.has(role)) return [];
    const [earlier, later] = [before.tree.has(role) ? before.contentOf(role) : undefined, draft.inForce(role)];
    return changedPaths(earlier, later);
  });
}

/** The file that clients are to find for a path; null for none. */
function fileFrom(
  draft: RevisionDraft,
  before: View,
  { settled, handedOver, dropped }: Scope,
  path: ArtifactPath,
  earlier: readonly RoleName[],
  later: readonly RoleName[],
): TargetFile | null {
  const found = earlier.find((role) => fileIn(before.contentOf(role), path));
  const { role: to } = draft.delegationTree.route(path);
  // What the service lists itself ahead of it moves out of the way.
  const deciding = later.find((role) => draft.fileInForce(role, path) && (role === to || !draft.isOnline(role)));
  if (deciding && settled.has(deciding) && isAheadOf(later, deciding, to)) return draft.fileInForce(deciding, path);
  const handed = handedOver.get(path);
  if (handed !== undefined) return handed;
  if (found && dropped.has(found)) return null;
  if (!found) return draft.isOnline(to) ? plannedFileOf(draft, before.planned, path) : null;
  const kept = settled.has(found) ? draft.fileInForce(found, path) : null;
  if (kept) return kept;
  if (settled.has(found) && later.includes(found)) return draft.isOnline(to) ? draft.fileInForce(to, path) : null;
  const waits = !draft.isOnline(found, before.tree) && draft.events.ofTargets(found);
  // The service need not wait for people any more to say what they are asked to say.
  if (waits && draft.isOnline(to)) return plannedFileOf(draft, before.planned, path);
  return fileIn(before.contentOf(found), path);
}

function isAheadOf(walk: readonly RoleName[], role: RoleName, other: RoleName): boolean {
  return walk.indexOf(role) <= walk.indexOf(other);
}

function placeArtifact(
  draft: RevisionDraft,
  path: ArtifactPath,
  file: TargetFile,
  walk: readonly RoleName[],
  roles: ReadonlySet<RoleName>,
): void {
  const { role: to, isContested } = draft.delegationTree.route(path);
  if (isContested) throw contestedPath(path);
  const lists = (role: RoleName) => sameTargetFile(draft.fileInForce(role, path), file);
  if (draft.isOnline(to) && mayList(draft, to) && !lists(to)) draft.setTargetFile(to, path, file);
  const keeper = lists(to) ? to : walk.find(lists);
  for (const role of roles) {
    if (role !== keeper && draft.isOnline(role) && draft.fileInForce(role, path)) draft.setTargetFile(role, path, null);
  }
  const found = walk.find((role) => draft.fileInForce(role, path));
  if (!found || !lists(found)) throw artifactStranded(path, found ?? to, found ? 'another' : 'none');
}

function removeArtifact(
  draft: RevisionDraft,
  path: ArtifactPath,
  walk: readonly RoleName[],
  roles: ReadonlySet<RoleName>,
): void {
  for (const role of roles) {
    if (draft.isOnline(role) && draft.fileInForce(role, path)) draft.setTargetFile(role, path, null);
  }
  const found = walk.find((role) => draft.fileInForce(role, path));
  if (found) throw artifactStranded(path, found, 'again');
}

/** What waits for people, and has never been found yet, goes on to wait for those who may list it from now on. */
function moveWaiting(draft: RevisionDraft, before: DelegationTree, after: DelegationTree, path: ArtifactPath): void {
  const file = plannedFileOf(draft, before, path);
  const { role: to } = after.route(path);
  if (!file || after.walk(path).some((role) => draft.plannedFile(role, path))) return;
  if (!draft.isOnline(to, after) || draft.events.ofTargets(to)) draft.setPlannedFile(to, path, file);
}

/** What goes away with its role does not come back with what waits. */
function removePlanned(draft: RevisionDraft, planned: DelegationTree, path: ArtifactPath): void {
  for (const role of planned.walk(path)) {
    if (!draft.events.ofTargets(role)) continue;
    if (draft.plannedFile(role, path)) draft.setPlannedFile(role, path, null);
    if (draft.handedOver(role, path)) draft.handOver(role, path, null);
  }
}
