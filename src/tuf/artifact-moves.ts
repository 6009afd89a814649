import { ambiguousPairs } from './ambiguous-order.js';
import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import { artifactStranded, contestedPath } from './artifact-refusals.js';
import type { DelegationTree } from './delegation-tree.js';
import { TufError } from './errors.js';
import { MetadataNotLoaded } from './repository-state.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';
import { fileIn, type TargetsContent } from './targets-content.js';

/** What clients go by at a moment. */
export interface View {
  readonly tree: DelegationTree;
  contentOf(role: RoleName): TargetsContent | undefined;
}

/** What a change of delegations is about. */
export interface Scope {
  /** Starts of the paths whose role may be another one afterwards. */
  readonly pathPrefixes: readonly string[];
  /** Roles whose artifacts go away with them. */
  readonly dropped: ReadonlySet<RoleName>;
  /** Roles whose new versions people have signed just now: what these say of a path counts. */
  readonly settled: ReadonlySet<RoleName>;
  /** What these versions list no more because roles that the service signs take it over. */
  readonly handedOver: ReadonlyMap<string, TargetFile>;
}

/**
 * Moves artifacts to the roles in which clients look for them first from now on, so that they find the same files as
 * before. Roles that people sign list what they list: an artifact stays where it is as long as clients find it there.
 * @throws TufError `artifacts-stranded` where clients would find an artifact no more, or another file.
 */
export function moveArtifacts(draft: RevisionDraft, before: View, scope: Scope): void {
  const tree = draft.delegationTree;
  const paths = pathsConcerned(draft, before, scope.pathPrefixes);
  const walks = new Map(paths.map((path) => [path, [before.tree.walk(path), tree.walk(path)] as const]));
  draft.assertLoaded([...walks.values()].flat(2));
  for (const [path, [earlier, later]] of walks) {
    const file = fileFrom(draft, before, scope, path, earlier, later);
    const roles = new Set([...later, ...earlier.filter((role) => tree.has(role))]);
    if (file) placeArtifact(draft, path, file, later, roles);
    else removeArtifact(draft, path, later, roles);
  }
  const changed = new Set(draft.editedRoles());
  draft.gatherEdits();
  for (const role of changed) assertUnambiguous(role, draft.working(role).targets);
}

/** @throws TufError `artifact-path-ambiguous` */
export function assertUnambiguous(role: RoleName, targets: object): void {
  const [pair] = ambiguousPairs(Object.keys(targets));
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

function pathsConcerned(draft: RevisionDraft, before: View, pathPrefixes: readonly string[]): ArtifactPath[] {
  const roles = rolesListing(draft, pathPrefixes);
  draft.assertLoaded(roles);
  const contents = roles.flatMap((role) => [
    ...(before.tree.has(role) ? [before.contentOf(role)] : []),
    ...(draft.delegationTree.has(role) ? [draft.inForce(role)] : []),
  ]);
  const paths = new Set(contents.flatMap((content) => Object.keys(content?.targets ?? {})));
  return [...paths].filter((path) => pathPrefixes.some((prefix) => path.startsWith(prefix))) as ArtifactPath[];
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
  const deciding = later.find((role) => draft.fileInForce(role, path) && (settled.has(role) || !draft.isOnline(role)));
  if (deciding && settled.has(deciding)) return draft.fileInForce(deciding, path);
  if (!found || dropped.has(found)) return null;
  if (settled.has(found) && draft.delegationTree.has(found)) return handedOver.get(path) ?? null;
  return fileIn(before.contentOf(found), path);
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
  if (draft.isOnline(to) && !lists(to)) draft.setTargetFile(to, path, file);
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
