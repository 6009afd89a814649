import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/service-process.js';
import { ndjson, StreamedImport } from '../support/streamed-import.js';

let database: TestDatabase;
let folder: string;
let process: ServiceProcess;
let service: { url: string; token: string };
let api: Api;
let name: string;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'trs-kill-'));
  await start();
  ({ name } = await readyRepository(api, { bins: { count: 64 } }));
});

afterEach(async () => {
  await process.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  process = new ServiceProcess({ TRS_DATA_DIR: folder, DATABASE_URL: database.url });
  const url = await process.listening();
  service = { url, token: (await readFile(join(folder, 'admin-token'), 'utf8')).trim() };
  api = new Api(service);
}

const lines = (from: number, to: number) =>
  ndjson(Array.from({ length: to - from }, (_, index) => artifact(`a/${from + index}`)));

const task = async (id: string, wait = 0) => (await api.get(`/repositories/${name}/tasks/${id}?wait=${wait}`)).body;

async function openTask() {
  for (;;) {
    const { body } = await api.get(`/repositories/${name}/tasks?state=waiting`);
    if (body.items[0]) return body.items[0];
  }
}

async function expectWhole(count: number): Promise<void> {
  expect((await api.get(`/repositories/${name}`)).body.artifactCount).toBe(count);
  const paths = await database.query('select count(distinct path)::integer as count from artifact');
  expect(paths).toEqual([{ count }]);
  const gaps = await database.query(
    'select role from metadata_version group by role having count(*) <> max(version) or min(version) <> 1',
  );
  expect(gaps).toEqual([]);
  expect(await database.query('select 1 from import_entry')).toEqual([]);
}

describe('kill -9 of the service', () => {
  test('while it receives an import keeps what was accepted, publishes it, and says where the import broke off', async () => {
    const stream = new StreamedImport(service, name);
    await stream.send(lines(0, 12_000));
    const { id } = await openTask();
    let accepted = 0;
    while (accepted < 10_000) accepted = (await task(id)).progress.accepted;
    await process.stop('SIGKILL');
    await start();
    const { state, progress, outcome } = await task(id, 60);
    expect([state, outcome.refusal.code]).toEqual(['partly-refused', 'import-interrupted']);
    expect(outcome.refusal.detail).toContain(`after line ${progress.linesRead}: the process that received it is gone`);
    expect(progress.accepted).toBeGreaterThanOrEqual(accepted);
    expect(progress).toMatchObject({ linesRead: progress.accepted, published: progress.accepted, refused: 0 });
    await expectWhole(progress.accepted);
    const again = await new StreamedImport(service, name, { query: '?wait=60' }).end(lines(0, 12_000));
    expect(again.body.outcome.lines).toMatchObject({
      added: 12_000 - progress.accepted,
      unchanged: progress.accepted,
    });
    await expectWhole(12_000);
  });

  test('while it publishes an import loses nothing and publishes nothing twice', async () => {
    const { body } = await new StreamedImport(service, name).end(lines(0, 40_000));
    for (let kills = 0; kills < 3; kills += 1) {
      const before = (await task(body.id)).progress.published;
      while ((await task(body.id)).progress.published === before) if ((await task(body.id)).state !== 'waiting') break;
      await process.stop('SIGKILL');
      await start();
    }
    const { state, progress, outcome } = await task(body.id, 120);
    expect([state, progress]).toEqual([
      'succeeded',
      { linesRead: 40_000, accepted: 40_000, refused: 0, published: 40_000 },
    ]);
    expect(outcome.lines).toMatchObject({ added: 40_000, replaced: 0, unchanged: 0 });
    await expectWhole(40_000);
  });

  test('while it is told to stop answers whoever imports, and the next start publishes what came', async () => {
    const stream = new StreamedImport(service, name);
    await stream.send(lines(0, 3_000));
    const { id } = await openTask();
    const stopped = process.stop();
    const { status, body } = await stream.answer;
    expect([status, body.code, body.task.progress.accepted]).toEqual([503, 'import-interrupted', 3_000]);
    expect(await stopped).toBe(0);
    await start();
    expect(await task(id, 60)).toMatchObject({ state: 'partly-refused', progress: { published: 3_000 } });
    await expectWhole(3_000);
  });
});
