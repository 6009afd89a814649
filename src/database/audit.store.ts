import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import type { AuditAction, AuditEntry } from '../audit-chain/audit-entry.js';
import { auditEntryOf, insertAuditEntries, type NewAuditEntry } from './audit-entries.js';
import { AuditEntryEntity } from './entities/audit-entry.entity.js';
import { AuditLinkEntity } from './entities/audit-link.entity.js';

export interface AuditFilter {
  readonly repository?: string;
  readonly principal?: string;
  readonly action?: AuditAction;
  /** Inclusive. */
  readonly since?: Date;
  /** Exclusive. */
  readonly until?: Date;
  /** The sequence number after which the page starts, downwards. */
  readonly before?: string;
}

export interface ListedEntry {
  readonly sequence: string;
  readonly entry: AuditEntry;
  /** Its place in its chain; null until it is linked. */
  readonly position: number | null;
  readonly hash: string | null;
}

/** Reads the audit log, and writes to it what is no part of a change. */
@Injectable()
export class AuditStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  async list(filter: AuditFilter, limit: number): Promise<ListedEntry[]> {
    const { entities, raw } = await filtered(this.entries(), filter)
      .orderBy('entry.sequence', 'DESC')
      .limit(limit)
      .getRawAndEntities<{ position: string | null; hash: string | null }>();
    return entities.map((entity, index) => ({
      sequence: entity.sequence,
      entry: auditEntryOf(entity),
      position: raw[index]?.position ? Number(raw[index].position) : null,
      hash: raw[index]?.hash ?? null,
    }));
  }

  async add(entries: readonly NewAuditEntry[]): Promise<void> {
    await insertAuditEntries(this.dataSource, entries);
  }

  /** Of these names those that are repositories. */
  async repositoriesAmong(names: readonly string[]): Promise<ReadonlySet<string>> {
    const rows: { name: string }[] = await this.dataSource.query(
      'select name from repository where name = any($1::text[])',
      [names],
    );
    return new Set(rows.map(({ name }) => name));
  }

  private entries(): SelectQueryBuilder<AuditEntryEntity> {
    return this.dataSource
      .getRepository(AuditEntryEntity)
      .createQueryBuilder('entry')
      .leftJoin(AuditLinkEntity, 'link', 'link.sequence = entry.sequence')
      .addSelect('link.position', 'position')
      .addSelect('link.hash', 'hash');
  }
}

function filtered(
  query: SelectQueryBuilder<AuditEntryEntity>,
  { repository, principal, action, since, until, before }: AuditFilter,
): SelectQueryBuilder<AuditEntryEntity> {
  if (repository !== undefined) query.andWhere('entry.repository = :repository', { repository });
  if (principal !== undefined) query.andWhere('entry.principal = :principal', { principal });
  if (action !== undefined) query.andWhere('entry.action = :action', { action });
  if (since !== undefined) query.andWhere('entry.at >= :since', { since });
  if (until !== undefined) query.andWhere('entry.at < :until', { until });
  if (before !== undefined) query.andWhere('entry.sequence < :before', { before });
  return query;
}
