import { randomUUID } from 'node:crypto';
import { Api, getJson } from '../support/api.js';
import { offlineKey, onlineKey, readyRepository, signatureBy, signedRoot, unsignedRoot } from '../support/ceremony.js';
import { startService } from '../support/service.js';
let service;
let api;
let online;
beforeAll(async () => {
    service = await startService();
    api = new Api(service);
    online = await onlineKey(api);
});
afterAll(() => service.stop());
const newName = () => `r-${randomUUID().slice(0, 8)}`;
describe('creating a repository', () => {
    test('answers 202 with a task and its location, and is ready when the task has succeeded', async () => {
        const name = newName();
        const root = await signedRoot({ rootKeys: [offlineKey()], online });
        const created = await api.post('/repositories', { name, root });
        expect(created.status).toBe(202);
        expect(created.headers.get('location')).toBe(`/api/v1/repositories/${name}/tasks/${created.body.id}`);
        const task = await api.get(`/repositories/${name}/tasks/${created.body.id}?wait=30`);
        expect(task.body).toMatchObject({ kind: 'set-root', state: 'succeeded', revision: 1, principal: 'administrator' });
        expect((await api.get(`/repositories/${name}`)).body.state).toBe('ready');
    });
    test('makes targets, every bin, snapshot and timestamp, and shows versions, expiry, keys and counts', async () => {
        const { name, root } = await readyRepository(api, {
            bins: { count: 8 },
            expiry: { timestamp: { seconds: 3_600 } },
        });
        const { body } = await api.get(`/repositories/${name}`);
        const onlineKeyIds = root.signed.roles.timestamp.keyids;
        expect(body).toMatchObject({
            name,
            state: 'ready',
            metadataUrl: `/repositories/${name}/metadata/`,
            artifactCount: 0,
            bins: { count: 8, highestVersion: 1 },
            settings: {
                bins: { count: 8, kind: 'succinct' },
                lifetimes: { timestamp: { expiry: 3_600, renewalWindow: 900 } },
            },
        });
        expect(body.roles.map(({ name: role, version }) => [role, version])).toEqual([
            ['root', 1],
            ['targets', 1],
            ['snapshot', 1],
            ['timestamp', 1],
        ]);
        expect(body.roles[3]).toMatchObject({ keyIds: onlineKeyIds, onlineKeyIds, threshold: 1 });
        expect(new Date(body.roles[3].expires).getTime() - Date.now()).toBeLessThan(3_600_000);
        const roles = await api.get(`/repositories/${name}/roles`);
        expect(roles.body.items).toHaveLength(12);
    });
    test('is done once for one Idempotency-Key', async () => {
        const request = { name: newName(), root: await signedRoot({ rootKeys: [offlineKey()], online }) };
        const headers = { 'idempotency-key': 'create-once' };
        const first = await api.post('/repositories', request, headers);
        const again = await api.post('/repositories?wait=30', request, headers);
        expect(again.body.id).toBe(first.body.id);
        expect((await api.post('/repositories', request)).status).toBe(409);
    });
    test('keeps unknown fields of root as they were signed (obligation 1)', async () => {
        const name = newName();
        const key = offlineKey();
        const signed = { ...unsignedRoot({ rootKeys: [key], online }), 'x-owner': { team: 'release', since: 2026 } };
        await api.post('/repositories?wait=30', { name, root: { signed, signatures: [await signatureBy(key, signed)] } });
        const served = await getJson(`${service.url}/repositories/${name}/metadata/1.root.json`);
        expect(served.signed).toEqual(signed);
    });
    test('lists repositories page by page', async () => {
        for (let count = 0; count < 3; count += 1)
            await readyRepository(api, { bins: { count: 2 } });
        const first = await api.get('/repositories?limit=2');
        const second = await api.get(`/repositories?limit=2&cursor=${first.body.next}`);
        const names = [...first.body.items, ...second.body.items].map(({ name }) => name);
        expect(names).toEqual([...names].sort());
        expect(new Set(names).size).toBe(4);
    });
});
describe('a root that lacks signatures', () => {
    async function awaiting() {
        const name = newName();
        const [first, second, third] = [offlineKey(), offlineKey(), offlineKey()];
        const root = await signedRoot({ rootKeys: [first, second, third], threshold: 2, signers: [first], online });
        const { body: task } = await api.post('/repositories?wait=30', { name, root });
        return { name, root, first, second, third, task, events: `/repositories/${name}/signing-events` };
    }
    test('leaves the repository awaiting signatures, with an event that says what is missing', async () => {
        const { name, task, events, first, second, third } = await awaiting();
        expect(task).toMatchObject({ state: 'succeeded', outcome: { missingSignatures: 1 } });
        expect((await api.get(`/repositories/${name}`)).body).toMatchObject({
            state: 'awaiting-signatures',
            roles: [],
            bins: null,
        });
        const { body } = await api.get(events);
        expect(body.items).toEqual([
            expect.objectContaining({
                id: task.outcome.signingEvent,
                state: 'open',
                missingSignatures: 1,
                signedBy: [first.keyId],
            }),
        ]);
        expect(body.items[0].mayBeSignedBy.sort()).toEqual([second.keyId, third.keyId].sort());
        expect((await fetch(`${service.url}/repositories/${name}/metadata/timestamp.json`)).status).toBe(404);
    });
    test('is completed by the signature that was missing', async () => {
        const { name, root, task, events, second } = await awaiting();
        const event = `${events}/${task.outcome.signingEvent}`;
        const signed = await api.post(`${event}/signatures?wait=30`, await signatureBy(second, root.signed));
        expect(signed).toMatchObject({ status: 200, body: { kind: 'add-signature', state: 'succeeded', revision: 1 } });
        expect((await api.get(`/repositories/${name}`)).body.state).toBe('ready');
        expect((await api.get(event)).body).toMatchObject({ state: 'completed', missingSignatures: 0 });
        const served = await getJson(`${service.url}/repositories/${name}/metadata/1.root.json`);
        expect(served.signatures).toHaveLength(2);
    });
    test('takes no foreign, wrong or repeated signature, and none when it is complete', async () => {
        const { root, task, events, first, second, third } = await awaiting();
        const signatures = `${events}/${task.outcome.signingEvent}/signatures?wait=30`;
        const foreign = await api.post(signatures, await signatureBy(offlineKey(), root.signed));
        expect(foreign).toMatchObject({ status: 400, body: { code: 'signature-foreign' } });
        const wrong = await api.post(signatures, await signatureBy(second, { ...root.signed, version: 2 }));
        expect(wrong).toMatchObject({ status: 400, body: { code: 'signature-invalid' } });
        const repeated = await api.post(signatures, await signatureBy(first, root.signed));
        expect(repeated.body.task.outcome.refusal.code).toBe('signature-repeated');
        expect((await api.post(signatures, await signatureBy(second, root.signed))).status).toBe(200);
        const late = await api.post(signatures, await signatureBy(third, root.signed));
        expect(late).toMatchObject({ status: 409, body: { code: 'signing-event-closed' } });
    });
    test('takes no artifacts yet', async () => {
        const { name } = await awaiting();
        const refused = await api.post(`/repositories/${name}/artifacts/removals`, { paths: ['a'] });
        expect(refused).toMatchObject({ status: 409, body: { code: 'repository-not-ready' } });
    });
});
describe('a repository is refused', () => {
    const key = offlineKey();
    const other = offlineKey();
    const good = () => unsignedRoot({ rootKeys: [key, other], threshold: 1, online });
    const sign = async (signed) => ({ signed, signatures: [await signatureBy(key, signed)] });
    const roles = (role, change) => {
        const root = good();
        return { ...root, roles: { ...root.roles, [role]: { ...root.roles.root, ...change } } };
    };
    const years = (count) => `${new Date().getUTCFullYear() + count}-01-01T00:00:00Z`;
    test.each([
        ['an unsigned root', async () => ({ signed: good(), signatures: [] }), 'signatures-missing', 'root.signatures'],
        [
            'a wrongly signed root',
            async () => ({ signed: good(), signatures: [await signatureBy(key, roles('root', { threshold: 2 }))] }),
            'signature-invalid',
            'root.signatures[0].sig',
        ],
        [
            'a foreign signature',
            async () => ({ signed: good(), signatures: [await signatureBy(offlineKey(), good())] }),
            'signature-foreign',
            'root.signatures[0].keyid',
        ],
        [
            'threshold 0',
            () => sign(roles('root', { threshold: 0 })),
            'threshold-invalid',
            'root.signed.roles.root.threshold',
        ],
        [
            'a threshold above the number of distinct keys',
            () => sign(roles('root', { threshold: 3 })),
            'threshold-invalid',
            'root.signed.roles.root.threshold',
        ],
        [
            'an expired root',
            () => sign({ ...good(), expires: '2020-01-01T00:00:00Z' }),
            'metadata-expired',
            'root.signed.expires',
        ],
        [
            'an absurd expiry',
            () => sign({ ...good(), expires: years(100) }),
            'metadata-expiry-absurd',
            'root.signed.expires',
        ],
        [
            'an expiry with fractions',
            () => sign({ ...good(), expires: '2030-01-01T00:00:00.5Z' }),
            'metadata-malformed',
            'root.signed.expires',
        ],
        ['a version other than 1', () => sign({ ...good(), version: 2 }), 'metadata-version-wrong', 'root.signed.version'],
        [
            'no consistent snapshots',
            () => sign({ ...good(), consistent_snapshot: false }),
            'metadata-malformed',
            'root.signed.consistent_snapshot',
        ],
        [
            'a role without an online key of the service',
            () => sign(roles('timestamp', { keyids: [key.keyId], threshold: 1 })),
            'online-key-missing',
            'root.signed.roles.timestamp.keyids',
        ],
        [
            'a scheme that does not fit its key',
            () => sign({ ...good(), keys: { ...good().keys, [key.keyId]: { ...key.key, scheme: 'rsassa-pss-sha256' } } }),
            'key-invalid',
            `root.signed.keys.${key.keyId}.scheme`,
        ],
    ])('for %s', async (_, makeRoot, code, field) => {
        const refused = await api.post('/repositories', { name: newName(), root: await makeRoot() });
        expect(refused).toMatchObject({ status: 400, body: { code, status: 400, errors: [{ field }] } });
        expect(refused.headers.get('content-type')).toContain('application/problem+json');
    });
    test('for the same key under two ids', async () => {
        const ecdsa = offlineKey('ecdsa-sha2-nistp256');
        const twin = { ...ecdsa.key, keytype: 'ecdsa-sha2-nistp256' };
        const { keyIdOf } = await import('../../src/tuf/key.js');
        const root = good();
        const signed = { ...root, keys: { ...root.keys, [ecdsa.keyId]: ecdsa.key, [keyIdOf(twin)]: twin } };
        const refused = await api.post('/repositories', { name: newName(), root: await sign(signed) });
        expect(refused).toMatchObject({ status: 400, body: { code: 'key-duplicated' } });
    });
    test.each([
        ['bins that are no power of two', { bins: { count: 3 } }, 'settings.bins.count'],
        ['one bin', { bins: { count: 1 } }, 'settings.bins.count'],
        ['more than 16,384 bins', { bins: { count: 32_768 } }, 'settings.bins.count'],
        ['another kind of bins', { bins: { kind: 'magic' } }, 'settings.bins.kind'],
        ['an expiry of a second', { expiry: { timestamp: { seconds: 1 } } }, 'settings.expiry.timestamp'],
        ['an expiry of a hundred years', { expiry: { targets: { days: 36_500 } } }, 'settings.expiry.targets'],
        ['days and seconds at once', { expiry: { bins: { days: 1, seconds: 1 } } }, 'settings.expiry.bins'],
        [
            'a renewal window as long as the expiry',
            { renewalWindow: { timestamp: { days: 1 } } },
            'settings.renewalWindow.timestamp',
        ],
        ['an unknown field', { binz: 4 }, 'settings.binz'],
    ])('for %s', async (_, settings, field) => {
        const refused = await api.post('/repositories', { name: newName(), settings, root: await sign(good()) });
        expect(refused).toMatchObject({ status: 400, body: { errors: [expect.objectContaining({ field })] } });
    });
    test.each(['', 'Demo', '../x', 'a'.repeat(64), '-a', 'a b', 'ä'])('for the name %j', async (name) => {
        const refused = await api.post('/repositories', { name, root: await sign(good()) });
        expect(refused).toMatchObject({
            status: 400,
            body: { code: 'request-invalid', errors: [expect.objectContaining({ field: 'name' })] },
        });
    });
    test('for a name that is taken', async () => {
        const { name } = await readyRepository(api);
        const refused = await api.post('/repositories', { name, root: await sign(good()) });
        expect(refused).toMatchObject({ status: 409, body: { code: 'repository-exists', errors: [{ field: 'name' }] } });
    });
});
