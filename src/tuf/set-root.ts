import { type Applied, DONE, waitingFor } from './applied.js';
import { canonicalJson } from './canonical-json.js';
import { assertIdentitiesVerifiable } from './identity-trust.js';
import { firstTargets } from './key-succession.js';
import type { Root, SignedMetadata } from './metadata.js';
import { assertOnlineRoles } from './online-roles.js';
import type { RevisionDraft } from './revision-draft.js';
import { ROOT, TARGETS } from './role-name.js';
import { assertAcceptableFirstRoot, assertMayFollow, keysOfTopLevelRole } from './root-trust.js';
import { settleEvents } from './settlement.js';
import { isSignedBy } from './signed-version.js';
import { isRootEvent, type RootEvent } from './signing-event.js';
import { runToEnd } from './steps.js';

/**
 * Proposes a root, in an event named by the change; with all its signatures it takes effect at once. A root that waits
 * already, proposed again, brings its signatures to the event that there is.
 */
export function setRoot(draft: RevisionDraft, id: string, root: SignedMetadata<Root>): Applied {
  assertAcceptableRoot(draft, root);
  runToEnd(draft.gatherEdits());
  const waiting = draft.events.of(ROOT);
  const isSame = waiting && canonicalJson(waiting.metadata.signed) === canonicalJson(root.signed);
  if (isSame && isRootEvent(waiting)) {
    draft.events.change({ ...waiting, metadata: withSignaturesOf(waiting.metadata, root) });
  } else {
    const event: RootEvent = {
      id,
      role: ROOT,
      state: 'open',
      reason: null,
      metadata: root,
      signers: null,
      pending: null,
      consequences: null,
    };
    draft.events.put(event);
    proposeTargets(draft, root.signed);
  }
  return settleOrWait(draft);
}

export function assertAcceptableRoot(draft: RevisionDraft, root: SignedMetadata<Root>): void {
  const { now, onlineKeys, identities } = draft.context;
  assertIdentitiesVerifiable(root.signed.keys, identities, 'root.signed.keys');
  if (draft.root) assertMayFollow(root, draft.root.signed, now, identities);
  else assertAcceptableFirstRoot(root, now, identities);
  assertOnlineRoles(root.signed, onlineKeys);
}

function settleOrWait(draft: RevisionDraft): Applied {
  settleEvents(draft);
  if (!draft.events.of(ROOT)) return DONE;
  const targets = draft.events.ofTargets(TARGETS);
  return waitingFor(targets?.pending?.delegator === ROOT ? [ROOT, TARGETS] : [ROOT]);
}

/** Targets that people sign has to be signed by the keys of the root that names them, before that takes effect. */
function proposeTargets(draft: RevisionDraft, root: Root): void {
  const signers = keysOfTopLevelRole(root, 'targets', draft.context.identities);
  if (draft.reachesThreshold(signers)) return;
  if (draft.publishedTree && isSignedBy(draft, TARGETS, signers)) return;
  const content = draft.publishedTree ? draft.planned(TARGETS) : firstTargets(draft, root);
  draft.propose(TARGETS, content, { signers, pending: { delegator: ROOT, delegation: null } });
}

function withSignaturesOf(metadata: SignedMetadata<Root>, again: SignedMetadata<Root>): SignedMetadata<Root> {
  const signed = new Set(metadata.signatures.map(({ keyid }) => keyid));
  const added = again.signatures.filter(({ keyid }) => !signed.has(keyid));
  return { ...metadata, signatures: [...metadata.signatures, ...added] };
}
