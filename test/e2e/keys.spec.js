import { encodePrivateKey, generatePrivateKey } from '../../src/key-vaults/private-key.js';
import { keyIdOf } from '../../src/tuf/key.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { offlineKey, signedRoot } from '../support/ceremony.js';
import { startService } from '../support/service.js';
const pem = encodePrivateKey(await generatePrivateKey('ecdsa-sha2-nistp256'), undefined);
const locked = encodePrivateKey(await generatePrivateKey('ed25519'), 'another passphrase');
const environment = { TRS_KEY_VAULTS: 'file,env', TRS_SIGNING_KEY_A: pem, TRS_SIGNING_KEY_LOCKED: locked };
let service;
let api;
beforeAll(async () => {
    service = await startService({ environment });
    service.app.useLogger(false);
    api = new Api(service);
});
afterAll(() => service.stop());
describe('a key of a key vault', () => {
    test('is registered by its URI, and signs what is published', async () => {
        const { status, body: online } = await api.post('/keys', {
            name: 'variable',
            owner: 'release team',
            uri: 'env:TRS_SIGNING_KEY_A',
        });
        expect(status).toBe(201);
        expect(online).toMatchObject({
            name: 'variable',
            owner: 'release team',
            kind: 'online',
            key: { scheme: 'ecdsa-sha2-nistp256' },
        });
        expect((await api.get(`/keys/${online.keyId}`)).body).toEqual(online);
        expect(JSON.stringify((await api.get('/keys')).body)).not.toContain('PRIVATE');
        const root = await signedRoot({ rootKeys: [offlineKey()], online });
        await api.post('/repositories?wait=60', { name: 'by-env', settings: { bins: { count: 2 } }, root });
        const added = await api.post('/repositories/by-env/artifacts?wait=30', { artifacts: [artifact('a')] });
        expect([added.status, added.body.state]).toEqual([200, 'succeeded']);
    });
    test('is registered once', async () => {
        const { status, body } = await api.post('/keys', { name: 'again', uri: 'env:TRS_SIGNING_KEY_A' });
        expect([status, body.code]).toEqual([409, 'key-exists']);
    });
    test('may have an owner, and needs none', async () => {
        const { body } = await api.post('/keys', { name: 'generated' });
        expect(body).toMatchObject({ owner: null, key: { scheme: 'ed25519' } });
        expect(body.uri).toMatch(/^file:/);
    });
    test.each([
        ['a scheme beside the URI', { scheme: 'ed25519', uri: 'env:TRS_SIGNING_KEY_A' }, 'request-invalid', 'scheme'],
        ['a vault that the operator does not allow', { uri: 'awskms:alias/a' }, 'key-vault-not-allowed', 'uri'],
        ['a vault that nobody knows', { uri: 'https://a' }, 'key-uri-invalid', 'uri'],
        ['a variable of another name', { uri: 'env:PATH' }, 'key-uri-invalid', 'uri'],
        ['a variable that is not set', { uri: 'env:TRS_SIGNING_KEY_NONE' }, 'key-unusable', 'uri'],
        ['a key that does not open', { uri: 'env:TRS_SIGNING_KEY_LOCKED' }, 'key-unusable', 'uri'],
        ['a URI with a space', { uri: 'env: A' }, 'request-invalid', 'uri'],
        ['an owner of odd characters', { owner: '<script>' }, 'request-invalid', 'owner'],
    ])('is refused with %s', async (_, fields, code, field) => {
        const { status, body } = await api.post('/keys', { name: 'refused', ...fields });
        expect([status, body.code, body.errors[0].field]).toEqual([400, code, field]);
    });
    test('keeps the service from starting when its variable is gone, with the reason', async () => {
        const starting = startService({ besides: service, environment: { TRS_KEY_VAULTS: 'file' } });
        await expect(starting).rejects.toThrow('TRS_SIGNING_KEY_A is not set');
    });
});
describe('an offline key', () => {
    const alice = offlineKey('ecdsa-sha2-nistp384');
    test('is registered by its public half, with a name and an owner', async () => {
        const { status, body } = await api.post('/keys', { name: 'root 1', owner: 'Alice', key: alice.key });
        expect([status, body]).toEqual([
            201,
            {
                keyId: alice.keyId,
                name: 'root 1',
                owner: 'Alice',
                kind: 'offline',
                uri: null,
                key: alice.key,
                createdAt: expect.any(String),
            },
        ]);
        expect((await api.get(`/keys/${alice.keyId}`)).body).toEqual(body);
        const again = await api.post('/keys', { name: 'again', key: alice.key });
        expect([again.status, again.body.code]).toEqual([409, 'key-exists']);
    });
    test('is no key that the service could sign with', async () => {
        const root = await signedRoot({ rootKeys: [offlineKey()], online: alice });
        const { status, body } = await api.post('/repositories', { name: 'by-nobody', root });
        expect([status, body.code]).toEqual([400, 'online-key-missing']);
        const ready = await (await fetch(`${service.url}/health/ready`)).json();
        const { items } = (await api.get('/keys?kind=online')).body;
        expect(ready).toMatchObject({ status: 'ready', keyVault: { detail: `${items.length} keys sign` } });
    });
    test('keeps the fields of its owner, which are part of its id', async () => {
        const mine = { ...offlineKey().key, 'x-owner': 'Bob' };
        const { status, body } = await api.post('/keys', { name: 'with a field', key: mine });
        expect([status, body.key, body.keyId]).toEqual([201, mine, keyIdOf(mine)]);
    });
    const bob = offlineKey().key;
    test.each([
        ['a URI beside it', { key: bob, uri: 'env:TRS_SIGNING_KEY_A' }, 'request-invalid', 'uri'],
        ['a scheme beside it', { key: bob, scheme: 'ed25519' }, 'request-invalid', 'scheme'],
        ['a PEM text in place of it', { key: 'PEM' }, 'request-invalid', 'key'],
        ['another type than its scheme wants', { key: { ...bob, keytype: 'rsa' } }, 'key-invalid', 'key.scheme'],
        [
            'its private half',
            { key: { ...bob, keyval: { ...bob.keyval, private: 'a' } } },
            'key-invalid',
            'key.keyval.private',
        ],
        ['text that not everyone reads alike', { key: { ...bob, note: 'e\u0301' } }, 'metadata-malformed', 'key'],
        ['a number that has no canonical form', { key: { ...bob, note: 0.5 } }, 'metadata-malformed', ''],
        ['more than a key holds', { key: { ...bob, note: 'a'.repeat(20_000) } }, 'metadata-malformed', 'key'],
    ])('is refused with %s', async (_, fields, code, field) => {
        const { status, body } = await api.post('/keys', { name: 'refused', ...fields });
        expect([status, body.code, body.errors?.[0].field ?? '']).toEqual([400, code, field]);
    });
});
describe('the list of keys', () => {
    test('has those of a kind, page by page, oldest first', async () => {
        const all = (await api.get('/keys')).body;
        expect(all.next).toBeNull();
        const kinds = (found) => [...new Set(found.map(({ kind }) => kind))];
        expect(kinds(all.items).sort()).toEqual(['offline', 'online']);
        const offline = (await api.get('/keys?kind=offline')).body.items;
        expect([kinds(offline), offline.length]).toEqual([['offline'], 2]);
        const first = (await api.get('/keys?kind=offline&limit=1')).body;
        const second = (await api.get(`/keys?kind=offline&limit=1&cursor=${first.next}`)).body;
        expect([...first.items, ...second.items]).toEqual(offline);
        expect(second.next).toBeNull();
    });
    test.each(['kind=cold', 'cursor=YQ', 'name=root'])('refuses ?%s', async (query) => {
        const { status, body } = await api.get(`/keys?${query}`);
        expect([status, body.code]).toEqual([400, 'request-invalid']);
    });
});
describe('a name', () => {
    test('and an owner can be changed, each alone, and an owner can go', async () => {
        const { body: made } = await api.post('/keys', { name: 'old', key: offlineKey().key });
        const renamed = await api.patch(`/keys/${made.keyId}`, { name: 'new' });
        expect([renamed.status, renamed.body]).toEqual([200, { ...made, name: 'new' }]);
        const owned = await api.patch(`/keys/${made.keyId}`, { owner: 'Carol' });
        expect(owned.body).toEqual({ ...made, name: 'new', owner: 'Carol' });
        expect((await api.patch(`/keys/${made.keyId}`, {})).body).toEqual(owned.body);
        expect((await api.patch(`/keys/${made.keyId}`, { owner: null })).body).toEqual(renamed.body);
        expect((await api.get(`/keys/${made.keyId}`)).body).toEqual(renamed.body);
    });
    test.each([
        ['a name of odd characters', { name: '<script>' }, 'name'],
        ['no name at all', { name: null }, 'name'],
        ['another URI', { uri: 'env:TRS_SIGNING_KEY_A' }, 'uri'],
        ['another key', { key: offlineKey().key }, 'key'],
    ])('does not change to %s', async (_, fields, field) => {
        const [key] = (await api.get('/keys')).body.items;
        const { status, body } = await api.patch(`/keys/${key.keyId}`, fields);
        expect([status, body.code, body.errors[0].field]).toEqual([400, 'request-invalid', field]);
        expect((await api.get(`/keys/${key.keyId}`)).body).toEqual(key);
    });
    test.each([
        ['of no key', 'a'.repeat(64)],
        ['of something else', 'a'],
    ])('%s is not there to change', async (_, keyId) => {
        const { status, body } = await api.patch(`/keys/${keyId}`, { name: 'new' });
        expect([status, body.code]).toEqual([404, 'key-unknown']);
    });
});
test('no key is generated in files where the operator allows none', async () => {
    const strict = await startService({ environment: { TRS_KEY_VAULTS: 'env' } });
    const { status, body } = await new Api(strict).post('/keys', { name: 'file' });
    await strict.stop();
    expect([status, body.code]).toEqual([400, 'key-vault-not-allowed']);
});
