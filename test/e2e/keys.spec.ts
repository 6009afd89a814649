import { encodePrivateKey, generatePrivateKey } from '../../src/key-vaults/private-key.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { offlineKey, signedRoot } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';

const pem = encodePrivateKey(await generatePrivateKey('ecdsa-sha2-nistp256'), undefined);
const locked = encodePrivateKey(await generatePrivateKey('ed25519'), 'another passphrase');
const environment = { TRS_KEY_VAULTS: 'file,env', TRS_SIGNING_KEY_A: pem, TRS_SIGNING_KEY_LOCKED: locked };

let service: TestService;
let api: Api;

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
    expect(online).toMatchObject({ name: 'variable', owner: 'release team', key: { scheme: 'ecdsa-sha2-nistp256' } });
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

  test.each<[string, object, string, string]>([
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

test('no key is generated in files where the operator allows none', async () => {
  const strict = await startService({ environment: { TRS_KEY_VAULTS: 'env' } });
  const { status, body } = await new Api(strict).post('/keys', { name: 'file' });
  await strict.stop();
  expect([status, body.code]).toEqual([400, 'key-vault-not-allowed']);
});
