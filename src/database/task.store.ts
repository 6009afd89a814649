import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, LessThan } from 'typeorm';
import type { AuditAction, Origin } from '../audit-chain/audit-entry.js';
import { targetOfChange } from '../audit-chain/change-target.js';
import type { Change } from '../tuf/change.js';
import type { ImportProgress, ImportRequest, TaskOutcome } from './artifact-import.js';
import { auditJson } from './audit-entries.js';
import { ArtifactImportEntity } from './entities/artifact-import.entity.js';
import { RepositoryEntity } from './entities/repository.entity.js';
import { TaskEntity, type TaskKind, type TaskState } from './entities/task.entity.js';
import { Gathered } from './gathered.js';
import { CHANNELS, Notifications } from './notifications.js';

export interface NewTask<Asked = Change> {
  readonly repositoryId: number;
  /** Its name. */
  readonly repository: string;
  readonly change: Asked;
  readonly origin: Origin;
  /** What the audit log calls it. */
  readonly action: AuditAction;
  /** Whether nobody publishes it before somebody else has approved it. */
  readonly awaitsApproval?: boolean;
  readonly idempotencyKey: string | null;
  /** Tells a repeated request from another one that reuses its idempotency key. */
  readonly requestDigest: string;
  readonly createdAt: Date;
}

export interface TaskRecord {
  readonly id: string;
  readonly repositoryId: number;
  readonly sequence: string;
  readonly kind: TaskKind;
  readonly state: TaskState;
  readonly outcome: TaskOutcome | null;
  readonly revision: number | null;
  readonly principal: string;
  /** Who approved it, where somebody had to. */
  readonly approvedBy: string | null;
  readonly requestDigest: string;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
  /** Of an import. */
  readonly progress?: ImportProgress;
}

/** All of a task but the change itself, which may be large. */
const SUMMARY = {
  id: true,
  repositoryId: true,
  sequence: true,
  kind: true,
  state: true,
  outcome: true,
  revision: true,
  principal: true,
  approvedBy: true,
  requestDigest: true,
  createdAt: true,
  settledAt: true,
} as const;

/** Requests whose tasks are recorded by one statement; each may have a body of some megabytes. */
const RECORDED_TOGETHER = 128;

@Injectable()
export class TaskStore {
  private readonly recording = new Gathered<NewTask, TaskRecord>(RECORDED_TOGETHER, (tasks) => this.recordAll(tasks));

  constructor(
    private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
  ) {}

  /** Records a change durably and wakes the publishers; a repeated idempotency key returns the task it made before. */
  record(task: NewTask): Promise<TaskRecord> {
    return this.recording.ask(task);
  }

  /** So many tasks were settled at once; who waited for them may record the next ones within a moment. */
  expect(tasks: number): void {
    this.recording.expect(tasks);
  }

  async find(repositoryId: number, id: string): Promise<TaskRecord | null> {
    const found = await this.tasks.find({ where: { repositoryId, id }, select: SUMMARY });
    const [task] = await this.withProgress(found);
    return task ?? null;
  }

  /** Those among `ids` that wait no more; asked for after every revision, so in SQL that need not be put together first. */
  async findSettled(ids: readonly string[]): Promise<TaskRecord[]> {
    const found: TaskRecord[] = await this.dataSource.query(
      `select id, repository_id as "repositoryId", sequence, kind, state, outcome, revision, principal,
         approved_by as "approvedBy", request_digest as "requestDigest", created_at as "createdAt", settled_at as "settledAt"
       from task where id = any($1::uuid[]) and state not in ('waiting', 'awaiting-approval')`,
      [ids],
    );
    return this.withProgress(found);
  }

  /** Newest first, those before the sequence number `before`. */
  async list(
    repositoryId: number,
    filter: { state?: TaskState; before?: string },
    limit: number,
  ): Promise<TaskRecord[]> {
    const found = await this.tasks.find({
      where: {
        repositoryId,
        ...(filter.state && { state: filter.state }),
        ...(filter.before && { sequence: LessThan(filter.before) }),
      },
      select: SUMMARY,
      order: { sequence: 'DESC' },
      take: limit,
    });
    return this.withProgress(found);
  }

