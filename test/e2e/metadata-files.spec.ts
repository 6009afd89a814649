import { createHash } from 'node:crypto';
import { type Answer, Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import {
  nextRoot,
  offlineKey,
  onlineKey,
  propose,
  readyRepository,
  signatureBy,
  unsignedRoot,
} from '../support/ceremony.js';
import { decoded, rawAnswer } from '../support/raw-answer.js';
import { RawConnection } from '../support/raw-connection.js';
import { startService, type TestService } from '../support/service.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

let service: TestService;
let api: Api;
let name: string;
let base: string;

beforeAll(async () => {
  service = await startService();
  api = new Api(service);
  name = (await readyRepository(api, { bins: { count: 1_024 } })).name;
  base = `${service.url}/repositories/${name}/metadata`;
});

afterAll(() => service.stop());

describe('metadata files', () => {
  test.each(['1.root.json', '1.targets.json', '1.snapshot.json', '1.bins-000.json', '1.bins-3ff.json'])(
    '%s is served as a consistent snapshot, immutable, to everyone (obligation 13)',
    async (file) => {
      const response = await fetch(`${base}/${file}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(((await response.json()) as Answer['body']).signed.version).toBe(1);
    },
  );

  test('timestamp.json is short-lived, and changes with every visible change (obligation 15)', async () => {
    const before = await fetch(`${base}/timestamp.json`);
    expect(before.headers.get('cache-control')).toBe('public, max-age=1, must-revalidate');
    await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact(`t/${Math.random()}`)] });
    const after = await fetch(`${base}/timestamp.json`);
    expect(((await after.json()) as Answer['body']).signed.version).toBe(
      ((await before.json()) as Answer['body']).signed.version + 1,
    );
  });

  test.each(['1.snapshot.json', 'timestamp.json'])('%s answers 304 to the ETag it gave', async (file) => {
    const etag = (await fetch(`${base}/${file}`)).headers.get('etag') ?? '';
    const again = await fetch(`${base}/${file}`, { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await fetch(`${base}/${file}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test.each(['1.snapshot.json', 'timestamp.json', '1.bins-000.json'])(
    'HEAD of %s tells what GET would, without the body',
    async (file) => {
      for (const headers of [{ 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip' }]) {
        const whole = await rawAnswer(`${base}/${file}`, headers);
        const head = await rawAnswer(`${base}/${file}`, headers, 'HEAD');
        expect([head.status, head.body.length]).toEqual([200, 0]);
        expect({ ...head.headers, date: '' }).toEqual({ ...whole.headers, date: '' });
        expect(head.headers['content-length']).toBe(String(whole.body.length));
      }
    },
  );

  test.each(['GET', 'HEAD'] as const)('304 to %s says how long it holds, and nothing of a body', async (method) => {
    const { headers } = await rawAnswer(`${base}/1.snapshot.json`, { 'accept-encoding': 'gzip' });
    const asked = { 'accept-encoding': 'gzip', 'if-none-match': headers.etag ?? '' };
    const answer = await rawAnswer(`${base}/1.snapshot.json`, asked, method);
    expect(answer.status).toBe(304);
    expect(answer.headers).toMatchObject({
      etag: headers.etag,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    expect(answer.headers).not.toHaveProperty('content-type');
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.body.length).toBe(0);
  });

  test.each<[string, string, Record<string, string>]>([
    ['in other letters', '/1%2esnapshot.json', {}],
    ['with a query', '/1.snapshot.json?x=1', {}],
    ['with an empty body', '/1.snapshot.json', { 'content-length': '0' }],
  ])('a file asked for %s is the same file', async (_, path, headers) => {
    const plain = await rawAnswer(`${base}/1.snapshot.json`);
    const other = await rawAnswer(base + path, headers);
    expect({ ...other.headers, date: '' }).toEqual({ ...plain.headers, date: '' });
    expect(other.body.equals(plain.body)).toBe(true);
  });

  test('requests that come at once on one connection are answered in their order', async () => {
    const { pathname, host } = new URL(base);
    const files = ['timestamp.json', '9.none.json', '1.root.json', 'timestamp.json', '1.bins-000.json'];
    await Promise.all(files.map((file) => fetch(`${base}/${file}`)));
    const connection = await RawConnection.to(base);
    const asked = files.map((file) => `GET ${pathname}/${file} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    connection.send(asked.join(''));
    const text = await connection.until(/(?:HTTP\/1\.1 .*){5}"_type":"targets"/s);
    connection.close();
    expect(text.match(/HTTP\/1\.1 \d+|"_type":"\w+"/g)).toEqual([
      'HTTP/1.1 200',
      '"_type":"timestamp"',
      'HTTP/1.1 404',
      'HTTP/1.1 200',
      '"_type":"root"',
      'HTTP/1.1 200',
      '"_type":"timestamp"',
      'HTTP/1.1 200',
      '"_type":"targets"',
    ]);
  });

  test('a tag of the compressed form does not stand for the other one', async () => {
    const { headers } = await rawAnswer(`${base}/1.snapshot.json`, { 'accept-encoding': 'gzip' });
    const asked = { 'accept-encoding': 'identity', 'if-none-match': headers.etag ?? '' };
    expect((await rawAnswer(`${base}/1.snapshot.json`, asked)).status).toBe(200);
  });

  test('a wrong token does not keep anybody from them', async () => {
    const response = await fetch(`${base}/timestamp.json`, { headers: { authorization: 'Bearer wrong' } });
    expect(response.status).toBe(200);
  });

  test('a crowd that asks at the moment of a change gets the new state, the same for all', async () => {
    await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact(`c/${Math.random()}`)] });
    const crowd = await Promise.all(Array.from({ length: 200 }, () => rawAnswer(`${base}/timestamp.json`)));
    expect(new Set(crowd.map(({ body }) => body.toString())).size).toBe(1);
    const { version } = JSON.parse(String(crowd[0]?.body)).signed.meta['snapshot.json'];
    const codings = Array.from({ length: 200 }, (_, index) => (index % 2 ? 'gzip' : 'identity'));
    const snapshots = await Promise.all(
      codings.map((coding) => rawAnswer(`${base}/${version}.snapshot.json`, { 'accept-encoding': coding })),
    );
    expect(new Set(snapshots.map((answer) => decoded(answer).toString())).size).toBe(1);
  });

  test.each<[string, string | null]>([
    ['gzip', 'gzip'],
    ['br, gzip;q=0.5', 'gzip'],
    ['gzip;q=0', null],
    ['identity', null],
  ])('Accept-Encoding %s is answered with %s', async (accepted, encoding) => {
    const response = await fetch(`${base}/1.snapshot.json`, { headers: { 'accept-encoding': accepted } });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toBe('accept-encoding');
    expect(((await response.json()) as Answer['body']).signed._type).toBe('snapshot');
  });

  test.each([
    '2.root.json',
    'root.json',
    '0.root.json',
    '01.root.json',
    '1.timestamp.json',
    '1.none.json',
    '99999999999.root.json',
    '1.root.json%00',
    '1.%2e%2e%2froot.json',
    '1.ROOT.json',
    `1.${'x'.repeat(4_000)}.json`,
  ])('%s is 404, never 403 (obligation 20)', async (file) => {
    const response = await fetch(`${base}/${file}`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(((await response.json()) as Answer['body']).code).toBe('metadata-unknown');
  });

  test('the next root is found as soon as it is there, although its absence was remembered', async () => {
    const own = await readyRepository(api);
    const url = `${service.url}/repositories/${own.name}/metadata/2.root.json`;
    const missing = await fetch(url);
    expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'public, max-age=1, must-revalidate']);
    await propose(api, own.name, nextRoot(own.root.signed, [own.rootKey], 1), [own.rootKey]);
    expect((await fetch(url)).status).toBe(200);
  });

  test('of a repository that is new are found at once, although its absence was remembered', async () => {
    const url = `${service.url}/repositories/to-come/metadata/timestamp.json`;
    expect((await fetch(url)).status).toBe(404);
    const root = await rootWithTimestampKeys(1);
    await api.post('/repositories?wait=60', { name: 'to-come', settings: { bins: { count: 2 } }, root });
    expect((await fetch(url)).status).toBe(200);
  });

  test('of an unknown repository are 404', async () => {
    expect((await fetch(`${service.url}/repositories/none/metadata/timestamp.json`)).status).toBe(404);
    expect((await fetch(`${service.url}/repositories/%2e%2e/metadata/timestamp.json`)).status).toBe(404);
  });
});

describe('the bytes of a file', () => {
  test.each(['1.root.json', '1.snapshot.json', '1.targets.json', '1.bins-000.json'])(
    'of %s are the same, however it is asked for',
    async (file) => {
      const plain = await rawAnswer(`${base}/${file}`);
      const compressed = await rawAnswer(`${base}/${file}`, { 'accept-encoding': 'gzip' });
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(compressed.headers['content-encoding']).toBe(plain.body.length < 1_024 ? undefined : 'gzip');
      expect(compressed.headers['content-length']).toBe(String(compressed.body.length));
      expect(decoded(compressed)).toEqual(plain.body);
    },
  );

  test('are those that timestamp has the length and hash of, compressed or not', async () => {
    const { meta } = (await getJson(`${base}/timestamp.json`)).signed;
    const { version, length, hashes } = meta['snapshot.json'];
    for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
      const body = decoded(await rawAnswer(`${base}/${version}.snapshot.json`, headers));
      expect([body.length, createHash('sha256').update(body).digest('hex')]).toEqual([length, hashes.sha256]);
    }
  });

  test('are stored compressed where that is worth it', async () => {
    const stored = await service.database.query(
      `select role, encoding, octet_length(bytes) as length from metadata_version
       where role in ('snapshot', 'timestamp') and version = 1
         and repository_id = (select id from repository where name = $1)`,
      [name],
    );
    const snapshot = await rawAnswer(`${base}/1.snapshot.json`);
    const byRole = new Map(stored.map((row) => [row.role, row]));
    expect(byRole.get('timestamp')?.encoding).toBe('identity');
    expect(byRole.get('snapshot')?.encoding).toBe('gzip');
    expect(byRole.get('snapshot')?.length).toBeLessThan(snapshot.body.length / 4);
  });

  test('of a timestamp with many signatures are as fresh for those who do not take it compressed', async () => {
    const own = await repositoryWithManyTimestampKeys(8);
    const url = `${service.url}/repositories/${own}/metadata/timestamp.json`;
    for (const version of [1, 2, 3]) {
      const plain = await rawAnswer(url);
      expect(plain.body.length).toBeGreaterThan(1_024);
      expect(JSON.parse(plain.body.toString()).signed.version).toBe(version);
      expect(decoded(await rawAnswer(url, { 'accept-encoding': 'gzip' }))).toEqual(plain.body);
      await api.post(`/repositories/${own}/roles/renewals?wait=30`, { roles: ['timestamp'] });
    }
  });
});

describe('while the database is away', () => {
  let proxy: TcpProxy;
  let cutOff: TestService;
  let files: string;

  beforeAll(async () => {
    proxy = await startTcpProxy(service.database.url);
    cutOff = await startService({ besides: { ...service, database: { ...service.database, url: proxy.url } } });
    cutOff.app.useLogger(false);
    files = `${cutOff.url}/repositories/${name}/metadata`;
  });

  afterAll(async () => {
    await cutOff.stop();
    await proxy.close();
  });

  test('what was served last is still served, and then what is new', async () => {
    const before = await rawAnswer(`${files}/timestamp.json`);
    const snapshot = await rawAnswer(`${files}/1.snapshot.json`, { 'accept-encoding': 'gzip' });
    proxy.cut();
    await api.post(`/repositories/${name}/roles/renewals?wait=30`, { roles: ['timestamp'] });
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // timestamp is cached for a second
    expect((await rawAnswer(`${files}/timestamp.json`)).body).toEqual(before.body);
    expect((await rawAnswer(`${files}/1.snapshot.json`)).body).toEqual(decoded(snapshot));
    const unknown = await rawAnswer(`${files}/1.bins-7f.json`);
    expect(unknown.status).toBe(503);
    expect(unknown.headers['content-type']).toMatch(/^application\/problem\+json\b/);
    expect(JSON.parse(unknown.body.toString()).code).toBe('database-unavailable');
    proxy.mend();
    const current = await rawAnswer(`${base}/timestamp.json`);
    expect(current.body).not.toEqual(before.body);
    await until(async () => (await rawAnswer(`${files}/timestamp.json`)).body.equals(current.body), 20_000);
  });
});

describe('the published metadata', () => {
  const get = (file: string) => getJson(`${base}/${file}`);

  test('names in timestamp the snapshot alone, with length and sha256 (obligation 11)', async () => {
    const { signed } = await get('timestamp.json');
    const entry = signed.meta['snapshot.json'];
    const bytes = Buffer.from(await (await fetch(`${base}/${entry.version}.snapshot.json`)).arrayBuffer());
    expect(Object.keys(signed.meta)).toEqual(['snapshot.json']);
    expect(entry).toEqual({
      version: entry.version,
      length: bytes.length,
      hashes: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  test('names in snapshot targets and every bin (obligation 8), each of which is served', async () => {
    const { signed } = await get('timestamp.json');
    const snapshot = await get(`${signed.meta['snapshot.json'].version}.snapshot.json`);
    const names = Object.entries<{ version: number }>(snapshot.signed.meta);
    expect(names).toHaveLength(1_025);
    const served = await Promise.all(names.map(([file, { version }]) => fetch(`${base}/${version}.${file}`)));
    expect(served.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test('expires at whole seconds (obligation 6)', async () => {
    for (const file of ['timestamp.json', '1.snapshot.json', '1.targets.json', '1.bins-000.json']) {
      expect((await get(file)).signed.expires).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }
  });
});

async function repositoryWithManyTimestampKeys(count: number): Promise<string> {
  const root = await rootWithTimestampKeys(count);
  await api.post('/repositories?wait=60', { name: 'many-keys', settings: { bins: { count: 2 } }, root });
  return 'many-keys';
}

/** A signed root by which the service signs timestamp with so many keys. */
async function rootWithTimestampKeys(count: number) {
  const rootKey = offlineKey();
  const [first, ...others] = await Promise.all(Array.from({ length: count }, () => onlineKey(api)));
  if (!first) throw new Error('timestamp needs a key');
  const plain = unsignedRoot({ rootKeys: [rootKey], online: first });
  const keyids = [first, ...others].map(({ keyId }) => keyId);
  const signed = {
    ...plain,
    keys: { ...plain.keys, ...Object.fromEntries(others.map(({ keyId, key }) => [keyId, key])) },
    roles: { ...plain.roles, timestamp: { keyids, threshold: keyids.length } },
  };
  return { signatures: [signatureBy(rootKey, signed)], signed };
}
