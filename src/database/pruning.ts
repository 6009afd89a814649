import type { DataSource, EntityManager } from 'typeorm';
import { BY_INDEX } from './by-index.js';

/** The first half of the advisory lock's key; the second says what is pruned: a repository's id, or one of those below. */
const PRUNING_LOCK = 0x5452_5302;
/** No repository has such an id. */
export const TASKS = 0;
export const WEBHOOK_EVENTS = -1;

/** Runs a batch of pruning in its transaction; null where another process is at the same work. */
export function asPruner<T>(
  dataSource: DataSource,
  what: number,
  batch: (manager: EntityManager) => Promise<T>,
): Promise<T | null> {
  return dataSource.transaction(async (manager) => {
    const rows: { elected: boolean }[] = await manager.query(
      `select pg_try_advisory_xact_lock($1, $2) as elected, ${BY_INDEX}`,
      [PRUNING_LOCK, what],
    );
    return rows[0]?.elected ? batch(manager) : null;
  });
}
