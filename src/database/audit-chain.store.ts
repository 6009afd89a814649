import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AuditEntry } from '../audit-chain/audit-entry.js';
import { type ChainHead, type ChainLink, linked, NO_LINKS } from '../audit-chain/chain.js';
import type { ReadLink } from '../audit-chain/chain-walk.js';
import { auditEntryOf } from './audit-entries.js';
import type { AuditEntryEntity } from './entities/audit-entry.entity.js';

/** One process at a time links entries. */
const CHAIN_LOCK = 0x5452_5303;

/** How far a chain goes, and how much of the log there is for it. */
export interface ChainState extends ChainHead {
  /** Empty for the chain of what concerns no single repository. */
  readonly repository: string;
  /** All entries, those without a place in the chain among them. */
  readonly entries: number;
}

type UnlinkedRow = AuditEntryEntity;

/** The chains of the audit log: who comes after whom, and the hashes over it. */
@Injectable()
export class AuditChainStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Gives up to `limit` entries their places, in order of arrival.
   * @returns how many; 0 also while another process does it.
   */
  async linkNext(limit: number): Promise<number> {
    if (!(await this.isAnyUnlinked())) return 0;
    return this.dataSource.transaction(async (manager) => {
      const [lock] = await manager.query('select pg_try_advisory_xact_lock($1) as elected', [CHAIN_LOCK]);
      if (!lock.elected) return 0;
      const rows: UnlinkedRow[] = await manager.query(
        // One look-up for each: where many wait, PostgreSQL would rather read the whole log from its beginning.
        `select entry.* from (select sequence from audit_unlinked order by sequence limit $1) unlinked
         cross join lateral (select * from audit_entry where sequence = unlinked.sequence limit 1) entry
         order by entry.sequence`,
        [limit],
      );
      const byChain = Map.groupBy(rows, ({ repository }) => repository);
      const heads = await headsOf(manager, [...byChain.keys()]);
      for (const [repository, unlinked] of byChain) {
        const links = linked(heads.get(repository) ?? NO_LINKS, unlinked.map(auditEntryOf));
        await insertLinks(manager, repository, unlinked, links);
      }
      await manager.query('delete from audit_unlinked where sequence = any($1::bigint[])', [
        rows.map(({ sequence }) => sequence),
      ]);
      return rows.length;
    });
  }

  /** In the order of the chain, those after `position`; an entry is null where it is gone. */
  async links(repository: string, position: number, limit: number): Promise<ReadLink[]> {
    const rows: (AuditEntryEntity & { position: string; hash: string; linked: string })[] = await this.dataSource.query(
      `select link.position, link.hash, entry.* from audit_link link left join audit_entry entry using (sequence)
       where link.repository = $1 and link.position > $2 order by link.position limit $3`,
      [repository, position, limit],
    );
    return rows.map((row) => ({
      position: Number(row.position),
      hash: row.hash,
      entry: entryOrNull(row),
    }));
  }

  /** Where the chains of these repositories stand; the empty name stands for the service's own. */
  async states(repositories: readonly string[]): Promise<ChainState[]> {
    const heads = await headsOf(this.dataSource.manager, repositories);
    const counts: { repository: string; entries: string }[] = await this.dataSource.query(
      'select repository, count(*) as entries from audit_entry where repository = any($1::text[]) group by repository',
      [repositories],
    );
    const entries = new Map(counts.map((count) => [count.repository, Number(count.entries)]));
    return repositories.map((repository) => ({
      repository,
      ...(heads.get(repository) ?? NO_LINKS),
      entries: entries.get(repository) ?? 0,
    }));
  }

  private async isAnyUnlinked(): Promise<boolean> {
    const [row] = await this.dataSource.query('select exists (select from audit_unlinked) as found');
    return row.found;
  }
}

/** The entry of a row that a link was joined to. */
function entryOrNull(row: AuditEntryEntity): AuditEntry | null {
  return row.id === null ? null : auditEntryOf(row);
}

export async function headsOf(
  manager: Pick<EntityManager, 'query'>,
  repositories: readonly string[],
): Promise<Map<string, ChainHead>> {
  const rows: { repository: string; position: string; hash: string }[] = await manager.query(
    `select head.* from unnest($1::text[]) as chain (repository), lateral (
       select repository, position, hash from audit_link
       where repository = chain.repository order by position desc limit 1
     ) head`,
    [repositories],
  );
  return new Map(rows.map(({ repository, position, hash }) => [repository, { length: Number(position), hash }]));
}

// Its key is the fence: of two processes that would both be elected, one fails.
async function insertLinks(
  manager: EntityManager,
  repository: string,
  unlinked: readonly UnlinkedRow[],
  links: readonly ChainLink[],
): Promise<void> {
  await manager.query(
    `insert into audit_link (repository, position, sequence, hash)
     select $1, * from unnest($2::bigint[], $3::bigint[], $4::text[])`,
    [
      repository,
      links.map(({ position }) => position),
      unlinked.map(({ sequence }) => sequence),
      links.map(({ hash }) => hash),
    ],
  );
}
