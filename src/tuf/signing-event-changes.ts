import { type Applied, DONE, waitingFor } from './applied.js';
import { canonicalBytes } from './canonical-json.js';
import { sameTrust, type TrustedKeys } from './delegation.js';
import { trustIn } from './delegation-edit.js';
import { TufError } from './errors.js';
import { assertSensibleExpiry } from './expiry.js';
import { sigstoreNotConfigured } from './identity-trust.js';
import { isIdentityKey } from './key.js';
import type { Signature, Signed } from './metadata.js';
import { endProposal } from './orphaned-proposal.js';
import type { RevisionDraft } from './revision-draft.js';
import { ROOT } from './role-name.js';
import { assertRootSignature, keysOfTopLevelRole, MAXIMUM_ROOT_YEARS } from './root-trust.js';
import { assertAcceptableRoot } from './set-root.js';
import { settleEvents } from './settlement.js';
import { verifySignature } from './signature.js';
import { isRootEvent, type SigningEvent, type TargetsEvent } from './signing-event.js';
import { runToEnd } from './steps.js';

export function addSignature(draft: RevisionDraft, eventId: string, signature: Signature): Applied {
  runToEnd(draft.gatherEdits());
  const event = openEvent(draft, eventId);
  const { metadata } = event;
  const { identities } = draft.context;
  if (isRootEvent(event)) {
    assertRootSignature(event.metadata.signed, draft.root?.signed ?? null, signature, 'signature', identities);
  } else assertSignature(event.metadata.signed, { ...event.signers, identities }, signature, 'signature');
  if (metadata.signatures.some(({ keyid }) => keyid === signature.keyid)) {
    throw new TufError('signature-repeated', `key ${signature.keyid} has signed ${eventId} already`, 'signature.keyid');
  }
  const signed = withSignature(event, signature);
  if (isRootEvent(signed)) assertAcceptableRoot(draft, signed.metadata);
  else assertSensibleExpiry(signed.metadata.signed.expires, draft.context.now, MAXIMUM_ROOT_YEARS, 'expires');
  draft.events.change(signed);
  settleEvents(draft);
  return draft.events.find(eventId) ? waitingFor([event.role]) : DONE;
}

export function withdrawSigningEvent(draft: RevisionDraft, eventId: string, reason: string): Applied {
  runToEnd(draft.gatherEdits());
  const event = openEvent(draft, eventId);
  withdraw(draft, event, reason);
  return { outcome: { state: 'succeeded', signingEvent: eventId }, waitsFor: new Set() };
}

/** What names its signers goes with it: it would wait for them for ever. */
function withdraw(draft: RevisionDraft, event: SigningEvent, reason: string): void {
  draft.events.close(event, 'withdrawn', reason);
  const above = event.pending?.delegation === null && draft.events.of(event.pending.delegator);
  if (above) withdraw(draft, above, reason);
}

/** Ends the events for versions whose signers nobody is about to trust any more. */
export function closeOrphans(draft: RevisionDraft): void {
  for (const event of draft.events.open()) {
    if (isRootEvent(event)) continue;
    const trusted = draft.publishedTree && draft.delegationTree.keysOf(event.role);
    if (!event.pending) {
      if (draft.publishedTree && !trusted)
        draft.events.close(event, 'superseded', `nothing delegates to role ${event.role} any more`);
    } else if (isExpected(draft, event)) continue;
    else if (trusted && sameTrust(trusted, event.signers)) draft.events.change({ ...event, pending: null });
    else endProposal(draft, event, 'the delegation to these keys, for which it waited, is not proposed any more');
  }
}

/** @throws TufError `signature-foreign` or `signature-invalid`. */
export function assertSignature(
  signed: Signed,
  { keyids, keys, identities }: TrustedKeys,
  signature: Signature,
  field: string,
): void {
  const { keyid } = signature;
  const key = keyids.includes(keyid) ? keys[keyid] : undefined;
  if (!key) {
    throw new TufError(
      'signature-foreign',
      `${field} is by ${keyid}, which is not a key of this role`,
      `${field}.keyid`,
    );
  }
  if (isIdentityKey(key) && !identities) throw sigstoreNotConfigured(keyid, field);
  if (!verifySignature(key, canonicalBytes(signed), signature, identities)) {
    const part = isIdentityKey(key) ? 'bundle' : 'sig';
    throw new TufError('signature-invalid', `${field} does not verify with key ${keyid}`, `${field}.${part}`);
  }
}

function openEvent(draft: RevisionDraft, eventId: string): SigningEvent {
  const event = draft.events.find(eventId);
  if (!event) throw new TufError('signing-event-closed', `signing event ${eventId} is not open`);
  return event;
}

function withSignature(event: SigningEvent, signature: Signature): SigningEvent {
  if (isRootEvent(event)) {
    const { metadata } = event;
    return { ...event, metadata: { ...metadata, signatures: [...metadata.signatures, signature] } };
  }
  const { metadata } = event;
  return { ...event, metadata: { ...metadata, signatures: [...metadata.signatures, signature] } };
}

function isExpected(draft: RevisionDraft, { role, signers, pending }: TargetsEvent): boolean {
  if (!pending) return true;
  if (pending.delegation) return draft.publishedTree !== null && draft.delegationTree.has(pending.delegator);
  const delegator = draft.events.of(pending.delegator);
  if (!delegator) return false;
  if (isRootEvent(delegator)) {
    return pending.delegator === ROOT && sameTrust(keysOfTopLevelRole(delegator.metadata.signed, 'targets'), signers);
  }
  return sameTrust(trustIn(delegator.metadata.signed.delegations, role), signers);
}
