import type { Applied } from './applied.js';
import { type Artifact, type ArtifactPath, sameTargetFile, targetFileOf } from './artifact.js';
import type { ArtifactResult, Outcome } from './change.js';
import type { RevisionDraft } from './revision-draft.js';
import { type RoleName, TARGETS } from './role-name.js';

const AMBIGUOUS = 'TUF clients would sort this path and another one of its role differently; choose another path';
const CONTESTED = 'TUF clients would not agree which role this path is delegated to; choose another path';

export function addArtifacts(draft: RevisionDraft, artifacts: readonly Artifact[]): Applied {
  draft.assertLoaded(artifacts.flatMap(({ path }) => draft.delegationTree.walk(path)));
  const waitsFor = new Set<RoleName>();
  const results = artifacts.map((artifact) => addArtifact(draft, artifact, waitsFor));
  return { outcome: artifactsOutcome(results), waitsFor };
}

export function removeArtifacts(draft: RevisionDraft, paths: readonly ArtifactPath[]): Applied {
  draft.assertLoaded(paths.flatMap((path) => draft.delegationTree.walk(path)));
  const waitsFor = new Set<RoleName>();
  const results = paths.map((path) => removeArtifact(draft, path, waitsFor));
  return { outcome: artifactsOutcome(results), waitsFor };
}

function addArtifact(draft: RevisionDraft, artifact: Artifact, waitsFor: Set<RoleName>): ArtifactResult {
  const { path } = artifact;
  const { role, isContested } = draft.delegationTree.route(path);
  if (isContested) return { path, result: 'refused', code: 'artifact-path-ambiguous', detail: CONTESTED };
  if (role === TARGETS && !draft.settings.targetsListsArtifacts) return notDelegated(path);
  const before = draft.targetFile(role, path);
  const after = targetFileOf(artifact);
  if (sameTargetFile(before, after))
    return {
      path,
      result:
        draft.openTargetsEvent(role) && !draft.isOnline(role) ? waiting(draft, role, path, waitsFor) : 'unchanged',
    };
  if (draft.isBarred(path)) return { path, result: 'refused', code: 'artifact-path-ambiguous', detail: AMBIGUOUS };
  draft.setTargetFile(role, path, after);
  removeElsewhere(draft, role, path, waitsFor);
  if (draft.isOnline(role)) return { path, result: before ? 'replaced' : 'added' };
  waitsFor.add(role);
  return { path, result: 'awaiting-signatures' };
}

/** The same again: unchanged for clients, or already among what waits. */
function waiting(draft: RevisionDraft, role: RoleName, path: ArtifactPath, waitsFor: Set<RoleName>) {
  const inForce = draft.inForce(role)?.targets ?? {};
  const isVisible = Object.hasOwn(inForce, path) && sameTargetFile(inForce[path] ?? null, draft.targetFile(role, path));
  if (isVisible) return 'unchanged';
  waitsFor.add(role);
  return 'awaiting-signatures';
}

/** A client takes the first role that lists a path; what one behind it lists does no harm, and costs people a signature. */
function removeElsewhere(draft: RevisionDraft, role: RoleName, path: ArtifactPath, waitsFor: Set<RoleName>): void {
  const walk = draft.delegationTree.walk(path);
  const place = walk.indexOf(role);
  walk.forEach((other, index) => {
    if (other === role || draft.targetFile(other, path) === null) return;
    const isOnline = draft.isOnline(other);
    if (!isOnline && index > place) return;
    draft.setTargetFile(other, path, null);
    if (!isOnline) waitsFor.add(other);
  });
}

function removeArtifact(draft: RevisionDraft, path: ArtifactPath, waitsFor: Set<RoleName>): ArtifactResult {
  const listing = draft.delegationTree.walk(path).filter((role) => draft.targetFile(role, path) !== null);
  if (listing.length === 0) {
    return { path, result: 'refused', code: 'artifact-unknown', detail: `the repository lists no artifact ${path}` };
  }
  for (const role of listing) draft.setTargetFile(role, path, null);
  const offline = listing.filter((role) => !draft.isOnline(role));
  for (const role of offline) waitsFor.add(role);
  return { path, result: offline.length > 0 ? 'awaiting-signatures' : 'removed' };
}

function notDelegated(path: ArtifactPath): ArtifactResult {
  return {
    path,
    result: 'refused',
    code: 'artifact-path-not-delegated',
    detail: `no role may list ${path}: no delegation is for it, and targets lists no artifacts itself`,
  };
}

function artifactsOutcome(artifacts: readonly ArtifactResult[]): Outcome {
  const refused = artifacts.filter(({ result }) => result === 'refused').length;
  if (refused === 0) return { state: 'succeeded', artifacts };
  return { state: refused === artifacts.length ? 'refused' : 'partly-refused', artifacts };
}
