import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { keyFromPublicKey, keyIdOf } from '../../src/tuf/key.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { signEvent } from '../support/ceremony.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/service-process.js';
import { expectContiguousVersions } from './verdict.js';

/** Written by the code of that schema: see fixtures/README.md. */
interface Fixture {
  readonly repository: string;
  readonly rootKey: string;
  readonly keyFiles: Readonly<Record<string, string>>;
  /** What a stock client trusted. */
  readonly client: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, readonly object[] | null>>;
}

/** The last migration of the schema that the fixture was written with. */
const PREVIOUS = 'Consequences1795500000000';
const REPLICAS = 2;
/** The columns that PostgreSQL counts up. */
const COUNTED: Readonly<Record<string, string>> = { repository: 'id', task: 'sequence' };

let fixture: Fixture;
let folder: string;
let database: TestDatabase;
let services: ServiceProcess[] = [];

beforeAll(async () => {
  fixture = JSON.parse(await readFile(new URL('fixtures/previous-schema.json', import.meta.url), 'utf8'));
  folder = await mkdtemp(join(tmpdir(), 'trs-migration-'));
  database = await createTestDatabase();
  await write('keys', fixture.keyFiles);
  await write('client', fixture.client);
  await migrateToPrevious();
  for (const [table, rows] of Object.entries(fixture.tables)) if (rows) await insert(table, rows);
});

afterAll(async () => {
  await Promise.all(services.map((service) => service.stop('SIGKILL')));
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

describe(`a database with the schema of ${PREVIOUS} and data in it`, () => {
  test('is migrated once by two replicas that start at once', async () => {
    services = Array.from(
      { length: REPLICAS },
      () => new ServiceProcess({ TRS_DATA_DIR: folder, DATABASE_URL: database.url, TRS_LOG_LEVEL: 'warn' }),
    );
    await Promise.all(services.map((service) => service.listening()));
    const known = new DataSource(dataSourceOptions(database.url, 3)).options.migrations as { name: string }[];
    const done = await database.query('select name from migration order by timestamp');
    expect(done.map(({ name }) => name)).toEqual(known.map(({ name }) => name));
  });

  test('publishes what waited in it, and what is asked of each replica', async () => {
    const [first, second] = await apis();
    const { repository } = fixture;
    const waited = fixture.tables.task?.find((task) => 'state' in task && task.state === 'waiting') as { id: string };
    const task = await first.get(`/repositories/${repository}/tasks/${waited.id}?wait=30`);
    expect(task.body).toMatchObject({ state: 'succeeded', outcome: { artifacts: [{ path: 'waiting/1' }] } });
    for (const [api, path] of [
      [first, 'new/1'],
      [second, 'new/2'],
    ] as const) {
      const added = await api.post(`/repositories/${repository}/artifacts?wait=30`, { artifacts: [artifact(path)] });
      expect(added.status).toBe(200);
    }
    expect((await first.get(`/repositories/${repository}`)).body).toMatchObject({ state: 'ready', artifactCount: 5 });
  });

  test('goes on with what waited there for signatures', async () => {
    const [api] = await apis();
    const { repository } = fixture;
    const privateKey = createPrivateKey(fixture.rootKey);
    const key = keyFromPublicKey(createPublicKey(privateKey), 'ed25519');
    const { body } = await api.get(`/repositories/${repository}/signing-events?state=open`);
    await signEvent(api, repository, body.items[0].id, { keyId: keyIdOf(key), key, privateKey });
    const root = await api.get(`/repositories/${repository}`);
    expect(root.body.roles[0]).toMatchObject({ name: 'root', version: 2 });
  });

  test('lets a client go on from what it trusted before', async () => {
    const [url] = await Promise.all(services.map((service) => service.listening()));
    const metadataBaseUrl = `${url}/repositories/${fixture.repository}/metadata/`;
    const client = new Updater({ metadataDir: join(folder, 'client'), metadataBaseUrl });
    await client.refresh();
    for (const path of ['kept/1', 'kept/2', 'waiting/1', 'new/1', 'new/2']) {
      const { hashes } = artifact(path);
      expect((await client.getTargetInfo(path))?.hashes).toEqual(hashes);
    }
    expect(await client.getTargetInfo('removed')).toBeUndefined();
    await expectContiguousVersions(database);
  });
});

async function apis(): Promise<[Api, Api]> {
  const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  const all = await Promise.all(services.map(async (service) => new Api({ url: await service.listening(), token })));
  return all as [Api, Api];
}

async function migrateToPrevious(): Promise<void> {
  const options = dataSourceOptions(database.url, 3);
  const all = options.migrations as { name: string }[];
  const until = all.findIndex(({ name }) => name === PREVIOUS) + 1;
  expect(until).toBeGreaterThan(0);
  const migrations = all.slice(0, until) as never[];
  const dataSource = await new DataSource({ ...options, migrations }).initialize();
  await dataSource.runMigrations({ transaction: 'each' });
  await dataSource.destroy();
}

/** As they were, their numbers too; what comes after goes on counting. */
async function insert(table: string, rows: readonly object[]): Promise<void> {
  await database.query(
    `insert into ${table} overriding system value select * from json_populate_recordset(null::${table}, $1)`,
    [JSON.stringify(rows)],
  );
  const counted = COUNTED[table];
  if (!counted) return;
  await database.query(
    `select setval(pg_get_serial_sequence('${table}', '${counted}'), max(${counted})) from ${table}`,
  );
}

async function write(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(folder, name), { mode: 0o700 });
  for (const [file, content] of Object.entries(files))
    await writeFile(join(folder, name, file), content, { mode: 0o600 });
}
