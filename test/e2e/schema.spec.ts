import { gzipSync } from 'node:zlib';
import { DataSource } from 'typeorm';
import { dataSourceOptions, openDataSource } from '../../src/database/data-source.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('the schema', () => {
  test('that the migrations make is the one that the entities describe', async () => {
    const database = await createTestDatabase();
    const dataSource = await openDataSource(database.url, 3);
    const drift = await dataSource.driver.createSchemaBuilder().log();
    await dataSource.destroy();
    await database.drop();
    expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('is migrated once when several processes start at once', async () => {
    const database = await createTestDatabase();
    const opened = await Promise.all([1, 2, 3].map(() => openDataSource(database.url, 3)));
    const known = opened[0]?.migrations.map((migration) => migration.constructor.name);
    await Promise.all(opened.map((dataSource) => dataSource.destroy()));
    const migrations = await database.query('select name from migration order by timestamp');
    await database.drop();
    expect(migrations.map(({ name }) => name)).toEqual(known);
  });

  test('counts what was there before it did', async () => {
    const database = await createTestDatabase();
    const dataSource = await new DataSource(dataSourceOptions(database.url, 3)).initialize();
    await dataSource.runMigrations();
    while (await hasTable(database, 'artifact_count')) await dataSource.undoLastMigration();
    await database.query(`insert into repository (name, state, settings, created_at)
      select name, 'ready', '{}', now() from unnest(array['none', 'two']) name`);
    await database.query(`insert into artifact (repository_id, path, role, length, hashes, revision)
      select id, path, 'bins-0', 1, '{}', 1 from repository, unnest(array['a', 'b']) path where name = 'two'`);
    for (const [role, encoding, bytes] of [
      ['bins-0', 'identity', Buffer.alloc(2_000)],
      ['bins-1', 'gzip', gzipSync(Buffer.alloc(70_000))],
    ]) {
      await database.query(
        `insert into metadata_version (repository_id, role, version, revision, encoding, bytes, sha256, expires_at, created_at)
         select id, $1, version, 1, $2, case version when 2 then $3::bytea else '' end, '', now(), now()
         from repository, unnest(array[1, 2]) version where name = 'two'`,
        [role, encoding, bytes],
      );
    }
    await database.query(`insert into role (repository_id, name, version, expires_at, renew_at, delegates)
      select id, role, 2, now(), now(), false from repository, unnest(array['bins-0', 'bins-1']) role where name = 'two'`);
    await dataSource.runMigrations();
    await dataSource.destroy();
    const counts = await database.query(
      'select name, artifacts from artifact_count join repository on id = repository_id order by name',
    );
    const roles = await database.query('select name, bytes from role order by name');
    await database.drop();
    expect(counts).toEqual([{ name: 'two', artifacts: '2' }]);
    expect(roles).toEqual([
      { name: 'bins-0', bytes: 2_000 },
      { name: 'bins-1', bytes: 70_000 },
    ]);
  });

  test('can be taken back', async () => {
    const database = await createTestDatabase();
    const dataSource = await new DataSource(dataSourceOptions(database.url, 3)).initialize();
    await dataSource.runMigrations();
    for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
    await dataSource.destroy();
    const tables = await database.query(`select tablename from pg_tables where schemaname = 'public'`);
    await database.drop();
    expect(tables).toEqual([{ tablename: 'migration' }]);
  });
});

async function hasTable(database: TestDatabase, name: string): Promise<boolean> {
  const tables = await database.query('select from pg_tables where tablename = $1', [name]);
  return tables.length > 0;
}
