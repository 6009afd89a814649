import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { Consumer } from '../support/consumer.js';
import { type ContentServer, startContentServer } from '../support/content-server.js';
import { startForgingProxy } from '../support/forging-proxy.js';
import { History, pruneUntil } from '../support/history.js';
import { rawAnswer } from '../support/raw-answer.js';
import { startService, type TestService } from '../support/service.js';
import { availableClients, type StockClient } from './stock-client.js';

const { clients } = await availableClients(); // clients.spec.ts tells of those that are missing

const HOUR = 3_600;

let service: TestService;
let content: ContentServer;
let folder: string;
let api: Api;

beforeEach(async () => {
  service = await startService();
  content = await startContentServer();
  folder = await mkdtemp(join(tmpdir(), 'trs-retention-'));
  api = new Api(service);
});

afterEach(async () => {
  await service.stop();
  await content.close();
  await rm(folder, { recursive: true, force: true });
});

async function publish(name: string, path: string, text: string): Promise<void> {
  content.put(path, Buffer.from(text));
  const added = await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact(path, text)] });
  expect(added.status).toBe(200);
}

async function repositoryFor(client: StockClient) {
  const kind = client.supportsSuccinctBins ? 'succinct' : 'classic';
  const expiry = { timestamp: { days: 2 }, snapshot: { days: 30 } };
  return readyRepository(api, { bins: { count: 4, kind }, expiry });
}

describe.each(clients)('$name, after old metadata was deleted', (client) => {
  test('follows a timestamp that has not expired, from a cache that still has it, and then what is new', async () => {
    const { name, root } = await repositoryFor(client);
    const metadataUrl = `${service.url}/repositories/${name}/metadata/`;
    const history = new History(service, name);
    await publish(name, 'file', 'the very first');
    service.clock.advance(30 * HOUR);
    await publish(name, 'file', 'when the cache looked');
    const cache = await startForgingProxy(metadataUrl);
    cache.timestamp = (await rawAnswer(`${metadataUrl}timestamp.json`)).body;
    for (let count = 0; count < 4; count += 1) {
      service.clock.advance(11 * HOUR);
      await publish(name, 'file', `later, ${count}`);
    }
    content.put('file', Buffer.from('when the cache looked'));
    await pruneUntil(service, async () => (await history.versions('snapshot'))[0] === 3);

    const options = { folder, metadataUrl: cache.url, targetsUrl: content.url };
    const consumer = await Consumer.of(client, root, options);
    expect(await consumer.download('file')).toBe('when the cache looked');
    cache.timestamp = null;
    content.put('file', Buffer.from('later, 3'));
    expect(await consumer.download('file')).toBe('later, 3');
    await cache.close();
  });

  test('finds its way from the first root and metadata that is long gone', async () => {
    const { name, root } = await repositoryFor(client);
    const metadataUrl = `${service.url}/repositories/${name}/metadata/`;
    const history = new History(service, name);
    const consumer = await Consumer.of(client, root, { folder, metadataUrl, targetsUrl: content.url });
    await publish(name, 'file', 'then');
    expect(await consumer.download('file')).toBe('then');
    service.clock.advance(100 * HOUR);
    await publish(name, 'file', 'now');
    await pruneUntil(service, async () => ((await history.versions('snapshot'))[0] ?? 0) > 2);
    expect(await consumer.download('file')).toBe('now');
  });
});
