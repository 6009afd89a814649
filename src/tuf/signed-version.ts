import type { TrustedKeys } from './delegation.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';
import { thresholdMet } from './signature.js';

/** Whether the version of the role that clients get with this revision, and that is there already, is signed by these keys. */
export function isSignedBy(draft: RevisionDraft, role: RoleName, trusted: TrustedKeys): boolean {
  const completed = draft.completed.get(role);
  if (completed) return thresholdMet(completed, trusted);
  if (draft.given.has(role) || draft.isRenewed(role)) return false; // it has yet to be signed, by others
  const published = draft.published(role);
  return published !== undefined && thresholdMet(published, trusted);
}
