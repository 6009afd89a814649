import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { pruneBatch } from './pruning.js';

/** Versions that a batch looks at, at least; a revision is never split. */
const BATCH_VERSIONS = 1_000;

/**
 * The versions that later ones superseded. A client asks for what its timestamp leads to: for the snapshot, and the
 * targets roles, that were in force when it was published. So a version is of use until every timestamp has expired
 * that was published before the version's successor.
 */
@Injectable()
export class MetadataHistory {
  constructor(private readonly dataSource: DataSource) {}

  /** The repositories that have a timestamp which expired before `expiredBefore`. */
  async repositoriesWithExpiredTimestamps(expiredBefore: Date): Promise<number[]> {
    const rows: { repository_id: number }[] = await this.dataSource.query(
      `select distinct repository_id from metadata_version where role = 'timestamp' and expires_at < $1`,
      [expiredBefore],
    );
    return rows.map((row) => row.repository_id);
  }

  /**
   * Deletes a batch of what only timestamps that expired before `expiredBefore` lead to; never a root, and never the
   * latest version of a role, which is in force or, of a role that was removed, in snapshot for ever.
   * @returns whether there is more.
   */
  prune(repositoryId: number, expiredBefore: Date): Promise<boolean> {
    return pruneBatch(this.dataSource, repositoryId, async (manager) => {
      const range = await revisionsToPrune(manager, repositoryId, expiredBefore);
      if (range.oldest >= range.oldestNeeded) return false;
      const oldestLeft = await lastOfBatch(manager, repositoryId, range);
      await pruneBefore(manager, repositoryId, range.oldest, oldestLeft);
      return oldestLeft < range.oldestNeeded;
    });
  }
}

interface Range {
  /** The oldest revision that is there, whole; 0 before the first one. */
  readonly oldest: number;
  /** The oldest one that a client may still come from. */
  readonly oldestNeeded: number;
}

// Every revision has a timestamp of its own, so the timestamps that are left say how far pruning got.
async function revisionsToPrune(manager: EntityManager, repositoryId: number, expiredBefore: Date): Promise<Range> {
  const rows: { oldest: number | null; needed: number | null }[] = await manager.query(
    `select
       (select revision from metadata_version
        where repository_id = $1 and role = 'timestamp' order by version limit 1) as oldest,
       (select file.revision from metadata_version file
        join role on role.repository_id = file.repository_id and role.name = file.role
        where file.repository_id = $1 and file.role = 'timestamp'
          and (file.expires_at >= $2 or file.version = role.version) order by file.version limit 1) as needed`,
    [repositoryId, expiredBefore],
  );
  return { oldest: rows[0]?.oldest ?? 0, oldestNeeded: rows[0]?.needed ?? 0 };
}

async function lastOfBatch(
  manager: EntityManager,
  repositoryId: number,
  { oldest, oldestNeeded }: Range,
): Promise<number> {
  const rows: { revision: number }[] = await manager.query(
    `select revision from metadata_version where repository_id = $1 and revision > $2 and revision <= $3
     order by revision offset $4 limit 1`,
    [repositoryId, oldest, oldestNeeded, BATCH_VERSIONS],
  );
  const firstOfNextBatch = rows[0]?.revision;
  return firstOfNextBatch === undefined ? oldestNeeded : Math.max(firstOfNextBatch - 1, oldest + 1);
}

/** Deletes what the revisions after `oldest`, up to `oldestLeft`, superseded. */
async function pruneBefore(
  manager: EntityManager,
  repositoryId: number,
  oldest: number,
  oldestLeft: number,
): Promise<void> {
  await manager.query(
    `delete from metadata_version using (
       select role, max(version) as version from metadata_version
       where repository_id = $1 and revision > $2 and revision <= $3 and role <> 'root' group by role
     ) successor
     where metadata_version.repository_id = $1 and metadata_version.role = successor.role
       and metadata_version.version < successor.version`,
    [repositoryId, oldest, oldestLeft],
  );
  await manager.query('delete from revision where repository_id = $1 and number < $2', [repositoryId, oldestLeft]);
}
