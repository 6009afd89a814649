import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signWith } from '../../src/key-vaults/private-key.js';
import { canonicalBytes } from '../../src/tuf/canonical-json.js';
import type { Root } from '../../src/tuf/metadata.js';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, type OfflineKey, offlineKey, onlineKey, propose, readyRepository } from '../support/ceremony.js';
import { Consumer } from '../support/consumer.js';
import { type ContentServer, startContentServer } from '../support/content-server.js';
import { startForgingProxy } from '../support/forging-proxy.js';
import { startService, type TestService } from '../support/service.js';
import { availableClients, type StockClient } from './stock-client.js';

const { clients } = await availableClients(); // clients.spec.ts tells of those that are missing

let service: TestService;
let content: ContentServer;
let folder: string;
let api: Api;

beforeAll(async () => {
  service = await startService();
  content = await startContentServer();
  folder = await mkdtemp(join(tmpdir(), 'trs-rotation-'));
  api = new Api(service);
});

afterAll(async () => {
  await service.stop();
  await content.close();
  await rm(folder, { recursive: true, force: true });
});

/** A repository with an artifact, and a client that trusts its first root and has refreshed. */
class Scene {
  private constructor(
    readonly name: string,
    readonly consumer: Consumer,
    private root: Root,
    private keys: readonly OfflineKey[],
    private threshold: number,
  ) {}

  static async of(client: StockClient): Promise<Scene> {
    const kind = client.supportsSuccinctBins ? 'succinct' : 'classic';
    const { name, root, rootKey } = await readyRepository(api, { bins: { count: 4, kind } });
    const metadataUrl = `${service.url}/repositories/${name}/metadata/`;
    const consumer = await Consumer.of(client, root, { folder, metadataUrl, targetsUrl: content.url });
    const scene = new Scene(name, consumer, root.signed, [rootKey], 1);
    await scene.publish('kept', 'from the first day');
    await consumer.refresh();
    return scene;
  }

  async publish(path: string, text: string): Promise<void> {
    content.put(path, Buffer.from(text));
    const added = await api.post(`/repositories/${this.name}/artifacts?wait=30`, { artifacts: [artifact(path, text)] });
    expect(added.status).toBe(200);
  }

  /** The next root, signed by every old and every new root key. */
  async rotate(keys: readonly OfflineKey[], threshold: number, withNewOnlineKey = false): Promise<void> {
    const online = withNewOnlineKey ? await onlineKey(api) : undefined;
    const next = nextRoot(this.root, keys, threshold, online);
    const signers = [...new Map([...this.keys, ...keys].map((key) => [key.keyId, key])).values()];
    expect((await propose(api, this.name, next, signers)).status).toBe(200);
    [this.root, this.keys, this.threshold] = [next, keys, threshold];
  }

  extend(): Promise<void> {
    return this.rotate(this.keys, this.threshold);
  }

  get rootKeys(): readonly OfflineKey[] {
    return this.keys;
  }
}

type Rotation = (scene: Scene) => Promise<void>;

const ROTATIONS: [name: string, rotate: Rotation][] = [
  ['a root key more', (scene) => scene.rotate([...scene.rootKeys, offlineKey()], 1)],
  ['a higher threshold', (scene) => scene.rotate([...scene.rootKeys, offlineKey()], 2)],
  [
    'a lower threshold, and a root key less',
    async (scene) => {
      const extra = offlineKey('ecdsa-sha2-nistp256');
      const [first] = scene.rootKeys;
      await scene.rotate([...scene.rootKeys, extra], 2);
      await scene.rotate(first ? [first] : [], 1);
    },
  ],
  ['all root keys changed', (scene) => scene.rotate([offlineKey(), offlineKey('rsassa-pss-sha256')], 2)],
  ['the online key changed', (scene) => scene.rotate(scene.rootKeys, 1, true)],
  ['all root keys and the online key changed', (scene) => scene.rotate([offlineKey()], 1, true)],
];

