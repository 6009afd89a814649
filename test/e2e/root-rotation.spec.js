import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { keyFromPublicKey, keyIdOf } from '../../src/tuf/key.js';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, offlineKey, onlineKey, propose, readyRepository, signatureBy } from '../support/ceremony.js';
import { startService } from '../support/service.js';
let service;
let api;
beforeAll(async () => {
    service = await startService();
    api = new Api(service);
});
afterAll(() => service.stop());
const served = (name, file) => getJson(`${service.url}/repositories/${name}/metadata/${file}`);
describe('the next root', () => {
    test('is published at once when the old and the new root keys have signed it', async () => {
        const { name, root, rootKey } = await readyRepository(api);
        const key = offlineKey();
        const next = nextRoot(root.signed, [key], 1);
        const published = await propose(api, name, next, [rootKey, key]);
        expect(published).toMatchObject({ status: 200, body: { kind: 'set-root', state: 'succeeded' } });
        expect((await served(name, '2.root.json')).signed).toEqual(next);
        expect((await served(name, '1.root.json')).signed).toEqual(root.signed);
        const { body } = await api.get(`/repositories/${name}`);
        expect(body.roles[0]).toMatchObject({ name: 'root', version: 2, keyIds: [key.keyId] });
    });
    test('waits in an event that says what it changes and what each threshold lacks', async () => {
        const { name, root, rootKey } = await readyRepository(api);
        const [second, third] = [offlineKey(), offlineKey()];
        const next = nextRoot(root.signed, [second, third], 2);
        const proposed = await propose(api, name, next, [second]);
        expect(proposed.body.outcome).toMatchObject({ missingSignatures: 2 });
        const { body: event } = await api.get(`/repositories/${name}/signing-events/${proposed.body.outcome.signingEvent}`);
        expect(event).toMatchObject({ state: 'open', version: 2, signedBy: [second.keyId], missingSignatures: 2 });
        expect(event.changes).toContain(`root: key ${rootKey.keyId} removed`);
        expect(event.changes).toContain('root: threshold changes from 1 to 2');
        expect(event.warnings).toEqual([expect.stringContaining('all 2 root keys must sign')]);
        expect(event.thresholds).toEqual([
            { of: 'previous root', threshold: 1, signedBy: [], mayBeSignedBy: [rootKey.keyId], missing: 1 },
            { of: 'this root', threshold: 2, signedBy: [second.keyId], mayBeSignedBy: [third.keyId], missing: 1 },
        ]);
        expect((await fetch(`${service.url}/repositories/${name}/metadata/2.root.json`)).status).toBe(404);
    });
    test('takes signatures concurrently and in any order, and is never published with too few (invariant 8)', async () => {
        const { name, root, rootKey } = await readyRepository(api);
        const keys = [offlineKey(), offlineKey(), offlineKey(), offlineKey()];
        const next = nextRoot(root.signed, keys, 3);
        const { body } = await propose(api, name, next, []);
        const signatures = `/repositories/${name}/signing-events/${body.outcome.signingEvent}/signatures?wait=30`;
        const answers = await Promise.all([...keys, rootKey].map(async (key) => api.post(signatures, await signatureBy(key, next))));
        const closed = answers.filter((answer) => answer.status >= 400);
        expect(closed.length).toBeLessThanOrEqual(1); // the one that came after the last that was needed
        const { signatures: published } = await served(name, '2.root.json');
        const signers = published.map(({ keyid }) => keyid);
        expect(signers).toContain(rootKey.keyId);
        expect(signers.length).toBeGreaterThanOrEqual(4);
    });
    test('is signed over the bytes that the event offers', async () => {
        const { name, root, rootKey } = await readyRepository(api);
        const { privateKey } = generateKeyPairSync('ed25519');
        const key = keyFromPublicKey(createPublicKey(privateKey), 'ed25519');
        const outsider = { keyId: keyIdOf(key), key, privateKey };
        const { body } = await propose(api, name, nextRoot(root.signed, [outsider], 1), [rootKey]);
        const event = `/repositories/${name}/signing-events/${body.outcome.signingEvent}`;
        const payload = await fetch(`${service.url}/api/v1${event}/payload`, {
            headers: { authorization: `Bearer ${service.token}` },
        });
        const sig = sign(null, Buffer.from(await payload.arrayBuffer()), privateKey).toString('hex');
        const signed = await api.post(`${event}/signatures?wait=30`, { keyid: outsider.keyId, sig });
        expect(signed).toMatchObject({ status: 200, body: { state: 'succeeded' } });
        expect((await served(name, '2.root.json')).signatures).toHaveLength(2);
    });
    test('is superseded by another proposal and withdrawn with a reason, visibly', async () => {
        const { name, root, rootKey } = await readyRepository(api);
        const events = `/repositories/${name}/signing-events`;
        const first = await propose(api, name, nextRoot(root.signed, [offlineKey()], 1), [rootKey]);
        const second = await propose(api, name, nextRoot(root.signed, [offlineKey()], 1), [rootKey]);
        const withdrawal = { reason: 'the key was typed wrong' };
        const withdrawn = await api.post(`${events}/${second.body.outcome.signingEvent}/withdrawal?wait=30`, withdrawal);
        expect(withdrawn.status).toBe(200);
        const { body } = await api.get(events);
        expect(body.items.map(({ id, state, reason }) => [id, state, reason])).toEqual([
            [second.body.outcome.signingEvent, 'withdrawn', 'the key was typed wrong'],
            [first.body.outcome.signingEvent, 'superseded', `superseded by ${second.body.outcome.signingEvent}`],
        ]);
        expect((await api.get(`${events}?state=open`)).body.items).toEqual([]);
        const late = await api.post(`${events}/${second.body.outcome.signingEvent}/withdrawal`, withdrawal);
        expect(late).toMatchObject({ status: 409, body: { code: 'signing-event-closed' } });
    });
    test('lists events page by page', async () => {
        const { name, root, rootKey } = await readyRepository(api);
        for (let count = 0; count < 3; count += 1)
            await propose(api, name, nextRoot(root.signed, [offlineKey()], 1), [rootKey]);
        const events = `/repositories/${name}/signing-events`;
        const first = await api.get(`${events}?limit=2`);
        const second = await api.get(`${events}?limit=2&cursor=${first.body.next}`);
        const ids = [...first.body.items, ...second.body.items].map(({ id }) => id);
        expect([new Set(ids).size, second.body.next]).toEqual([3, null]);
        expect((await api.get(`${events}?cursor=${Buffer.from('x').toString('base64url')}`)).status).toBe(400);
    });
    test('is refused when it does not follow, saying so at once', async () => {
        const { name, root, rootKey } = await readyRepository(api);
        const refused = await propose(api, name, { ...nextRoot(root.signed, [rootKey], 1), version: 3 }, [rootKey]);
        expect(refused).toMatchObject({
            status: 400,
            body: { code: 'metadata-version-wrong', errors: [{ field: 'root.signed.version' }] },
        });
        const stranger = await propose(api, name, nextRoot(root.signed, [rootKey], 1), [rootKey, offlineKey()]);
        expect(stranger).toMatchObject({ status: 400, body: { code: 'signature-foreign' } });
    });
    test('renews a root that has expired, and what waited meanwhile is published', async () => {
        const own = await startService();
        const ownApi = new Api(own);
        const { name, root, rootKey } = await readyRepository(ownApi);
        own.clock.advance(366 * 86_400);
        own.app.useLogger(false);
        const { body: task } = await ownApi.post(`/repositories/${name}/artifacts?wait=2`, {
            artifacts: [artifact('late')],
        });
        expect(task.state).toBe('waiting');
        const expires = `${new Date().getUTCFullYear() + 3}-01-01T00:00:00Z`;
        const renewed = await propose(ownApi, name, { ...nextRoot(root.signed, [rootKey], 1), expires }, [rootKey]);
        expect(renewed.status).toBe(200);
        expect((await ownApi.get(`/repositories/${name}/tasks/${task.id}?wait=20`)).body.state).toBe('succeeded');
        await own.stop();
    });
});
describe('another online key', () => {
    test('signs everything in the revision that brings its root, while artifacts are added', async () => {
        const { name, root, rootKey } = await readyRepository(api, { bins: { count: 64 } });
        const online = await onlineKey(api);
        const paths = Array.from({ length: 60 }, (_, index) => `load/${index}`);
        const [rotated, ...added] = await Promise.all([
            propose(api, name, nextRoot(root.signed, [rootKey], 1, online), [rootKey]),
            ...paths.map((path) => api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact(path)] })),
        ]);
        expect([rotated, ...added].filter(({ status }) => status !== 200)).toEqual([]);
        const timestamp = await served(name, 'timestamp.json');
        const snapshot = await served(name, `${timestamp.signed.meta['snapshot.json'].version}.snapshot.json`);
        const files = await Promise.all(Object.entries(snapshot.signed.meta).map(([file, { version }]) => served(name, `${version}.${file}`)));
        expect(files).toHaveLength(65);
        const signers = [timestamp, snapshot, ...files].flatMap(({ signatures }) => signatures.map(({ keyid }) => keyid));
        expect(new Set(signers)).toEqual(new Set([online.keyId]));
        expect((await api.get(`/repositories/${name}`)).body.artifactCount).toBe(60);
    });
});
