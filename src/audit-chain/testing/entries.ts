import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../audit-entry.js';

export function auditEntry(about: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: randomUUID(),
    at: '2026-01-31T12:00:00.000Z',
    repository: 'demo',
    principal: 'administrator',
    credential: randomUUID(),
    address: '192.0.2.7',
    action: 'add-artifacts',
    target: { artifacts: { count: 1, first: ['app/ä "1".tar.gz'] } },
    task: randomUUID(),
    revision: null,
    before: null,
    after: null,
    ...about,
  };
}

export function auditEntries(count: number): AuditEntry[] {
  return Array.from({ length: count }, (_, index) => auditEntry({ revision: index + 1 }));
}
