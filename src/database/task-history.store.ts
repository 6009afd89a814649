import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { asPruner, TASKS } from './pruning.js';

const BATCH_TASKS = 1_000;
const BATCH_REFUSALS = 10_000;

/** Tasks whose outcome nobody asks for any more. */
@Injectable()
export class TaskHistory {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Deletes a batch of the tasks that were settled before a moment, with what imports refused; what waits stays.
   * @returns whether there is more.
   */
  async prune(settledBefore: Date): Promise<boolean> {
    const isMore = await asPruner(this.dataSource, TASKS, async (manager) => {
      const ids = await oldestSettled(manager, settledBefore);
      if (ids.length === 0) return false;
      if (await pruneRefusals(manager, ids)) return true;
      await manager.query('delete from artifact_import where task_id = any($1::uuid[])', [ids]);
      await manager.query('delete from task where id = any($1::uuid[])', [ids]);
      return ids.length === BATCH_TASKS;
    });
    return isMore ?? false;
  }
}

async function oldestSettled(manager: EntityManager, settledBefore: Date): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    'select id from task where settled_at < $1 order by settled_at limit $2',
    [settledBefore, BATCH_TASKS],
  );
  return rows.map(({ id }) => id);
}

/** An import may have refused a million lines. */
async function pruneRefusals(manager: EntityManager, taskIds: readonly string[]): Promise<boolean> {
  const [, count]: [unknown[], number] = await manager.query(
    `delete from import_refusal where (import_id, line) in (
       select refusal.import_id, refusal.line from artifact_import
       join import_refusal refusal on refusal.import_id = artifact_import.id
       where artifact_import.task_id = any($1::uuid[]) limit $2)`,
    [taskIds, BATCH_REFUSALS],
  );
  return count === BATCH_REFUSALS;
}
