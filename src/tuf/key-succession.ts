import { sameTrust, type TrustedKeys } from './delegation.js';
import { withDelegations, withOtherSigners } from './delegation-edit.js';
import { binsDelegation } from './hash-bins.js';
import type { Root } from './metadata.js';
import type { RevisionDraft } from './revision-draft.js';
import { TARGETS } from './role-name.js';
import { keysOfTopLevelRole } from './root-trust.js';
import type { TargetsContent } from './targets-content.js';

/** The online keys among those trusted, to the same threshold; null where they do not reach it. */
export function onlinePart(draft: RevisionDraft, trusted: TrustedKeys): TrustedKeys | null {
  if (!draft.reachesThreshold(trusted)) return null;
  const keyids = trusted.keyids.filter((keyid) => draft.context.onlineKeys.has(keyid));
  const keys = Object.entries(trusted.keys).filter(([keyid]) => keyids.some((id) => id === keyid));
  return { keys: Object.fromEntries(keys), keyids, threshold: trusted.threshold };
}

export function onlineSignersIn(draft: RevisionDraft, root: Root, role: 'targets' | 'snapshot'): TrustedKeys | null {
  return onlinePart(draft, keysOfTopLevelRole(root, role));
}

/** What targets delegates from the start: bins signed by keys of their own or, unless given, as targets or snapshot is. */
export function firstTargets(draft: RevisionDraft, root: Root): TargetsContent {
  const { bins, binSigners } = draft.settings;
  const signers = binSigners ?? onlineSignersIn(draft, root, 'targets') ?? onlineSignersIn(draft, root, 'snapshot');
  if (!bins || !signers) return { targets: {} };
  const { keys, keyids, threshold } = signers;
  return { targets: {}, delegations: binsDelegation(TARGETS, bins, keys, { keyids, threshold }) };
}

/** A next root that has other online keys sign targets has them sign, too, what the former ones signed below it. */
export function followKeys(draft: RevisionDraft, previous: Root | null): void {
  const root = draft.root?.signed;
  const before = previous && onlineSignersIn(draft, previous, 'targets');
  const after = root && onlineSignersIn(draft, root, 'targets');
  if (!before || !after || sameTrust(before, after)) return;
  draft.refreshTree();
  for (const role of draft.delegationTree.delegators) {
    const content = draft.inForce(role);
    if (!content?.delegations || !draft.isOnline(role)) continue;
    const delegations = withOtherSigners(content.delegations, before, after);
    if (delegations !== content.delegations) draft.given.set(role, withDelegations(content, delegations));
  }
}
