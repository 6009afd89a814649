import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { AuditChainStore } from '../../src/database/audit-chain.store.js';
import { dataSourceOptions, openDataSource } from '../../src/database/data-source.js';
import { MetadataStore } from '../../src/database/metadata.store.js';
import type { Notifications } from '../../src/database/notifications.js';
import { PublicationStore } from '../../src/database/publication.store.js';
import type { Outcome } from '../../src/tuf/change.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** Statistics of PostgreSQL are from when there was less, or more, as they are minutes after a burst. */
describe('PostgreSQL reads no more rows than are asked for', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await createTestDatabase();
    await (await openDataSource(database.url, 3)).destroy(); // which migrates
    dataSource = await new DataSource(dataSourceOptions(database.url, 1)).initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  test('when tasks are settled, among many that were before', async () => {
    const repository = await newRepository('app');
    await addTasks(repository, 64, 'succeeded');
    await database.query('analyze');
    await addTasks(repository, 640, 'succeeded');
    const waiting = await addTasks(repository, 20, 'waiting');
    const before = await rowsReadOf('task');
    await new PublicationStore(dataSource, { tell: () => undefined } as unknown as Notifications).asPublisher(
      repository,
      async ({ write }) => {
        await write.tasks(new Map(waiting.map((id) => [id, SUCCEEDED])), null, new Date());
        return true;
      },
    );
    expect((await rowsReadOf('task')) - before).toBeLessThanOrEqual(2 * waiting.length);
    const settled = await database.query('select id from task where id = any($1) and state = $2', [
      waiting,
      'succeeded',
    ]);
    expect(settled).toHaveLength(waiting.length);
  });

  test('when entries of the audit log get their places, in a log that is long', async () => {
    const chains = new AuditChainStore(dataSource);
    await addEntries(20_000);
    await database.query('analyze');
    while ((await chains.linkNext(5_000)) > 0);
    await addEntries(100);
    const before = await rowsReadOf('audit_entry');
    expect(await chains.linkNext(500)).toBe(100);
    expect((await rowsReadOf('audit_entry')) - before).toBe(100);
    const [last] = await database.query('select max(position) as position from audit_link');
    expect(last).toEqual({ position: '20100' });
  });

  test('when roles are due for signing, and only then', async () => {
    const repository = await newRepository('app');
    await addRoles(repository, 10_000, '-1 hour');
    await database.query('analyze');
    await database.query(`update role set renew_at = now() + interval '1 hour'`);
    const metadata = new MetadataStore(dataSource);
    const before = await rowsReadOf('role');
    expect(await metadata.repositoriesWithDueRoles(new Date())).toEqual([]);
    expect((await rowsReadOf('role')) - before).toBeLessThanOrEqual(1);
    const due = await newRepository('due');
    await addRoles(due, 1, '-1 hour');
    expect(await metadata.repositoriesWithDueRoles(new Date())).toEqual([due]);
  });

  async function newRepository(name: string): Promise<number> {
    const [row] = await database.query(
      `insert into repository (name, state, settings, created_at) values ($1, 'ready', '{}', now()) returning id`,
      [name],
    );
    return row?.id as number;
  }

  async function addTasks(repository: number, count: number, state: string): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    await database.query(
      `insert into task (id, repository_id, kind, change, change_bytes, principal, request_digest, state, created_at)
       select id, $1, 'add-artifacts', '{}', 2, 'pipeline', '', $2, now() from unnest($3::uuid[]) id`,
      [repository, state, ids],
    );
    return ids;
  }

  async function addRoles(repository: number, count: number, renewedIn: string): Promise<void> {
    await database.query(
      `insert into role (repository_id, name, version, expires_at, renew_at, delegates, bytes)
       select $1, 'bin-' || number, 1, now() + interval '1 day', now() + $3::interval, false, 100
       from generate_series(1, $2) as number`,
      [repository, count, renewedIn],
    );
  }

  async function addEntries(count: number): Promise<void> {
    await database.query(
      `with entry as (
         insert into audit_entry (id, at, repository, principal, action, target)
         select gen_random_uuid(), now(), 'app', 'pipeline', 'add-artifacts', '{}' from generate_series(1, $1)
         returning sequence
       ) insert into audit_unlinked select sequence from entry`,
      [count],
    );
  }

  /** By the one connection of the data source. */
  async function rowsReadOf(table: string): Promise<number> {
    await dataSource.query('select pg_stat_force_next_flush()');
    const [row] = await dataSource.query(
      `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as read from pg_stat_user_tables where relname = $1`,
      [table],
    );
    return row.read;
  }
});

const SUCCEEDED: Outcome = { state: 'succeeded', artifacts: [] };
