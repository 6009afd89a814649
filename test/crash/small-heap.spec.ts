import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/service-process.js';
import { nothingWaits } from '../support/waiting-tasks.js';

const HEAP_MIB = 144;
/** Together they take some twice the heap, if one revision takes them all. */
const REQUESTS = 100;
const ARTIFACTS = 1_000;
const TAGS = Array.from({ length: 20 }, (_, number) => ({ [`tag-${number}`]: number }));

let database: TestDatabase;
let folder: string;
let service: ServiceProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'trs-heap-'));
  service = new ServiceProcess({
    TRS_DATA_DIR: folder,
    DATABASE_URL: database.url,
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}`,
  });
});

afterEach(async () => {
  await service.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('A service whose heap is small', () => {
  test('goes on, and publishes all that waits, where that is more than fits into it', async () => {
    const url = await service.listening();
    const api = new Api({ url, token: (await readFile(join(folder, 'admin-token'), 'utf8')).trim() });
    const { name } = await readyRepository(api, { bins: { count: 256 } });
    const release = await database.holdWriting('metadata_version');
    for (let request = 0; request < REQUESTS; request += 1) {
      const artifacts = Array.from({ length: ARTIFACTS }, (_, file) =>
        artifact(`file/${file}`, `${request}`, { TAGS }),
      );
      expect((await api.post(`/repositories/${name}/artifacts`, { artifacts })).status).toBe(202);
    }
    await release();
    await nothingWaits(api, name);
    expect((await api.get(`/repositories/${name}`)).body.artifactCount).toBe(ARTIFACTS);
    expect(service.isRunning).toBe(true);
  });
});
