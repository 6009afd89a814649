import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyScheme } from '../../src/tuf/key.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { Consumer } from '../support/consumer.js';
import { type ContentServer, startContentServer } from '../support/content-server.js';
import { startService, type TestService } from '../support/service.js';
import { ndjson, StreamedImport } from '../support/streamed-import.js';
import { availableClients, type StockClient } from './stock-client.js';

const { clients, missing } = await availableClients();

const SCHEMES: KeyScheme[] = ['ed25519', 'ecdsa-sha2-nistp256', 'rsassa-pss-sha256'];
const PATH = 'team/app/app 1.0.txt';

let service: TestService;
let content: ContentServer;
let folder: string;

beforeAll(async () => {
  service = await startService();
  content = await startContentServer();
  folder = await mkdtemp(join(tmpdir(), 'trs-clients-'));
});

afterAll(async () => {
  await service.stop();
  await content.close();
  await rm(folder, { recursive: true, force: true });
});

async function scene(client: StockClient, scheme: KeyScheme) {
  const api = new Api(service);
  const kind = client.supportsSuccinctBins ? 'succinct' : 'classic';
  const { name, root } = await readyRepository(api, { bins: { count: 16, kind } }, scheme);
  const publish = async (path: string, text: string) => {
    content.put(path, Buffer.from(text));
    const added = await api.post(`/repositories/${name}/artifacts?wait=30`, {
      artifacts: [artifact(path, text, { by: 'test' })],
    });
    expect(added.status).toBe(200);
  };
  const importAll = async (count: number) => {
    const lines = Array.from({ length: count }, (_, index) => {
      const described = artifact(`imported/${index}`);
      content.put(described.path, Buffer.from(described.path));
      return described;
    });
    const { status, body } = await new StreamedImport(service, name, { query: '?wait=60' }).end(ndjson(lines));
    expect([status, body.outcome.lines.added]).toEqual([200, count]);
  };
  const remove = (path: string) => api.post(`/repositories/${name}/artifacts/removals?wait=30`, { paths: [path] });
  const renew = (roles: string[]) => api.post(`/repositories/${name}/roles/renewals?wait=30`, { roles });
  const metadataUrl = `${service.url}/repositories/${name}/metadata/`;
  const consumer = await Consumer.of(client, root, { folder, metadataUrl, targetsUrl: content.url });
  return { publish, importAll, remove, renew, consumer };
}

describe.each(clients.map((client) => [client.name, client] as const))('%s', (_, client) => {
  describe.each(SCHEMES)('with %s keys', (scheme) => {
    test('refreshes from the initial root, and downloads an artifact in a sub-folder', async () => {
      const { publish, consumer } = await scene(client, scheme);
      expect(await consumer.refresh()).toEqual({ root: 1, timestamp: 1, snapshot: 1, targets: 1 });
      await publish(PATH, 'the real thing');
      expect(await consumer.download(PATH)).toBe('the real thing');
    });

    test('refuses a tampered file', async () => {
      const { publish, consumer } = await scene(client, scheme);
      await publish('team/tool', 'genuine');
      content.tamper('team/tool', Buffer.from('hostile'));
      expect(await consumer.refusal('team/tool')).toBe('refused');
    });

    test('follows what is added, replaced and removed', async () => {
      const { publish, remove, consumer } = await scene(client, scheme);
      await publish('lib/a', 'first');
      expect(await consumer.download('lib/a')).toBe('first');
      expect(await consumer.refusal('lib/b')).toBe('not-found');
      await publish('lib/b', 'added');
      expect(await consumer.download('lib/b')).toBe('added');
      await publish('lib/a', 'second');
      expect(await consumer.download('lib/a')).toBe('second');
      await remove('lib/a');
      expect(await consumer.refusal('lib/a')).toBe('not-found');
      expect(await consumer.download('lib/b')).toBe('added');
    });

    test('refreshes after every role was signed again, and after timestamp alone was', async () => {
      const { publish, renew, consumer } = await scene(client, scheme);
      await publish('x/y', 'z');
      expect(await consumer.refresh()).toEqual({ root: 1, timestamp: 2, snapshot: 2, targets: 1 });
      await renew([]);
      expect(await consumer.refresh()).toEqual({ root: 1, timestamp: 3, snapshot: 3, targets: 2 });
      await renew(['timestamp']);
      expect(await consumer.refresh()).toEqual({ root: 1, timestamp: 4, snapshot: 3, targets: 2 });
      expect(await consumer.download('x/y')).toBe('z');
    });
  });

  test('follows an import that takes several revisions', async () => {
    const { importAll, consumer } = await scene(client, 'ed25519');
    await importAll(9_000);
    expect((await consumer.refresh()).timestamp).toBeGreaterThan(2);
    for (const path of ['imported/0', 'imported/4444', 'imported/8999']) {
      expect(await consumer.download(path)).toBe(path);
    }
    expect(await consumer.refusal('imported/9000')).toBe('not-found');
  });

  test('downloads every path that the service takes', async () => {
    const { publish, consumer } = await scene(client, 'ed25519');
    for (const path of [
      'ünïcödé/größe.txt',
      "it's (1) [2] {3} a+b&c=d;e@f,g~h^i|j<k>.txt",
      'with  two spaces/a b',
      '.hidden/..two',
      '123',
    ]) {
      await publish(path, `content of ${path}`);
      expect([path, await consumer.download(path)]).toEqual([path, `content of ${path}`]);
    }
  });
});

for (const { name, reason } of missing) {
  describe(name, () => {
    if (process.env.CI) {
      test('has its toolchain, in CI', () => {
        throw new Error(reason);
      });
    } else {
      test.skip(`is not tried: ${reason}`, () => undefined);
    }
  });
}
