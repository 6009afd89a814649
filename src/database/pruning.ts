import type { DataSource, EntityManager } from 'typeorm';

/** The first half of the advisory lock's key; the second says what is pruned: a repository's id, or `TASKS`. */
const PRUNING_LOCK = 0x5452_5302;
/** No repository has this id. */
export const TASKS = 0;

/**
 * Runs one batch of pruning in its transaction, unless another process is at the same work.
 * @returns whether there is more to prune here.
 */
export function pruneBatch(
  dataSource: DataSource,
  what: number,
  batch: (manager: EntityManager) => Promise<boolean>,
): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    const rows: { elected: boolean }[] = await manager.query('select pg_try_advisory_xact_lock($1, $2) as elected', [
      PRUNING_LOCK,
      what,
    ]);
    return rows[0]?.elected ? batch(manager) : false;
  });
}
