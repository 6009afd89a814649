import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

const POLL_MS = 25;

/** Has roles of a repository be due for signing from now on, as if their time had come. @returns that moment. */
export async function makeDue(pool: pg.Pool, repository: string, roles: readonly string[]): Promise<Date> {
  const { rows } = await pool.query(
    `with now as (select date_trunc('milliseconds', now()) as moment)
     update role set renew_at = now.moment from now, repository
     where repository.id = role.repository_id and repository.name = $1 and role.name = any ($2)
     returning now.moment`,
    [repository, roles],
  );
  return rows[0].moment;
}

/** Waits until all that was due at that moment has been signed again. */
export async function untilRenewed(pool: pg.Pool, repository: string, due: Date): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `select from role join repository on repository.id = role.repository_id
       where repository.name = $1 and role.renew_at <= $2 limit 1`,
      [repository, due],
    );
    if (rowCount === 0) return;
    await delay(POLL_MS);
  }
}

/** Has all but the latest timestamps of a repository have expired long ago, as if that time had passed. */
export async function expireTimestamps(pool: pg.Pool, repository: string, latest: number): Promise<void> {
  await pool.query(
    `update metadata_version file set expires_at = now() - interval '1 year' from role, repository
     where repository.name = $1 and file.repository_id = repository.id and file.role = 'timestamp'
       and role.repository_id = repository.id and role.name = 'timestamp' and file.version <= role.version - $2`,
    [repository, latest],
  );
}

/** The hash bins of a repository, in order. */
export async function binsOf(pool: pg.Pool, repository: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select role.name from role join repository on repository.id = role.repository_id
     where repository.name = $1 and role.name like 'bins-%' order by role.name`,
    [repository],
  );
  return rows.map(({ name }) => name);
}
