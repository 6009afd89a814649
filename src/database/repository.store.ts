import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource, type EntityManager } from 'typeorm';
import type { Approval } from '../tuf/approval.js';
import type { RepositorySettings } from '../tuf/settings.js';
import { RepositoryEntity, type RepositoryLifecycle } from './entities/repository.entity.js';
import { Gathered } from './gathered.js';
import { CHANNELS, Notifications } from './notifications.js';
import { findEarlierTask, insertTask, type NewTask, type TaskRecord } from './task.store.js';

export interface RepositoryRecord {
  readonly id: number;
  readonly name: string;
  readonly state: RepositoryLifecycle;
  readonly settings: RepositorySettings;
  readonly approvals: readonly Approval[];
  readonly createdAt: Date;
}

/** Which one it is. */
export type RepositoryIdentity = Pick<RepositoryRecord, 'id' | 'name'>;

const FOUND_TOGETHER = 1_000;
const REMEMBERED = 10_000;

@Injectable()
export class RepositoryStore {
  private readonly finding = new Gathered<string, RepositoryRecord | null>(FOUND_TOGETHER, (names) =>
    this.findAllByName(names),
  );
  /** Ready ones: they stay so for good and keep their id, as long as the database is the same. */
  private readonly ready = new LRUCache<string, RepositoryIdentity>({ max: REMEMBERED });

  constructor(
    private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
  ) {
    notifications.onReconnect(() => this.ready.clear());
  }

  /**
   * Creates the repository with its first task, or returns null where the name is taken.
   * A repeated idempotency key returns the task it made before and changes nothing.
   */
  async create(
    name: string,
    settings: RepositorySettings,
    task: Omit<NewTask, 'repositoryId' | 'repository'>,
  ): Promise<TaskRecord | null> {
    const recorded = await this.dataSource.transaction(async (manager) => {
      const earlier = await findEarlierTask(manager, name, task.idempotencyKey);
      if (earlier) return earlier;
      const repositoryId = await this.insert(manager, name, settings, task.createdAt);
      return repositoryId === null ? null : insertTask(manager, { ...task, repositoryId, repository: name });
    });
    if (recorded) this.notifications.tell(CHANNELS.changeWaiting, { repositoryId: recorded.repositoryId });
    return recorded;
  }

  findByName(name: string): Promise<RepositoryRecord | null> {
    return this.finding.ask(name);
  }

  /** A repository that was ready when it was looked up before: undefined does not say that there is none. */
  rememberedReady(name: string): RepositoryIdentity | undefined {
    return this.ready.get(name);
  }

  list(after: string, limit: number): Promise<RepositoryRecord[]> {
    return this.dataSource
      .getRepository(RepositoryEntity)
      .createQueryBuilder('repository')
      .where('repository.name > :after', { after })
      .orderBy('repository.name')
      .limit(limit)
      .getMany();
  }

  private async findAllByName(names: readonly string[]): Promise<(RepositoryRecord | null)[]> {
    const rows: RepositoryRecord[] = await this.dataSource.query(
      'select id, name, state, settings, approvals, created_at as "createdAt" from repository where name = any($1::text[])',
      [[...new Set(names)]],
    );
    for (const { id, name, state } of rows) if (state === 'ready') this.ready.set(name, { id, name });
    const byName = new Map(rows.map((row) => [row.name, row]));
    return names.map((name) => byName.get(name) ?? null);
  }

  // A name is free again when the root it was first given was refused.
  private async insert(
    manager: EntityManager,
    name: string,
    settings: RepositorySettings,
    now: Date,
  ): Promise<number | null> {
    const rows: { id: number }[] = await manager.query(
      `insert into repository (name, state, settings, created_at) values ($1, 'bootstrapping', $2, $3)
       on conflict (name) do update set state = excluded.state, settings = excluded.settings,
           created_at = excluded.created_at, approvals = '{}', approvals_proposal = null
         where repository.state = 'refused'
       returning id`,
      [name, JSON.stringify(settings), now],
    );
    return rows[0]?.id ?? null;
  }
}
