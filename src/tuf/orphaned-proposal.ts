import { canonicalJson } from './canonical-json.js';
import type { RevisionDraft } from './revision-draft.js';
import type { TargetsEvent } from './signing-event.js';
import type { TargetsContent } from './targets-content.js';

/**
 * Ends an event whose signers nobody is about to trust any more; what it says goes on to wait for those who are trusted.
 * @param reason for all to see.
 */
export function endProposal(draft: RevisionDraft, event: TargetsEvent, reason: string): void {
  const { role, metadata } = event;
  const signers = draft.publishedTree && draft.delegationTree.keysOf(role);
  const isForPeople = signers !== null && !draft.reachesThreshold(signers);
  if (isForPeople && !saysTheSame(draft.inForce(role), metadata.signed)) {
    draft.propose(role, metadata.signed, { signers, pending: null });
  } else draft.events.close(event, 'superseded', reason);
}

function saysTheSame(left: TargetsContent | undefined, right: TargetsContent): boolean {
  const said = (content: TargetsContent | undefined) =>
    canonicalJson({ targets: content?.targets ?? {}, delegations: content?.delegations ?? null });
  return said(left) === said(right);
}
