import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { BIN_NAME } from '../tuf/hash-bins.js';

export interface RepositoryQueue {
  readonly repository: string;
  readonly waiting: number;
  readonly oldest: Date | null;
  /** The number of the last revision; 0 before the first. */
  readonly revision: number;
}

export interface RoleExpiry {
  readonly repository: string;
  /** Null for all hash bins together. */
  readonly role: string | null;
  /** Of bins, that of the one which expires first. */
  readonly expiresAt: Date;
}

export interface PoolUsage {
  readonly used: number;
  readonly idle: number;
  /** Who waits for a connection. */
  readonly waiting: number;
}

/** The whole service at a glance, for monitors. */
@Injectable()
export class ServiceState {
  constructor(private readonly dataSource: DataSource) {}

  async queues(): Promise<RepositoryQueue[]> {
    return this.dataSource.query(
      `select repository.name as repository, count(task.id)::integer as waiting, min(task.created_at) as oldest,
         coalesce((select max(number) from revision where revision.repository_id = repository.id), 0) as revision
       from repository left join task on task.repository_id = repository.id and task.state = 'waiting'
       group by repository.id`,
    );
  }

  async expiries(): Promise<RoleExpiry[]> {
    return this.dataSource.query(
      `select repository.name as repository, case when role.name !~ $1 then role.name end as role,
         min(role.expires_at) as "expiresAt"
       from role join repository on repository.id = role.repository_id
       group by 1, 2`,
      [BIN_NAME.source],
    );
  }

  /** Of this process. */
  get pool(): PoolUsage {
    const { totalCount, idleCount, waitingCount } = (this.dataSource.driver as unknown as { master: pg.Pool }).master;
    return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }
}
