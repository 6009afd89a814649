import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { asPruner } from './pruning.js';

/** Versions that a batch looks at, at least; a revision is never split. */
const BATCH_VERSIONS = 1_000;

/** Revisions of which something may be deleted. */
export interface PastRevisions {
  /** The first of which everything is there; 0 before the first revision. */
  readonly oldest: number;
  /** The first that a client may still come from. */
  readonly oldestNeeded: number;
}

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

  /** Every revision has a timestamp of its own, so the timestamps that are left say how far pruning got. */
  async past(repositoryId: number, expiredBefore: Date): Promise<PastRevisions> {
    const rows: { oldest: number | null; needed: number | null }[] = await this.dataSource.query(
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

  /**
   * Deletes a batch of what is past; never a root, and never the latest version of a role, which is in force or, of a
   * role that was removed, in snapshot for ever.
   * @returns what is past after that; null where nothing is, or where another process is at it.
   */
  prune(repositoryId: number, { oldest, oldestNeeded }: PastRevisions): Promise<PastRevisions | null> {
    if (oldest >= oldestNeeded) return Promise.resolve(null);
    return asPruner(this.dataSource, repositoryId, async (manager) => {
      const left = await lastOfBatch(manager, repositoryId, { oldest, oldestNeeded });
      await pruneBetween(manager, repositoryId, oldest, left);
      return { oldest: left, oldestNeeded };
    });
  }
}

async function lastOfBatch(
  manager: EntityManager,
  repositoryId: number,
  { oldest, oldestNeeded }: PastRevisions,
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
async function pruneBetween(
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
  await manager.query('delete from revision where repository_id = $1 and number >= $2 and number < $3', [
    repositoryId,
    oldest,
    oldestLeft,
  ]);
}
