import { type Artifact, type ArtifactPath, sameTargetFile, targetFileOf } from './artifact.js';
import type { ArtifactResult, Change, Outcome, RequestedChange } from './change.js';
import { TufError } from './errors.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';
import { addSignature, setRoot, withdrawSigningEvent } from './set-root.js';

const AMBIGUOUS = 'TUF clients would sort this path and another one of its role differently; choose another path';

/** Applies one change to the draft; a change that breaks a rule leaves the draft as it was and is refused. */
export function applyChange(draft: RevisionDraft, { id, change }: RequestedChange): Outcome {
  try {
    return outcomeOf(draft, id, change);
  } catch (error) {
    if (!(error instanceof TufError)) throw error;
    return { state: 'refused', refusal: { code: error.code, detail: error.message } };
  }
}

function outcomeOf(draft: RevisionDraft, id: string, change: Change): Outcome {
  switch (change.kind) {
    case 'set-root':
      return setRoot(draft, id, change.root);
    case 'add-signature':
      return addSignature(draft, change.signingEvent, change.signature);
    case 'withdraw-signing-event':
      return withdrawSigningEvent(draft, change.signingEvent, change.reason);
    case 'add-artifacts':
      assertReady(draft);
      return artifactsOutcome(change.artifacts.map((artifact) => addArtifact(draft, artifact)));
    case 'remove-artifacts':
      assertReady(draft);
      return artifactsOutcome(change.paths.map((path) => removeArtifact(draft, path)));
    case 'resign':
      assertReady(draft);
      return resign(draft, change.roles);
    default:
      return change satisfies never;
  }
}

function addArtifact(draft: RevisionDraft, artifact: Artifact): ArtifactResult {
  const { path } = artifact;
  const role = draft.roleFor(path);
  if (!role) return notDelegated(path);
  const before = draft.targetFile(role, path);
  const after = targetFileOf(artifact);
  if (sameTargetFile(before, after)) return { path, result: 'unchanged' };
  if (draft.isBarred(path)) return { path, result: 'refused', code: 'artifact-path-ambiguous', detail: AMBIGUOUS };
  draft.setTargetFile(role, path, after);
  return { path, result: before ? 'replaced' : 'added' };
}

function removeArtifact(draft: RevisionDraft, path: ArtifactPath): ArtifactResult {
  const role = draft.roleFor(path);
  if (!role) return notDelegated(path);
  if (!draft.targetFile(role, path)) {
    return { path, result: 'refused', code: 'artifact-unknown', detail: `the repository lists no artifact ${path}` };
  }
  draft.setTargetFile(role, path, null);
  return { path, result: 'removed' };
}

function notDelegated(path: ArtifactPath): ArtifactResult {
  return { path, result: 'refused', code: 'artifact-path-not-delegated', detail: `no role may list ${path}` };
}

function artifactsOutcome(artifacts: readonly ArtifactResult[]): Outcome {
  const refused = artifacts.filter(({ result }) => result === 'refused').length;
  if (refused === 0) return { state: 'succeeded', artifacts };
  return { state: refused === artifacts.length ? 'refused' : 'partly-refused', artifacts };
}

function resign(draft: RevisionDraft, named: readonly RoleName[]): Outcome {
  const roles = named.length > 0 ? named : draft.onlineRoles();
  const unknown = roles.find((role) => !draft.isOnlineRole(role));
  if (unknown) throw new TufError('role-unknown', `the repository has no online role ${unknown}`, 'roles');
  draft.renew(roles);
  return { state: 'succeeded' };
}

function assertReady(draft: RevisionDraft): void {
  if (!draft.root) throw new TufError('repository-not-ready', 'the root of the repository still lacks signatures');
}
