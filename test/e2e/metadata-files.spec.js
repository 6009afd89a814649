import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, propose, readyRepository } from '../support/ceremony.js';
import { startService } from '../support/service.js';
let service;
let api;
let name;
let base;
beforeAll(async () => {
    service = await startService();
    api = new Api(service);
    name = (await readyRepository(api, { bins: { count: 256 } })).name;
    base = `${service.url}/repositories/${name}/metadata`;
});
afterAll(() => service.stop());
describe('metadata files', () => {
    test.each(['1.root.json', '1.targets.json', '1.snapshot.json', '1.bins-00.json', '1.bins-ff.json'])('%s is served as a consistent snapshot, immutable, to everyone (obligation 13)', async (file) => {
        const response = await fetch(`${base}/${file}`);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe('application/json');
        expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect((await response.json()).signed.version).toBe(1);
    });
    test('timestamp.json is short-lived, and changes with every visible change (obligation 15)', async () => {
        const before = await fetch(`${base}/timestamp.json`);
        expect(before.headers.get('cache-control')).toBe('public, max-age=1, must-revalidate');
        await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact(`t/${Math.random()}`)] });
        const after = await fetch(`${base}/timestamp.json`);
        expect((await after.json()).signed.version).toBe((await before.json()).signed.version + 1);
    });
    test.each(['1.snapshot.json', 'timestamp.json'])('%s answers 304 to the ETag it gave', async (file) => {
        const etag = (await fetch(`${base}/${file}`)).headers.get('etag') ?? '';
        const again = await fetch(`${base}/${file}`, { headers: { 'if-none-match': `"other", W/${etag}` } });
        expect([again.status, await again.text()]).toEqual([304, '']);
        expect((await fetch(`${base}/${file}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    });
    test('HEAD tells length and type without the body', async () => {
        const whole = await (await fetch(`${base}/1.snapshot.json`, { headers: { 'accept-encoding': 'identity' } })).arrayBuffer();
        const head = await fetch(`${base}/1.snapshot.json`, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } });
        expect(head.headers.get('content-length')).toBe(String(whole.byteLength));
        expect(await head.text()).toBe('');
    });
    test.each([
        ['gzip', 'gzip'],
        ['br, gzip;q=0.5', 'gzip'],
        ['gzip;q=0', null],
        ['identity', null],
    ])('Accept-Encoding %s is answered with %s', async (accepted, encoding) => {
        const response = await fetch(`${base}/1.snapshot.json`, { headers: { 'accept-encoding': accepted } });
        expect(response.headers.get('content-encoding')).toBe(encoding);
        expect(response.headers.get('vary')).toBe('accept-encoding');
        expect((await response.json()).signed._type).toBe('snapshot');
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
        expect((await fetch(`${base}/${file}`)).status).toBe(404);
    });
    test('the next root is found as soon as it is there, although its absence was remembered', async () => {
        const own = await readyRepository(api);
        const url = `${service.url}/repositories/${own.name}/metadata/2.root.json`;
        const missing = await fetch(url);
        expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'public, max-age=1, must-revalidate']);
        await propose(api, own.name, nextRoot(own.root.signed, [own.rootKey], 1), [own.rootKey]);
        expect((await fetch(url)).status).toBe(200);
    });
    test('of an unknown repository are 404', async () => {
        expect((await fetch(`${service.url}/repositories/none/metadata/timestamp.json`)).status).toBe(404);
        expect((await fetch(`${service.url}/repositories/%2e%2e/metadata/timestamp.json`)).status).toBe(404);
    });
});
describe('the published metadata', () => {
    const get = (file) => getJson(`${base}/${file}`);
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
        const names = Object.entries(snapshot.signed.meta);
        expect(names).toHaveLength(257);
        const served = await Promise.all(names.map(([file, { version }]) => fetch(`${base}/${version}.${file}`)));
        expect(served.filter(({ status }) => status !== 200)).toEqual([]);
    });
    test('expires at whole seconds (obligation 6)', async () => {
        for (const file of ['timestamp.json', '1.snapshot.json', '1.targets.json', '1.bins-00.json']) {
            expect((await get(file)).signed.expires).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        }
    });
});
