import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ChainHead } from '../audit-chain/chain.js';
import { NO_LINKS } from '../audit-chain/chain.js';
import type { Checkpoint } from '../audit-chain/checkpoint.js';
import { headsOf } from './audit-chain.store.js';

export interface CheckpointDue {
  readonly repositoryId: number;
  readonly repository: string;
}

/** The last checkpoint of each repository. */
@Injectable()
export class AuditCheckpointStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Ready repositories whose chain has grown since their last checkpoint, if that is older than `own`; and those of
   * which only the service's chain has grown, if it is older than `service`.
   */
  async due(own: Date, service: Date): Promise<CheckpointDue[]> {
    return this.dataSource.query(
      `select repository.id as "repositoryId", repository.name as repository
       from repository
       left join audit_checkpoint last on last.repository_id = repository.id
       cross join lateral (select last.checkpoint -> 'signed' -> 'chains' as chains) covered
       where repository.state = 'ready' and (last.repository_id is null
         or (last.issued_at <= $1 and coalesce((${lengthOf('repository.name')}), 0)
           > (covered.chains -> 'repository' ->> 'length')::bigint)
         or (last.issued_at <= $2 and coalesce((${lengthOf("''")}), 0)
           > (covered.chains -> 'service' ->> 'length')::bigint))
       order by repository.id`,
      [own, service],
    );
  }

  async heads(repository: string): Promise<{ readonly repository: ChainHead; readonly service: ChainHead }> {
    const heads = await headsOf(this.dataSource, [repository, '']);
    return { repository: heads.get(repository) ?? NO_LINKS, service: heads.get('') ?? NO_LINKS };
  }

  /** Of two processes that sign at once, the one that saw more wins. */
  async save(repositoryId: number, checkpoint: Checkpoint, issuedAt: Date): Promise<void> {
    await this.dataSource.query(
      `insert into audit_checkpoint as last (repository_id, checkpoint, issued_at) values ($1, $2, $3)
       on conflict (repository_id) do update set checkpoint = excluded.checkpoint, issued_at = excluded.issued_at
         where (last.checkpoint -> 'signed' -> 'chains' -> 'repository' ->> 'length')::bigint <= $4`,
      [repositoryId, JSON.stringify(checkpoint), issuedAt, checkpoint.signed.chains.repository.length],
    );
  }

  async find(repository: string): Promise<Checkpoint | null> {
    const rows: { checkpoint: Checkpoint }[] = await this.dataSource.query(
      `select checkpoint from audit_checkpoint
       where repository_id = (select id from repository where name = $1)`,
      [repository],
    );
    return rows[0]?.checkpoint ?? null;
  }
}

function lengthOf(chain: string): string {
  return `select position from audit_link where audit_link.repository = ${chain} order by position desc limit 1`;
}
