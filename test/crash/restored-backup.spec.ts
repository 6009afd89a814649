import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { type ReadyRepository, readyRepository } from '../support/ceremony.js';
import { createTestDatabase, onServer, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/service-process.js';
import { until } from '../support/until.js';

const LOST = 6;

let folder: string;
let database: TestDatabase;
let backup: string;
let service: ServiceProcess;
let api: Api;
let repository: ReadyRepository;
let seen: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trs-backup-'));
  database = await createTestDatabase();
  backup = `${new URL(database.url).pathname.slice(1)}_backup`;
});

afterAll(async () => {
  await service?.stop('SIGKILL');
  await onServer(`drop database if exists ${backup}`);
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('an older backup of the database', () => {
  test('once restored, gives clients nothing new, and the service says why', async () => {
    await start();
    repository = await readyRepository(api, { bins: { count: 4 } });
    await publish('before');
    await service.stop();
    await onServer(`create database ${backup} template ${nameOf(database)}`);
    await start();
    for (let count = 0; count < LOST; count += 1) await publish(`lost/${count}`);
    seen = (await refreshed()).timestamp;
    await service.stop();
    await onServer(`drop database ${nameOf(database)}`);
    await onServer(`create database ${nameOf(database)} template ${backup}`);
    const restored = await timestampInDatabase();
    expect(restored).toBe(seen - LOST);

    await start();
    const { status, body } = await ask('after', 0);
    expect([status, body.state]).toEqual([202, 'waiting']);
    await until(async () => (await publishing()).status === 'down');
    expect((await publishing()).detail).toContain('went back');
    expect(service.output).toContain(`${seen} was published: an older backup was restored`);
    expect(await timestampInDatabase()).toBe(restored);
    await expect(refreshed()).rejects.toThrow(`New timestamp version ${restored} is less than current version ${seen}`);
    expect((await api.get(`/repositories/${repository.name}/tasks/${body.id}`)).body.state).toBe('waiting');
  }, 90_000);

  test('is refused after the next start, too, and a renewal that does not go far enough changes nothing', async () => {
    await service.stop();
    await start();
    const { status } = await renewBeyond(seen - 1, 2);
    expect(status).toBe(202);
    await until(async () => (await publishing()).status === 'down');
    expect(await timestampInDatabase()).toBe(seen - LOST);
  });

  test('is gone beyond by a renewal that says what was published: clients go on, from before and anew', async () => {
    const { status, body } = await renewBeyond(seen, 30);
    expect([status, body.state]).toEqual([200, 'succeeded']);
    expect((await publishing()).status).toBe('up');
    expect((await refreshed()).timestamp).toBeGreaterThan(seen);
    await publish('again');
    for (const path of ['before', 'after', 'again']) expect(await found(path)).toBe(true);
    expect(await found('lost/0')).toBe(false); // nobody has sent it again
    const fresh = await mkdtemp(join(folder, 'new-'));
    await writeFile(join(fresh, 'root.json'), JSON.stringify(repository.root));
    await updater(fresh).refresh();
  });
});

async function start(): Promise<void> {
  service = new ServiceProcess({ TRS_DATA_DIR: folder, DATABASE_URL: database.url, TRS_LOG_LEVEL: 'error' });
  const url = await service.listening();
  api = new Api({ url, token: (await readFile(join(folder, 'admin-token'), 'utf8')).trim() });
}

function ask(path: string, wait: number) {
  return api.post(`/repositories/${repository.name}/artifacts?wait=${wait}`, { artifacts: [artifact(path)] });
}

async function publish(path: string): Promise<void> {
  expect((await ask(path, 30)).status).toBe(200);
}

function renewBeyond(beyond: number, wait: number) {
  return api.post(`/repositories/${repository.name}/roles/renewals?wait=${wait}`, { beyond });
}

async function publishing(): Promise<{ status: string; detail: string }> {
  const answer = await fetch(`${await service.listening()}/health/ready`);
  return ((await answer.json()) as { publishing: { status: string; detail: string } }).publishing;
}

/** What the client that was there all the time trusts after a refresh. */
async function refreshed(): Promise<{ timestamp: number }> {
  const trusted = join(folder, 'trusted');
  await writeFile(join(folder, 'root.json'), JSON.stringify(repository.root));
  await mkdir(trusted, { recursive: true });
  await cp(join(folder, 'root.json'), join(trusted, 'root.json'), { force: false });
  await updater(trusted).refresh();
  const timestamp = JSON.parse(await readFile(join(trusted, 'timestamp.json'), 'utf8'));
  return { timestamp: timestamp.signed.version };
}

async function found(path: string): Promise<boolean> {
  const client = updater(join(folder, 'trusted'));
  await client.refresh();
  return (await client.getTargetInfo(path)) !== undefined;
}

function updater(metadataDir: string): Updater {
  const url = /listens at (\S+);/.exec(service.output)?.[1];
  return new Updater({ metadataDir, metadataBaseUrl: `${url}/repositories/${repository.name}/metadata/` });
}

async function timestampInDatabase(): Promise<unknown> {
  const [row] = await database.query(`select version from role where name = 'timestamp'`);
  return row?.version;
}

function nameOf({ url }: TestDatabase): string {
  return new URL(url).pathname.slice(1);
}
