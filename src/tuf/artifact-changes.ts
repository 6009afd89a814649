import type { Applied } from './applied.js';
import { type Artifact, type ArtifactPath, sameTargetFile, type TargetFile, targetFileOf } from './artifact.js';
import {
  applyEdits,
  type Edit,
  editsToAdd,
  editsToRemove,
  isDelegated,
  type Outlook,
  outlookOf,
  type Placement,
  placementOf,
} from './artifact-placement.js';
import type { ArtifactResult, Outcome } from './change.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';

const AMBIGUOUS = 'TUF clients would sort this path and another one of its role differently; choose another path';
const CONTESTED = 'TUF clients would not agree which role this path is delegated to; choose another path';

export function addArtifacts(draft: RevisionDraft, artifacts: readonly Artifact[]): Applied {
  const outlook = outlookOf(draft);
  assertLoaded(
    draft,
    outlook,
    artifacts.map(({ path }) => path),
  );
  const waitsFor = new Set<RoleName>();
  const results = artifacts.map((artifact) => addArtifact(draft, outlook, artifact, waitsFor));
  return { outcome: artifactsOutcome(results), waitsFor };
}

export function removeArtifacts(draft: RevisionDraft, paths: readonly ArtifactPath[]): Applied {
  const outlook = outlookOf(draft);
  assertLoaded(draft, outlook, paths);
  const waitsFor = new Set<RoleName>();
  const results = paths.map((path) => removeArtifact(draft, outlook, path, waitsFor));
  return { outcome: artifactsOutcome(results), waitsFor };
}

function assertLoaded(draft: RevisionDraft, outlook: Outlook, paths: readonly ArtifactPath[]): void {
  const roles = new Set<RoleName>();
  for (const tree of new Set([draft.delegationTree, outlook.planned])) {
    for (const path of paths) for (const role of tree.walk(path)) roles.add(role);
  }
  draft.assertLoaded(roles);
}

function addArtifact(
  draft: RevisionDraft,
  outlook: Outlook,
  artifact: Artifact,
  waitsFor: Set<RoleName>,
): ArtifactResult {
  const { path } = artifact;
  const placement = placementOf(draft, outlook, path);
  if (placement.isContested) return { path, result: 'refused', code: 'artifact-path-ambiguous', detail: CONTESTED };
  if (!isDelegated(draft, placement)) return notDelegated(path);
  const file = targetFileOf(artifact);
  const before = visibleFile(draft, placement);
  const edits = editsToAdd(draft, outlook.planned, placement, file);
  if (edits.length > 0 && draft.isBarred(path)) {
    return { path, result: 'refused', code: 'artifact-path-ambiguous', detail: AMBIGUOUS };
  }
  applyEdits(draft, path, edits);
  if (!sameTargetFile(visibleFile(draft, placement), file)) return waiting(draft, placement, edits, waitsFor);
  if (sameTargetFile(before, file)) return { path, result: 'unchanged' };
  return { path, result: before ? 'replaced' : 'added' };
}

function removeArtifact(
  draft: RevisionDraft,
  outlook: Outlook,
  path: ArtifactPath,
  waitsFor: Set<RoleName>,
): ArtifactResult {
  const placement = placementOf(draft, outlook, path);
  const before = visibleFile(draft, placement);
  const edits = editsToRemove(draft, outlook.planned, placement);
  if (!before && edits.length === 0) {
    return { path, result: 'refused', code: 'artifact-unknown', detail: `the repository lists no artifact ${path}` };
  }
  applyEdits(draft, path, edits);
  const isGone = before !== null && visibleFile(draft, placement) === null;
  return isGone ? { path, result: 'removed' } : waiting(draft, placement, edits, waitsFor);
}

/** What clients find once this revision is out. */
function visibleFile(draft: RevisionDraft, { walk, path }: Placement): TargetFile | null {
  for (const role of walk) {
    const file = draft.fileInForce(role, path);
    if (file) return file;
  }
  return null;
}

/** It waits for the roles that it edits or, asked for again, for those that would list it or list it no more. */
function waiting(
  draft: RevisionDraft,
  { path, walk, plannedWalk }: Placement,
  edits: readonly Edit[],
  waitsFor: Set<RoleName>,
): ArtifactResult {
  const edited = edits.map(({ role }) => role);
  const open = [...walk, ...plannedWalk].filter((role) => draft.events.ofTargets(role));
  for (const role of edited.length > 0 ? edited : open) waitsFor.add(role);
  return { path, result: 'awaiting-signatures' };
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
