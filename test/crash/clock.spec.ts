import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { type ReadyRepository, readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { until } from '../support/until.js';
import { expectContiguousVersions } from './verdict.js';

const DAY = 86_400;

let service: TestService;
let folder: string;
let api: Api;
let repository: ReadyRepository;

beforeEach(async () => {
  service = await startService();
  service.app.useLogger(false);
  folder = await mkdtemp(join(tmpdir(), 'trs-clock-'));
  api = new Api(service);
  repository = await readyRepository(api, { bins: { count: 4 } });
  await writeFile(join(folder, 'root.json'), JSON.stringify(repository.root));
  await refresh();
});

afterEach(async () => {
  await expectContiguousVersions(service.database);
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a clock that', () => {
  test('jumps forward past every expiry but root’s, and back, leaves clients with fresh metadata', async () => {
    service.clock.advance(200 * DAY);
    await until(async () => new Date((await timestamp()).expires) > service.clock.now());
    await publish('ahead');
    service.clock.advance(-200 * DAY);
    await publish('back');
    await refresh();
    await expectFound('ahead', 'back');
  });

  test('jumps forward past the expiry of root has nothing published, and heals when it is right again', async () => {
    const before = await timestamp();
    service.clock.advance(400 * DAY);
    const { body } = await api.post(`/repositories/${repository.name}/artifacts?wait=3`, {
      artifacts: [artifact('a')],
    });
    expect(body.state).toBe('waiting');
    expect((await timestamp()).version).toBe(before.version);
    service.clock.advance(-400 * DAY);
    expect((await api.get(`/repositories/${repository.name}/tasks/${body.id}?wait=30`)).body.state).toBe('succeeded');
    await refresh();
    await expectFound('a');
  });

  test('jumps back signs nothing a second time under one number, and what it signed is renewed when it is right again', async () => {
    service.clock.advance(-30 * DAY);
    await publish('behind');
    const behind = await timestamp();
    expect(new Date(behind.expires).getTime()).toBeLessThan(Date.now());
    service.clock.advance(30 * DAY);
    await until(async () => (await timestamp()).version > behind.version);
    await refresh();
    await publish('right');
    await expectFound('behind', 'right');
  });
});

async function publish(path: string): Promise<void> {
  const change = { artifacts: [artifact(path)] };
  expect((await api.post(`/repositories/${repository.name}/artifacts?wait=30`, change)).status).toBe(200);
}

async function timestamp(): Promise<{ version: number; expires: string }> {
  return (await getJson(`${service.url}/repositories/${repository.name}/metadata/timestamp.json`)).signed;
}

/** A client whose clock is right all the time. */
async function refresh(): Promise<Updater> {
  const metadataBaseUrl = `${service.url}/repositories/${repository.name}/metadata/`;
  const client = new Updater({ metadataDir: folder, metadataBaseUrl });
  await client.refresh();
  return client;
}

async function expectFound(...paths: string[]): Promise<void> {
  const client = await refresh();
  const found = await Promise.all(paths.map((path) => client.getTargetInfo(path)));
  expect(found.map((target) => target?.path)).toEqual(paths);
}
