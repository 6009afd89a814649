import { hash } from 'node:crypto';
import type { Change } from '../tuf/change.js';
import { type AuditTarget, named } from './audit-entry.js';

/** Asks for the artifacts of a stream, which are told by what becomes of them. */
interface ImportRequest {
  readonly kind: 'import-artifacts';
  readonly format: string;
}

/** What a change is about. @param text the change as it is stored; its digest binds the stored task to the entry. */
export function targetOfChange(change: Change | ImportRequest, text: string): AuditTarget {
  return { ...summaryOf(change), changeDigest: hash('sha256', text) };
}

function summaryOf(change: Change | ImportRequest): AuditTarget {
  switch (change.kind) {
    case 'set-root':
      return { role: 'root', version: change.root.signed.version };
    case 'set-metadata':
      return { role: change.role, version: change.metadata.signed.version };
    case 'add-signature':
      return { signingEvent: change.signingEvent, keyId: change.signature.keyid };
    case 'withdraw-signing-event':
      return { signingEvent: change.signingEvent, reason: change.reason };
    case 'add-artifacts':
      return { artifacts: named(change.artifacts.map(({ path }) => path)) };
    case 'remove-artifacts':
      return { artifacts: named(change.paths) };
    case 'import-artifacts':
      return { format: change.format };
    case 'add-role':
      return { role: change.role.name, delegator: change.delegator };
    case 'update-role':
      return { role: change.role };
    case 'remove-role':
      return { role: change.role, artifacts: change.artifacts };
    case 'set-bins':
      return { role: change.delegator, bins: change.bins?.count ?? null };
    case 'update-settings':
      return { settings: Object.keys(change.settings) };
    case 'resign':
      return { roles: named(change.roles), ...(change.beyond !== undefined && { beyond: change.beyond }) };
    default:
      return change satisfies never;
  }
}