  /** False where PostgreSQL answers but takes no writes, as a standby does. */
  async canRecord(): Promise<boolean> {
    const rows: { writable: boolean }[] = await this.dataSource.query(
      `select current_setting('transaction_read_only') = 'off' as writable`,
    );
    return rows[0]?.writable ?? false;
  }

  /** The repositories for which something waits to be published. */
  async repositoriesWithWaitingTasks(): Promise<number[]> {
    const rows: { repository_id: number }[] = await this.dataSource.query(
      `select distinct repository_id from task where state = 'waiting'`,
    );
    return rows.map((row) => row.repository_id);
  }

  /** How much waits to be published, or approved, in a repository. */
  async waiting(repositoryId: number): Promise<{ readonly changes: number; readonly bytes: number }> {
    const rows: { changes: number; bytes: number }[] = await this.dataSource.query(
      `select count(*)::integer as changes, coalesce(sum(change_bytes), 0)::float8 as bytes
         from (select change_bytes from task where repository_id = $1 and state = 'waiting'
               union all
               select change_bytes from task where repository_id = $1 and state = 'awaiting-approval') as unsettled`,
      [repositoryId],
    );
    return rows[0] ?? { changes: 0, bytes: 0 };
  }

  async oldestWaiting(): Promise<Date | null> {
    const rows: { oldest: Date | null }[] = await this.dataSource.query(
      `select min(coalesce(approved_at, created_at)) as oldest from task where state = 'waiting'`,
    );
    return rows[0]?.oldest ?? null;
  }

  private async recordAll(asked: readonly NewTask[]): Promise<TaskRecord[]> {
    const recorded = await insertTasks(this.dataSource.manager, asked);
    const waiting = recorded.filter(({ state }) => state === 'waiting');
    for (const [repositoryId, tasks] of Map.groupBy(waiting, (task) => task.repositoryId)) {
      this.notifications.tell(CHANNELS.changeWaiting, { repositoryId, changes: tasks.length });
    }
    return recorded;
  }

  private async withProgress(tasks: readonly TaskRecord[]): Promise<TaskRecord[]> {
    const ids = tasks.filter(({ kind }) => kind === 'import-artifacts').map(({ id }) => id);
    if (ids.length === 0) return [...tasks];
    const imports = await this.dataSource.getRepository(ArtifactImportEntity).findBy({ taskId: In(ids) });
    const progress = new Map(imports.map((record) => [record.taskId, progressOf(record)]));
    return tasks.map((task) => {
      const known = progress.get(task.id);
      return known ? { ...task, progress: known } : task;
    });
  }

  private get tasks() {
    return this.dataSource.getRepository(TaskEntity);
  }
}

function progressOf({ linesRead, accepted, refused, published }: ArtifactImportEntity): ImportProgress {
  return {
    linesRead: Number(linesRead),
    accepted: Number(accepted),
    refused: Number(refused),
    published: Number(published),
  };
}

/** Inserts a task with its audit entry in the caller's transaction; the caller tells the publishers once it has committed. */
export async function insertTask(manager: EntityManager, task: NewTask<Change | ImportRequest>): Promise<TaskRecord> {
  const [recorded] = await insertTasks(manager, [task]);
  if (!recorded) throw new Error('the task was not recorded');
  return recorded;
}

/** As {@link insertTask}, for many: one statement, and one record for each, in their order. */
async function insertTasks(
  manager: EntityManager,
  tasks: readonly NewTask<Change | ImportRequest>[],
): Promise<TaskRecord[]> {
  const ids = tasks.map(() => randomUUID());
  const changes = tasks.map(({ change }) => JSON.stringify(change));
  const inserted: Pick<TaskRecord, 'id' | 'sequence'>[] = await manager.query(INSERT_WITH_AUDIT_ENTRIES, [
    ids,
    tasks.map(({ repositoryId }) => repositoryId),
    tasks.map(({ change }) => change.kind),
    changes.map((change) => Buffer.byteLength(change)),
    tasks.map(({ origin }) => origin.principal),
    tasks.map(({ idempotencyKey }) => idempotencyKey),
    tasks.map(({ requestDigest }) => requestDigest),
    tasks.map(({ createdAt }) => createdAt),
    tasks.map(() => randomUUID()),
    tasks.map(({ repository }) => repository),
    tasks.map(({ origin }) => origin.credential),
    tasks.map(({ origin }) => origin.address),
    tasks.map(({ action }) => action),
    tasks.map(firstState),
    jsonArray(changes),
    jsonArray(tasks.map(({ change }, index) => auditJson(targetOfChange(change, changes[index] ?? '')))),
  ]);
  const sequences = new Map(inserted.map(({ id, sequence }) => [id, sequence]));
  return Promise.all(
    tasks.map((task, index) => {
      const id = ids[index] ?? '';
      const sequence = sequences.get(id);
      return sequence === undefined ? earlierTask(manager, task) : newTask(task, id, sequence);
    }),
  );
}

