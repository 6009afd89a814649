import type { Applied } from './applied.js';
import { addArtifacts, removeArtifacts } from './artifact-changes.js';
import type { Change, RequestedChange } from './change.js';
import { TufError } from './errors.js';
import { resign } from './renewals.js';
import type { RevisionDraft } from './revision-draft.js';
import { addRole, removeRole, setBins, updateRole } from './role-changes.js';
import { assertTag, settingsTag } from './role-definition.js';
import { setMetadata } from './set-metadata.js';
import { setRoot } from './set-root.js';
import { withSettings } from './settings.js';
import { addSignature, withdrawSigningEvent } from './signing-event-changes.js';

/** Applies one change to the draft; a change that breaks a rule leaves the draft as it was and is refused. */
export function applyChange(draft: RevisionDraft, requested: RequestedChange): Applied {
  try {
    return isOfArtifacts(requested.change) ? applied(draft, requested) : draft.attempt(() => applied(draft, requested));
  } catch (error) {
    if (!(error instanceof TufError)) throw error;
    const refusal = { code: error.code, detail: error.message };
    return { outcome: { state: 'refused', refusal }, waitsFor: new Set() };
  }
}

/** These check all before they touch anything, and there may be thousands of them. */
function isOfArtifacts({ kind }: Change): boolean {
  return kind === 'add-artifacts' || kind === 'remove-artifacts';
}

/** Whether a change is about who may sign what, or about what waits for signatures. */
export function isOfProposals({ kind }: Change): boolean {
  return !['add-artifacts', 'remove-artifacts', 'resign', 'update-settings'].includes(kind);
}

function applied(draft: RevisionDraft, { id, change }: RequestedChange): Applied {
  if (change.kind === 'set-root') return setRoot(draft, id, change.root);
  if (change.kind === 'add-signature') return addSignature(draft, change.signingEvent, change.signature);
  if (change.kind === 'withdraw-signing-event') return withdrawSigningEvent(draft, change.signingEvent, change.reason);
  assertReady(draft);
  switch (change.kind) {
    case 'add-artifacts':
      return addArtifacts(draft, change.artifacts);
    case 'remove-artifacts':
      return removeArtifacts(draft, change.paths);
    case 'add-role':
      return addRole(draft, change);
    case 'update-role':
      return updateRole(draft, change);
    case 'remove-role':
      return removeRole(draft, change);
    case 'set-bins':
      return setBins(draft, change);
    case 'set-metadata':
      return setMetadata(draft, change.role, change.metadata);
    case 'update-settings':
      assertTag(change.ifMatch, settingsTag(draft.settings), 'the settings');
      draft.settings = withSettings(draft.settings, change.settings);
      return { outcome: { state: 'succeeded' }, waitsFor: new Set() };
    case 'resign':
      return resign(draft, change.roles);
    default:
      return change satisfies never;
  }
}

function assertReady(draft: RevisionDraft): void {
  if (!draft.root) throw new TufError('repository-not-ready', 'the root of the repository still lacks signatures');
}
