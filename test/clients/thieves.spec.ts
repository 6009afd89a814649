import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { signedBy } from '../../src/tuf/testing/key-ring.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, offlineKey, readyRepository } from '../support/ceremony.js';
import { Consumer } from '../support/consumer.js';
import { type ContentServer, startContentServer } from '../support/content-server.js';
import { startForgingProxy } from '../support/forging-proxy.js';
import { startService, type TestService } from '../support/service.js';
import { stolenKey } from '../support/stolen-key.js';
import { availableClients } from './stock-client.js';

const { clients, missing } = await availableClients();

let service: TestService;
let api: Api;
let content: ContentServer;
let folder: string;

beforeAll(async () => {
  service = await startService();
  api = new Api(service);
  content = await startContentServer();
  folder = await mkdtemp(join(tmpdir(), 'trs-thieves-'));
});

afterAll(async () => {
  await service.stop();
  await content.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(clients.map((client) => [client.name, client] as const))('%s', (_, client) => {
  const kind = client.supportsSuccinctBins ? 'succinct' : 'classic';

  test('follows no root that a thief signed with the online key', async () => {
    const { name, root } = await readyRepository(api, { bins: { count: 4, kind } });
    const proxy = await startForgingProxy(`${service.url}/repositories/${name}/metadata/`);
    const consumer = await Consumer.of(client, root, { folder, metadataUrl: proxy.url, targetsUrl: content.url });
    const thief = await stolenKey(service, root.signed.roles.timestamp.keyids[0] ?? '');
    const forged = signedBy(nextRoot(root.signed, [offlineKey()], 1), thief);
    proxy.files.set('2.root.json', Buffer.from(JSON.stringify(forged)));
    await expect(consumer.refresh()).rejects.toMatchObject({ kind: 'refused' });
    proxy.files.clear();
    expect((await consumer.refresh()).root).toBe(1);
    await proxy.close();
  });

  test('takes nothing that somebody wrote into signed metadata in the database', async () => {
    const { name, root } = await readyRepository(api, { bins: { count: 4, kind } });
    content.put('app', Buffer.from('good'));
    await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('app', 'good')] });
    const metadataUrl = `${service.url}/repositories/${name}/metadata/`;
    const consumer = await Consumer.of(client, root, { folder, metadataUrl, targetsUrl: content.url });
    content.put('app', Buffer.from('evil'));
    await replaceInDatabase(name, artifact('app', 'good').hashes.sha256, artifact('app', 'evil').hashes.sha256);
    expect(await consumer.refusal('app')).toBe('refused');
  });
});

/** Writes one text in the place of another into all metadata, signatures left as they are. */
async function replaceInDatabase(name: string, found: string, written: string): Promise<void> {
  const rows = await service.database.query(
    `select v.role, v.version, v.bytes from metadata_version v join repository r on r.id = v.repository_id
     where r.name = $1`,
    [name],
  );
  let replaced = 0;
  for (const { role, version, bytes } of rows) {
    const stored = bytes as Buffer;
    const isCompressed = stored[0] === 0x1f && stored[1] === 0x8b;
    const text = (isCompressed ? await promisify(gunzip)(stored) : stored).toString();
    if (!text.includes(found)) continue;
    const forged = Buffer.from(text.replaceAll(found, written));
    await service.database.query(
      `update metadata_version set bytes = $1 where role = $2 and version = $3
       and repository_id = (select id from repository where name = $4)`,
      [isCompressed ? await promisify(gzip)(forged) : forged, role, version, name],
    );
    replaced += 1;
  }
  if (replaced === 0) throw new Error('nothing in the database has the text');
}

for (const { name, reason } of missing) {
  if (process.env.CI) {
    test(`${name} has its toolchain, in CI`, () => {
      throw new Error(reason);
    });
  } else test.skip(`${name} is not asked: ${reason}`, () => undefined);
}
