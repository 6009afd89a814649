import { DataSource } from 'typeorm';
import { dataSourceOptions, openDataSource } from '../../src/database/data-source.js';
import { createTestDatabase } from '../support/database.js';
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
    test('can be taken back', async () => {
        const database = await createTestDatabase();
        const dataSource = await new DataSource(dataSourceOptions(database.url, 3)).initialize();
        await dataSource.runMigrations();
        for (const _ of dataSource.migrations)
            await dataSource.undoLastMigration();
        await dataSource.destroy();
        const tables = await database.query(`select tablename from pg_tables where schemaname = 'public'`);
        await database.drop();
        expect(tables).toEqual([{ tablename: 'migration' }]);
    });
});
