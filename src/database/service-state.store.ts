import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { BIN_NAME } from '../tuf/hash-bins.js';
import { ROOT, SNAPSHOT, TARGETS, TIMESTAMP } from '../tuf/role-name.js';

export interface RepositoryQueue {
  readonly repositoryId: number;
  readonly repository: string;
  readonly waiting: number;
  readonly oldest: Date | null;
  /** The number of the last revision; 0 before the first. */
  readonly revision: number;
}

export interface RoleExpiry {
  readonly repositoryId: number;
  /** Null for all hash bins together. */
  readonly role: string | null;
  /** Of bins, that of the one which expires first. */
  readonly expiresAt: Date;
}

export interface OverdueCount {
  readonly repositoryId: number;
  readonly roles: number;
}

export interface PoolUsage {
  readonly used: number;
  readonly idle: number;
  /** Who waits for a connection. */
  readonly waiting: number;
}

const TOP_LEVEL = [ROOT, TARGETS, SNAPSHOT, TIMESTAMP];

/** The whole service at a glance, for monitors. */
@Injectable()
export class ServiceState {
  constructor(private readonly dataSource: DataSource) {}

  async queues(): Promise<RepositoryQueue[]> {
    return this.dataSource.query(
      `select repository.id as "repositoryId", repository.name as repository,
         coalesce(queue.waiting, 0) as waiting, queue.oldest, coalesce(last.number, 0) as revision
       from repository
       left join (
         select repository_id, count(*)::integer as waiting, min(created_at) as oldest
         from task where state = 'waiting' group by repository_id
       ) queue on queue.repository_id = repository.id
       left join lateral (
         select number from revision where repository_id = repository.id order by number desc limit 1
       ) last on true`,
    );
  }

  async topLevelExpiries(repositoryIds: readonly number[]): Promise<RoleExpiry[]> {
    return this.dataSource.query(
      `select repository_id as "repositoryId", name as role, expires_at as "expiresAt"
       from role where repository_id = any($1::integer[]) and name = any($2::text[])`,
      [repositoryIds, TOP_LEVEL],
    );
  }

  /** Of each repository the roles that expire first, `most` of them, and its bins as one. Reads all of its roles. */
  async delegatedExpiries(repositoryIds: readonly number[], most: number): Promise<RoleExpiry[]> {
    return this.dataSource.query(
      `select asked.id as "repositoryId", first.name as role, first.expires_at as "expiresAt"
       from unnest($1::integer[]) as asked (id), lateral (
         select name, expires_at from role
         where repository_id = asked.id and name !~ $2 and name <> all($3::text[]) order by expires_at, name limit $4
       ) first
       union all
       select repository_id, null, min(expires_at) from role
       where repository_id = any($1::integer[]) and name ~ $2 group by repository_id`,
      [repositoryIds, BIN_NAME.source, TOP_LEVEL, most],
    );
  }

  /** Where roles expired, or should have been renewed before `since`. */
  async overdue(now: Date, since: Date): Promise<OverdueCount[]> {
    return this.dataSource.query(
      `select repository_id as "repositoryId", count(*)::integer as roles
       from role where expires_at <= $1 or renew_at <= $2 group by repository_id`,
      [now, since],
    );
  }

  /** Of this process. */
  get pool(): PoolUsage {
    const { totalCount, idleCount, waitingCount } = (this.dataSource.driver as unknown as { master: pg.Pool }).master;
    return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }
}
