import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { AuditAction, AuditEntry, AuditTarget } from '../audit-chain/audit-entry.js';
import type { AuditEntryEntity } from './entities/audit-entry.entity.js';

export interface NewAuditEntry {
  readonly at: Date;
  /** Left out for what concerns no single repository. */
  readonly repository?: string;
  /** Left out for what the service does by itself. */
  readonly principal?: string | null;
  readonly credential?: string | null;
  readonly address?: string | null;
  readonly action: AuditAction;
  readonly target: AuditTarget;
}

/** Writes entries in the caller's transaction: there is no act without its entry, and no entry without its act. */
export async function insertAuditEntries(
  manager: Pick<EntityManager, 'query'>,
  entries: readonly NewAuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({ id: randomUUID(), repository: '', ...entry }));
  await manager.query(
    `with entry as (
       insert into audit_entry (id, at, repository, principal, credential, address, action, target)
       select * from json_to_recordset($1)
         as entry (id uuid, at timestamptz, repository text, principal text, credential uuid, address text, action text,
           target json)
       returning sequence
     )
     insert into audit_unlinked select sequence from entry`,
    [auditJson(rows)],
  );
}

/** Half a surrogate pair, which JSON can smuggle in as an escape, has no canonical form: it would hold up the chain. */
export function auditJson(value: unknown): string {
  return JSON.stringify(value, (_, member) => (typeof member === 'string' ? member.toWellFormed() : member));
}

/** The entry as it is hashed and shown, from its row. */
export function auditEntryOf(row: Omit<AuditEntryEntity, 'sequence'>): AuditEntry {
  const { id, at, repository, principal, credential, address, action, target, task, revision, before, after } = row;
  return {
    id,
    at: at.toISOString(),
    repository: repository === '' ? null : repository,
    principal,
    credential,
    address,
    action,
    target,
    task,
    revision,
    before,
    after,
  };
}