function firstState({ awaitsApproval = false }: NewTask<unknown>): 'awaiting-approval' | 'waiting' {
  return awaitsApproval ? 'awaiting-approval' : 'waiting';
}

function newTask(task: NewTask<Change | ImportRequest>, id: string, sequence: string): TaskRecord {
  const { repositoryId, change, origin, requestDigest, createdAt } = task;
  const settlement = { state: firstState(task), outcome: null, revision: null, settledAt: null, approvedBy: null };
  const asked = { repositoryId, kind: change.kind, principal: origin.principal, requestDigest, createdAt };
  return { id, sequence, ...settlement, ...asked };
}

/** @throws Error where the database is another one than the repository was found in. */
async function earlierTask(manager: EntityManager, task: NewTask<unknown>): Promise<TaskRecord> {
  const { repositoryId, repository, idempotencyKey } = task;
  const where = { repositoryId, idempotencyKey: idempotencyKey ?? '' };
  const earlier = await manager.getRepository(TaskEntity).findOne({ where, select: SUMMARY });
  if (!earlier) throw new Error(`repository ${repositoryId} is not ${repository} any more`);
  return earlier;
}

/** The task that this idempotency key made in the repository of this name, if any. */
export async function findEarlierTask(
  manager: EntityManager,
  repository: string,
  idempotencyKey: string | null,
): Promise<TaskRecord | null> {
  if (idempotencyKey === null) return null;
  const owner = await manager.getRepository(RepositoryEntity).findOneBy({ name: repository });
  const where = owner && { repositoryId: owner.id, idempotencyKey };
  return where && manager.getRepository(TaskEntity).findOne({ where, select: SUMMARY });
}

/** Of JSON texts, which PostgreSQL takes out again as they are: in an array of its own each would be escaped and read again. */
function jsonArray(texts: readonly string[]): string {
  return `[${texts.join(',')}]`;
}

// One statement, so that an entry costs no further round trip; a repeated request makes none.
const INSERT_WITH_AUDIT_ENTRIES = `
  with asked as (
    select * from rows from (
        unnest($1::uuid[], $2::integer[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
          $9::uuid[], $10::text[], $11::uuid[], $12::text[], $13::text[], $14::text[]),
        json_array_elements($15), json_array_elements($16)
      ) with ordinality as asked (id, repository_id, kind, change_bytes, principal, idempotency_key, request_digest, created_at,
        entry_id, repository, credential, address, action, state, change, target, position)
  ), recorded as (
    insert into task (state, id, repository_id, kind, change, change_bytes, principal, idempotency_key, request_digest,
      created_at, credential)
    select asked.state, asked.id, repository_id, kind, change, change_bytes, principal, idempotency_key, request_digest,
      asked.created_at, credential
    from asked join repository on repository.id = asked.repository_id and repository.name = asked.repository
    order by position
    on conflict (repository_id, idempotency_key) where idempotency_key is not null do nothing
    returning id, sequence
  ), entry as (
    insert into audit_entry (id, at, repository, principal, credential, address, action, target, task)
    select entry_id, created_at, repository, principal, credential, address, action, target, asked.id
    from asked join recorded on recorded.id = asked.id order by recorded.sequence
    returning sequence
  ), unlinked as (
    insert into audit_unlinked select sequence from entry
  )
  select id, sequence from recorded`;
