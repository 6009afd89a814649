import { type Applied, waitingFor } from './applied.js';
import { TufError } from './errors.js';
import { expiryAfter, isExpired } from './expiry.js';
import type { RevisionDraft } from './revision-draft.js';
import { ROOT, type RoleName, SNAPSHOT, TIMESTAMP } from './role-name.js';
import { lifetimeOf } from './settings.js';
import { isRootEvent, type TargetsEvent } from './signing-event.js';

/** Has roles signed again: at once those that the service signs, by an event those that people sign. */
export function resign(draft: RevisionDraft, named: readonly RoleName[]): Applied {
  const roles = named.length > 0 ? named : draft.onlineRoles();
  const unknown = roles.find((role) => role === ROOT || !draft.delegationTree.has(role));
  if (unknown)
    throw new TufError('role-unknown', `the repository has no role ${unknown} that could be renewed`, 'roles');
  const { online = [], offline = [] } = Object.groupBy(roles, (role) => (draft.isOnline(role) ? 'online' : 'offline'));
  draft.assertLoaded(roles.filter((role) => role !== SNAPSHOT && role !== TIMESTAMP));
  draft.renew(online);
  for (const role of offline) proposeAgain(draft, role);
  return waitingFor(offline);
}

/** What is inside its renewal window; a role that people sign waits with the same content and a later expiry. */
export function renewDue(draft: RevisionDraft): void {
  draft.assertLoaded(draft.context.due.filter((role) => ![ROOT, SNAPSHOT, TIMESTAMP].includes(role)));
  for (const role of draft.context.due) {
    if (role === ROOT) proposeRootAgain(draft);
    else if (!draft.delegationTree.has(role)) continue;
    else if (role === SNAPSHOT || role === TIMESTAMP || draft.isOnline(role)) draft.renew([role]);
    else if (!draft.completed.has(role)) proposeAgain(draft, role);
  }
}

function proposeAgain(draft: RevisionDraft, role: RoleName): void {
  const waiting = draft.events.ofTargets(role);
  // One that says the same is kept, unless it has expired while it waited.
  if (waiting && isExpired(waiting.metadata.signed, draft.context.now)) {
    draft.events.close(waiting, 'superseded', 'it expired before it had its signatures');
  }
  if (waiting) draft.propose(role, waiting.metadata.signed, termsOf(waiting));
  else draft.propose(role, draft.working(role));
}

function termsOf({ signers, pending, consequences }: TargetsEvent) {
  return { signers, pending, consequences };
}

function proposeRootAgain(draft: RevisionDraft): void {
  const root = draft.root?.signed;
  if (!root || draft.newRoot) return;
  const waiting = draft.events.of(ROOT);
  if (waiting && !isExpired(waiting.metadata.signed, draft.context.now)) return;
  const expires = expiryAfter(draft.context.now, lifetimeOf(draft.settings, ROOT));
  const proposed = waiting && isRootEvent(waiting) ? waiting.metadata.signed : { ...root, version: root.version + 1 };
  const metadata = { signatures: [], signed: { ...proposed, expires } };
  const id = draft.context.newEventId();
  draft.events.put({
    id,
    role: ROOT,
    state: 'open',
    reason: null,
    metadata,
    signers: null,
    pending: null,
    consequences: null,
  });
}
