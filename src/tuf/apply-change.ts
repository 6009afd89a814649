import { type Artifact, type ArtifactPath, sameTargetFile, targetFileOf } from './artifact.js';
import type { ArtifactResult, Change, Outcome, RequestedChange } from './change.js';
import { TufError } from './errors.js';
import type { Root, Signature, SignedMetadata } from './metadata.js';
import { assertOnlineRoles } from './online-roles.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';
import { assertAcceptableFirstRoot, assertRootSignature, missingRootSignatures } from './root-trust.js';

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
  if (change.kind === 'set-root') return setRoot(draft, id, change.root);
  if (change.kind === 'add-signature') return addSignature(draft, change.signingEvent, change.signature);
  assertReady(draft);
  switch (change.kind) {
    case 'add-artifacts':
      return artifactsOutcome(change.artifacts.map((artifact) => addArtifact(draft, artifact)));
    case 'remove-artifacts':
      return artifactsOutcome(change.paths.map((path) => removeArtifact(draft, path)));
    case 'resign':
      return resign(draft, change.roles);
    default:
      return change satisfies never;
  }
}

function setRoot(draft: RevisionDraft, id: string, root: SignedMetadata<Root>): Outcome {
  assertMayBecomeRoot(draft, root);
  return publishOrAwait(draft, id, root);
}

function addSignature(draft: RevisionDraft, eventId: string, signature: Signature): Outcome {
  const event = draft.openEvent(eventId);
  if (!event) throw new TufError('signing-event-closed', `signing event ${eventId} is not open`);
  assertRootSignature(event.metadata.signed, signature, 'signature');
  if (event.metadata.signatures.some(({ keyid }) => keyid === signature.keyid)) {
    throw new TufError(
      'signature-repeated',
      `signing event ${eventId} has a signature of key ${signature.keyid} already`,
    );
  }
  const signed = { ...event.metadata, signatures: [...event.metadata.signatures, signature] };
  assertMayBecomeRoot(draft, signed);
  return publishOrAwait(draft, eventId, signed);
}

function assertMayBecomeRoot(draft: RevisionDraft, root: SignedMetadata<Root>): void {
  if (draft.root) throw new TufError('root-already-published', 'the repository has a root already');
  assertAcceptableFirstRoot(root, draft.context.now);
  assertOnlineRoles(root.signed, draft.context.onlineKeys);
}

function publishOrAwait(draft: RevisionDraft, eventId: string, root: SignedMetadata<Root>): Outcome {
  const missingSignatures = missingRootSignatures(root);
  if (missingSignatures > 0) {
    draft.signingEvents.set(eventId, { id: eventId, state: 'open', metadata: root });
    return { state: 'succeeded', signingEvent: eventId, missingSignatures };
  }
  if (draft.openEvent(eventId)) draft.signingEvents.set(eventId, { id: eventId, state: 'completed', metadata: root });
  draft.createRoles(root);
  return { state: 'succeeded' };
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
