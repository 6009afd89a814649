import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type EntityManager } from 'typeorm';
import type { ImportRequest, LineRefusal } from './artifact-import.js';
import type { ImportedBatch } from './import-batch.js';
import { CHANNELS, Notifications } from './notifications.js';
import { insertTask, type NewTask, type TaskRecord } from './task.store.js';

const REFUSALS_PER_PAGE = 1_000;

export interface BegunImport {
  readonly task: TaskRecord;
  /** Null where the task was made before, with the same idempotency key. */
  readonly importId: number | null;
}

/** Thrown where an import was closed by others, who took its receiver for gone. */
export class ImportClosed extends Error {
  override readonly name = 'ImportClosed';
}

/** Keeps what imports receive until publishers take it. */
@Injectable()
export class ImportStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
  ) {}

  /** Records the task of an import durably, before its first line. */
  begin(task: NewTask<ImportRequest>): Promise<BegunImport> {
    return this.dataSource.transaction(async (manager) => {
      const recorded = await insertTask(manager, task);
      const rows: { id: number }[] = await manager.query(
        `insert into artifact_import (task_id, repository_id, state, heard_at, lines_read, accepted, refused, published,
           added, replaced, unchanged, awaiting_signatures, repeated, overtaken, published_to)
         select id, repository_id, 'receiving', clock_timestamp(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1
         from task where id = $1 and kind = 'import-artifacts'
         on conflict (task_id) do nothing returning id`,
        [recorded.id],
      );
      return { task: recorded, importId: rows[0]?.id ?? null };
    });
  }

  /** Makes lines durable, all of them or none. @throws ImportClosed */
  async append(importId: number, batch: ImportedBatch): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.assertOpen(
        manager.query(
          `update artifact_import set heard_at = clock_timestamp(), lines_read = $2, accepted = accepted + $3,
             refused = refused + $4
           where id = $1 and state = 'receiving' returning id`,
          [importId, batch.lastLine, batch.accepted, batch.refused],
        ),
      );
      await copy(manager, 'import_entry (import_id, path_order, line, path, file)', batch.entries);
      await copy(manager, 'import_refusal (import_id, line, path, code, detail)', batch.refusals);
    });
  }

  /** Says that the receiver is alive. @throws ImportClosed */
  async hear(importId: number): Promise<void> {
    const heard = `update artifact_import set heard_at = clock_timestamp() where id = $1 and state = 'receiving' returning id`;
    await this.assertOpen(this.dataSource.query(heard, [importId]));
  }

  /** Hands what was received over to the publishers; `interruption` says why it is not all. @throws ImportClosed */
  async complete(importId: number, repositoryId: number, interruption: string | null): Promise<void> {
    const completed = `update artifact_import set state = 'publishing', interruption = $2
      where id = $1 and state = 'receiving' returning id`;
    await this.assertOpen(this.dataSource.query(completed, [importId, interruption]));
    this.notifications.tell(CHANNELS.changeWaiting, { repositoryId });
  }

  /** In the order of the lines, page by page. */
  async *refusals(taskId: string): AsyncGenerator<readonly LineRefusal[]> {
    let after = 0;
    for (;;) {
      const rows: (Omit<LineRefusal, 'line'> & { line: string })[] = await this.dataSource.query(
        `select line, path, code, detail from import_refusal
         where import_id = (select id from artifact_import where task_id = $1) and line > $2 order by line limit $3`,
        [taskId, after, REFUSALS_PER_PAGE],
      );
      if (rows.length > 0) yield rows.map(({ line, ...refusal }) => ({ line: Number(line), ...refusal }));
      const last = rows.at(-1);
      if (!last || rows.length < REFUSALS_PER_PAGE) return;
      after = Number(last.line);
    }
  }

  private async assertOpen(updated: Promise<[unknown[], number]>): Promise<void> {
    const [, count] = await updated;
    if (count === 0) throw new ImportClosed('the import was closed while it was received');
  }
}

async function copy(manager: EntityManager, into: string, rows: string): Promise<void> {
  if (rows === '') return;
  const client: pg.PoolClient = await manager.queryRunner?.connect();
  const stream = client.query(copyFrom(`copy ${into} from stdin`));
  stream.end(rows);
  await finished(stream);
}
