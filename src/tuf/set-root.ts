import { canonicalJson } from './canonical-json.js';
import type { Outcome } from './change.js';
import { TufError } from './errors.js';
import { assertIdentitiesVerifiable } from './identity-trust.js';
import type { Root, Signature, SignedMetadata } from './metadata.js';
import { assertOnlineRoles } from './online-roles.js';
import type { SigningEvent } from './repository-state.js';
import type { RevisionDraft } from './revision-draft.js';
import {
  assertAcceptableFirstRoot,
  assertMayFollow,
  assertRootSignature,
  missingRootSignatures,
} from './root-trust.js';

/**
 * Takes a root into force when it has all its signatures, or opens an event, named by the change, that waits for them.
 * A root that waits already, proposed again, brings its signatures to the event that there is.
 */
export function setRoot(draft: RevisionDraft, id: string, root: SignedMetadata<Root>): Outcome {
  assertAcceptable(draft, root);
  const waiting = draft.openRootEvent;
  const isSame = waiting && canonicalJson(waiting.metadata.signed) === canonicalJson(root.signed);
  if (isSame) return publishOrAwait(draft, { ...waiting, metadata: withSignaturesOf(waiting.metadata, root) });
  return publishOrAwait(draft, { id, state: 'open', metadata: root, reason: null });
}

export function addSignature(draft: RevisionDraft, eventId: string, signature: Signature): Outcome {
  const event = openEvent(draft, eventId);
  const { metadata } = event;
  assertRootSignature(metadata.signed, draft.root?.signed ?? null, signature, 'signature', draft.context.identities);
  if (metadata.signatures.some(({ keyid }) => keyid === signature.keyid)) {
    throw new TufError('signature-repeated', `key ${signature.keyid} has signed ${eventId} already`, 'signature.keyid');
  }
  const signed = { ...metadata, signatures: [...metadata.signatures, signature] };
  assertAcceptable(draft, signed);
  return publishOrAwait(draft, { ...event, metadata: signed });
}

export function withdrawSigningEvent(draft: RevisionDraft, eventId: string, reason: string): Outcome {
  const event = openEvent(draft, eventId);
  draft.signingEvents.set(eventId, { ...event, state: 'withdrawn', reason });
  return { state: 'succeeded', signingEvent: eventId };
}

function withSignaturesOf(metadata: SignedMetadata<Root>, again: SignedMetadata<Root>): SignedMetadata<Root> {
  const signed = new Set(metadata.signatures.map(({ keyid }) => keyid));
  const added = again.signatures.filter(({ keyid }) => !signed.has(keyid));
  return { ...metadata, signatures: [...metadata.signatures, ...added] };
}

function openEvent(draft: RevisionDraft, eventId: string): SigningEvent {
  const event = draft.openEvent(eventId);
  if (!event) throw new TufError('signing-event-closed', `signing event ${eventId} is not open`);
  return event;
}

function assertAcceptable(draft: RevisionDraft, root: SignedMetadata<Root>): void {
  const { now, onlineKeys, identities } = draft.context;
  assertIdentitiesVerifiable(root.signed.keys, identities, 'root.signed.keys');
  if (draft.root) assertMayFollow(root, draft.root.signed, now, identities);
  else assertAcceptableFirstRoot(root, now, identities);
  assertOnlineRoles(root.signed, onlineKeys);
}

function publishOrAwait(draft: RevisionDraft, event: SigningEvent): Outcome {
  const previous = draft.root?.signed ?? null;
  supersede(draft, event);
  const missingSignatures = missingRootSignatures(event.metadata, previous, draft.context.identities);
  if (missingSignatures > 0) {
    draft.signingEvents.set(event.id, event);
    return { state: 'succeeded', signingEvent: event.id, missingSignatures };
  }
  if (draft.openEvent(event.id)) draft.signingEvents.set(event.id, { ...event, state: 'completed' });
  if (previous) draft.replaceRoot(event.metadata, previous);
  else draft.createRoles(event.metadata);
  return { state: 'succeeded' };
}

/** Of two roots of one version only one can be: the newer takes the place of the one that waited, for all to see. */
function supersede(draft: RevisionDraft, event: SigningEvent): void {
  const earlier = draft.openRootEvent;
  if (!earlier || earlier.id === event.id) return;
  draft.signingEvents.set(earlier.id, { ...earlier, state: 'superseded', reason: `superseded by ${event.id}` });
}
