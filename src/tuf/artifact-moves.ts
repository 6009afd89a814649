import { ambiguousPairs } from './ambiguous-order.js';
import type { ArtifactPath, TargetFile } from './artifact.js';
import type { DelegationTree } from './delegation-tree.js';
import { TufError } from './errors.js';
import { MetadataNotLoaded } from './repository-state.js';
import type { RevisionDraft } from './revision-draft.js';
import { type RoleName, TARGETS } from './role-name.js';

/** An artifact that belongs to another role than the one that lists it. */
interface Misplaced {
  readonly path: ArtifactPath;
  readonly file: TargetFile;
  readonly from: RoleName;
  readonly to: RoleName;
}

/** What a change of delegations is about. */
export interface Scope {
  /** Starts of the paths whose role may be another one afterwards. */
  readonly pathPrefixes: readonly string[];
  /** Roles whose artifacts go away with them. */
  readonly dropped: ReadonlySet<RoleName>;
}

export type PathEdits = Map<ArtifactPath, TargetFile | null>;

/**
 * Moves artifacts to the roles in which clients find them from now on. Roles that people sign list what they list: an
 * artifact stays where it is as long as clients find it there.
 * @throws TufError `artifacts-stranded` where clients would find one no more.
 */
export function moveArtifacts(draft: RevisionDraft, scope: Scope): void {
  const tree = draft.delegationTree;
  const misplaced = misplacedArtifacts(draft, tree, scope);
  draft.assertLoaded(misplaced.map(({ to }) => to).filter((role) => draft.isOnline(role)));
  const stranded: Misplaced[] = [];
  for (const artifact of misplaced) {
    const { path, file, from, to } = artifact;
    const isListed = draft.targetFile(to, path) !== null; // what it lists itself is newer than what is left elsewhere
    const isThere = isListed || (draft.isOnline(to) && mayList(draft, to));
    if (isThere && !isListed) draft.setTargetFile(to, path, file);
    if (isThere && draft.isOnline(from)) draft.setTargetFile(from, path, null);
    if (!isThere && !isFoundIn(tree, from, path)) stranded.push(artifact);
  }
  assertNoneStranded(stranded);
  const receiving = new Set(misplaced.map(({ to }) => to));
  for (const role of receiving) assertUnambiguous(role, draft.working(role).targets);
  draft.gatherEdits();
}

/**
 * What proposals must list, or list no more, so that {@link moveArtifacts} strands nothing once `after` takes effect.
 * @param proposed the roles whose next version is about to be proposed.
 */
export function movesOfProposals(
  draft: RevisionDraft,
  after: DelegationTree,
  proposed: ReadonlySet<RoleName>,
  scope: Scope,
): Map<RoleName, PathEdits> {
  const moves = new Map<RoleName, PathEdits>([...proposed].map((role) => [role, new Map()]));
  const stranded: Misplaced[] = [];
  for (const artifact of misplacedArtifacts(draft, after, scope)) {
    const { path, file, from, to } = artifact;
    if (mayList(draft, to) && draft.targetFile(to, path) === null) moves.get(to)?.set(path, file);
    const isThere = (proposed.has(to) || draft.isOnline(to, after)) && mayList(draft, to);
    if (isThere) moves.get(from)?.set(path, null);
    else if (!isFoundIn(after, from, path)) stranded.push(artifact);
  }
  assertNoneStranded(stranded);
  return moves;
}

/** Targets lists what no delegation is for only where its settings say so. */
function mayList({ settings }: RevisionDraft, role: RoleName): boolean {
  return role !== TARGETS || settings.targetsListsArtifacts;
}

function misplacedArtifacts(draft: RevisionDraft, tree: DelegationTree, { pathPrefixes, dropped }: Scope): Misplaced[] {
  const roles = rolesListing(draft, pathPrefixes).filter((role) => !dropped.has(role));
  draft.assertLoaded(roles);
  const isConcerned = (path: string) => pathPrefixes.some((prefix) => path.startsWith(prefix));
  return roles.flatMap((from) => {
    const targets = Object.entries(draft.inForce(from)?.targets ?? {}) as [ArtifactPath, TargetFile][];
    return targets.flatMap(([path, file]) => {
      if (!isConcerned(path)) return [];
      const { role: to, isContested } = tree.route(path);
      if (isContested) throw contested(path);
      return to === from ? [] : [{ path, file, from, to }];
    });
  });
}

function rolesListing(draft: RevisionDraft, pathPrefixes: readonly string[]): RoleName[] {
  const { published } = draft.state;
  const unknown = published ? pathPrefixes.filter((prefix) => !published.listing.has(prefix)) : [];
  if (unknown.length > 0) throw new MetadataNotLoaded([], unknown);
  const listed = pathPrefixes.flatMap((prefix) => published?.listing.get(prefix) ?? []);
  const known = listed.filter((role) => draft.publishedTree?.has(role)); // an index may be behind a removed role
  return [...new Set([...known, ...draft.given.keys(), ...draft.completed.keys()])];
}

function isFoundIn(tree: DelegationTree, role: RoleName, path: string): boolean {
  return tree.has(role) && tree.walk(path).includes(role);
}

/** @throws TufError `artifact-path-ambiguous` */
export function assertUnambiguous(role: RoleName, targets: object): void {
  const [pair] = ambiguousPairs(Object.keys(targets));
  if (!pair) return;
  const detail = `role ${role} would list ${pair[0]} and ${pair[1]}, which TUF clients sort differently`;
  throw new TufError('artifact-path-ambiguous', detail);
}

function contested(path: string): TufError {
  return new TufError('artifact-path-ambiguous', `clients would read the patterns differently for artifact ${path}`);
}

function assertNoneStranded(stranded: readonly Misplaced[]): void {
  const [first] = stranded;
  if (!first) return;
  const others = stranded.length > 1 ? ` and ${stranded.length - 1} more` : '';
  throw new TufError(
    'artifacts-stranded',
    `clients would find artifact ${first.path}${others} no more: it belongs to role ${first.to} then, which does not list it`,
  );
}
