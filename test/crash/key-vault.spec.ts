import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { offlineKey, signedRoot } from '../support/ceremony.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startFakeTransit, TRANSIT_TOKEN } from '../support/fake-transit.js';
import type { Fault, FaultyServer } from '../support/faulty-server.js';
import { ServiceProcess } from '../support/service-process.js';
import { until } from '../support/until.js';
import type { VaultKeys } from '../support/vault-keys.js';
import { Poller } from './poller.js';
import { expectContiguousVersions } from './verdict.js';

const NAME = 'in-a-vault';
/** A probe that proved the key counts for ten seconds; then readiness has to tell. */
const NOTICED_MS = 20_000;
const HEALED_MS = 30_000;

let folder: string;
let database: TestDatabase;
let vault: FaultyServer;
let keys: VaultKeys;
let service: ServiceProcess;
let api: Api;
let url: string;
let poller: Poller;
let added = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trs-vault-'));
  database = await createTestDatabase();
  ({ server: vault, keys } = await startFakeTransit());
  service = new ServiceProcess({
    TRS_DATA_DIR: folder,
    DATABASE_URL: database.url,
    TRS_KEY_VAULTS: 'file,vault',
    TRS_VAULT_ADDR: vault.url,
    TRS_VAULT_TOKEN: TRANSIT_TOKEN,
    TRS_KEY_VAULT_TIMEOUT: '1',
    TRS_LOG_LEVEL: 'error',
  });
  url = await service.listening();
  api = new Api({ url, token: (await readFile(join(folder, 'admin-token'), 'utf8')).trim() });
  const { body: online } = await api.post('/keys', { name: 'online', uri: 'vault:transit/keys/ed25519/1' });
  const root = await signedRoot({ rootKeys: [offlineKey()], online });
  const settings = { bins: { count: 4 } };
  expect((await api.post('/repositories?wait=60', { name: NAME, settings, root })).status).toBe(200);
  poller = await Poller.of(`${url}/repositories/${NAME}/metadata/`, root, folder);
});

afterAll(async () => {
  await poller?.abandon();
  await service?.stop('SIGKILL');
  await vault?.close();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const answers = (status: number, body: object | string): Fault => ({
  kind: 'answers',
  times: Number.POSITIVE_INFINITY,
  answer: { status, body },
});
const signature = (bytes: Buffer) => answers(200, { data: { signature: `vault:v1:${bytes.toString('base64')}` } });

const FAULTS: Readonly<Record<string, { readonly fault?: Fault; readonly wrongKey?: boolean }>> = {
  'is down': { fault: { kind: 'down' } },
  'does not answer in time': { fault: { kind: 'hangs' } },
  'is sealed': { fault: answers(503, { errors: ['Vault is sealed'] }) },
  'answers with something that is no JSON': { fault: answers(200, '<html>a proxy says hello</html>') },
  'answers with a signature that is none': { fault: signature(Buffer.alloc(64, 7)) },
  'signs with another key': { wrongKey: true },
};

describe('a key vault that', () => {
  test.each(Object.entries(FAULTS))(
    '%s has nothing committed that clients would refuse, shows in readiness, and heals',
    async (_, { fault, wrongKey }) => {
      await expectAdded();
      const before = await publishedVersion();
      vault.fault = fault ?? null;
      const putBack = wrongKey ? keys.replace('ed25519') : () => undefined;
      const waiting = await ask(0);
      await until(async () => !(await keysSign()), NOTICED_MS);
      expect((await api.get(`/repositories/${NAME}/tasks/${waiting}`)).body.state).toBe('waiting');
      expect(await publishedVersion()).toBe(before);
      expect(poller.found).toEqual([]);
      vault.fault = null;
      putBack();
      await until(keysSign, HEALED_MS);
      const { body } = await api.get(`/repositories/${NAME}/tasks/${waiting}?wait=30`);
      expect(body).toMatchObject({ state: 'succeeded', outcome: { artifacts: [{ result: 'added' }] } });
      expect(service.isRunning).toBe(true);
    },
    90_000,
  );

  test('is slow only makes publishing slower', async () => {
    vault.delay = 300;
    await expectAdded();
    vault.delay = 0;
  });

  test('did all of that left whole metadata behind, which a client could read at every moment', async () => {
    await expectContiguousVersions(database);
    const { violations, polls } = await poller.end();
    expect([violations, polls > Object.keys(FAULTS).length]).toEqual([[], true]);
  });
});

async function expectAdded(): Promise<void> {
  const { path, hashes } = artifact(`n/${added}`);
  const task = await ask(30);
  expect((await api.get(`/repositories/${NAME}/tasks/${task}`)).body.state).toBe('succeeded');
  poller.expect({ path, sha256: hashes.sha256 });
}

async function ask(wait: number): Promise<string> {
  const { status, body } = await api.post(`/repositories/${NAME}/artifacts?wait=${wait}`, {
    artifacts: [artifact(`n/${added}`)],
  });
  expect(status).toBe(wait > 0 ? 200 : 202);
  added += 1;
  return body.id;
}

async function publishedVersion(): Promise<unknown> {
  const [row] = await database.query(`select version from role where name = 'timestamp'`);
  return row?.version;
}

async function keysSign(): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`);
  return ((await answer.json()) as { keyVault: { status: string } }).keyVault.status === 'up';
}