describe.each(clients.map((client) => [client.name, client] as const))('%s', (_, client) => {
  test.each(ROTATIONS)('follows %s from the root it trusted (obligation 12)', async (_name, rotate) => {
    const scene = await Scene.of(client);
    await rotate(scene);
    expect(await scene.consumer.download('kept')).toBe('from the first day');
    await scene.publish('new', 'after the rotation');
    expect(await scene.consumer.download('new')).toBe('after the rotation');
    expect((await scene.consumer.refresh()).root).toBeGreaterThan(1);
  });

  test('recovers from a timestamp that a thief made run ahead, once the online key is changed (obligation 16)', async () => {
    const kind = client.supportsSuccinctBins ? 'succinct' : 'classic';
    const { name, root, rootKey } = await readyRepository(api, { bins: { count: 4, kind } });
    const proxy = await startForgingProxy(`${service.url}/repositories/${name}/metadata/`);
    const consumer = await Consumer.of(client, root, { folder, metadataUrl: proxy.url, targetsUrl: content.url });
    await consumer.refresh();
    proxy.timestamp = await stolenKeyForges(name, root.signed.roles.timestamp.keyids[0] ?? '', 1_000_000);
    expect((await consumer.refresh()).timestamp).toBe(1_000_000);
    proxy.timestamp = null;
    await expect(consumer.refresh()).rejects.toMatchObject({ kind: 'refused' });
    await propose(api, name, nextRoot(root.signed, [rootKey], 1, await onlineKey(api)), [rootKey]);
    expect(await consumer.refresh()).toMatchObject({ root: 2, timestamp: 2 });
    await proxy.close();
  });

  test('that stayed behind ten roots, each with other keys, catches up', async () => {
    const scene = await Scene.of(client);
    for (let count = 0; count < 10; count += 1) await scene.rotate([offlineKey()], 1, count % 3 === 0);
    expect(await scene.consumer.download('kept')).toBe('from the first day');
    expect((await scene.consumer.refresh()).root).toBe(11);
  });
});

const python = clients.find(({ name }) => name === 'python-tuf');

(python ? describe : describe.skip)('an online key that signs 16,384 bins', () => {
  test('is changed under load, and clients are refused no update but one that was in the middle of it', async () => {
    if (!python) return;
    const { name, root, rootKey } = await readyRepository(api, { bins: { count: 16_384 } });
    const metadataUrl = `${service.url}/repositories/${name}/metadata/`;
    const consumer = await Consumer.of(python, root, { folder, metadataUrl, targetsUrl: content.url });
    content.put('kept', Buffer.from('from the first day'));
    const publish = (path: string, text: string) =>
      api.post(`/repositories/${name}/artifacts?wait=60`, { artifacts: [artifact(path, text)] });
    await publish('kept', 'from the first day');
    let isRotated = false;
    const rotation = onlineKey(api)
      .then((online) => propose(api, name, nextRoot(root.signed, [rootKey], 1, online), [rootKey]))
      .finally(() => {
        isRotated = true;
      });
    const load = (async () => {
      for (let count = 0; !isRotated; count += 1) expect((await publish(`load/${count}`, 'x')).status).toBe(200);
    })();
    const refusals: string[] = [];
    const downloadAgain = ({ message }: Error) => {
      refusals.push(message);
      return consumer.download('kept');
    };
    do expect(await consumer.download('kept').catch(downloadAgain)).toBe('from the first day');
    while (!isRotated);
    // It had asked for the next root just before the commit, and asked for timestamp just after it.
    expect(refusals.filter((message) => !message.includes('timestamp was signed by 0/1 keys'))).toEqual([]);
    expect(refusals.length).toBeLessThanOrEqual(1);
    expect((await rotation).status).toBe(200);
    await load;
    expect(await consumer.download('kept')).toBe('from the first day');
    expect((await consumer.refresh()).root).toBe(2);
  });
});

/** The timestamp in force with another version, signed by the service's own key, taken from its folder. */
async function stolenKeyForges(name: string, keyId: string, version: number): Promise<Buffer> {
  const { signed } = await getJson(`${service.url}/repositories/${name}/metadata/timestamp.json`);
  const forged = { ...signed, version };
  const stolen = createPrivateKey(await readFile(join(service.dataFolder, 'keys', `${keyId}.pem`)));
  const sig = Buffer.from(await signWith(stolen, 'ed25519', canonicalBytes(forged))).toString('hex');
  return Buffer.from(JSON.stringify({ signatures: [{ keyid: keyId, sig }], signed: forged }));
}
