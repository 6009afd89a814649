import { randomUUID } from 'node:crypto';
import { KeyVault, KeyVaultError } from '../../src/key-vaults/key-vault.js';
import { Api } from '../support/api.js';
import { offlineKey, onlineKey, readyRepository, signEvent, signedRoot } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { tokenWith } from '../support/tokens.js';

const DAY = 86_400;

let service: TestService;
let api: Api;

beforeEach(async () => {
  service = await startService();
  api = new Api(service);
});

afterEach(() => service.stop());

const fresh = async (query = '', token?: string) => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${service.url}/health/fresh${query}`, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

async function until200(query: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { status, text } = await fresh(query, service.token);
    if (status === 200) return;
    if (Date.now() > deadline) throw new Error(`not fresh within 20 s: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('the probe for monitors', () => {
  test('is 200 while the service renews everything by itself, without repositories and with them', async () => {
    expect(await fresh()).toMatchObject({ status: 200, text: JSON.stringify({ status: 'fresh', within: '3d' }) });
    await readyRepository(api, { bins: { count: 16 } });
    // Timestamp, snapshot and bins expire within this time, and the service will have signed them again.
    expect(await fresh('?within=90d')).toMatchObject({ status: 200 });
  });

  test('is 503 as soon as root, which people sign, expires within the time, and 200 when they have signed', async () => {
    const { name, rootKey } = await readyRepository(api);
    service.clock.advance(361.5 * DAY);
    await until200('?within=3d'); // everything else expired while nobody looked, and is signed again
    expect((await fresh('?within=4d')).status).toBe(503);
    service.clock.advance(DAY);
    expect((await fresh('?within=3d')).status).toBe(503);
    await until200('?within=59h');
    const [event] = (await api.get(`/repositories/${name}/signing-events`)).body.items;
    await signEvent(api, name, event.id, rootKey);
    await until200('?within=3d');
  });

  test('names repository and role to who may see the repository, and to nobody else', async () => {
    const { name: other } = await readyRepository(api);
    const { name } = await readyRepository(api, { bins: null });
    const alice = offlineKey();
    const secret = `codename-${randomUUID().slice(0, 8)}`;
    const role = { name: secret, paths: ['x/*'], keys: [alice.key], threshold: 1, expiry: { days: 2 } };
    const { body: task } = await api.post(`/repositories/${name}/roles?wait=30`, role);
    await signEvent(api, name, task.outcome.signingEvent, alice);

    const { token: unrelated } = await tokenWith(service, { scopes: ['keys:read'] });
    for (const token of [undefined, 'a-wrong-token', unrelated]) {
      const { status, type, text } = await fresh('', token);
      expect([status, type]).toEqual([503, 'application/problem+json; charset=utf-8']);
      expect(JSON.parse(text)).toEqual({
        type: 'about:blank',
        title: 'Service Unavailable',
        status: 503,
        code: 'metadata-expiring',
        detail: expect.stringContaining('1 role of 1 repository'),
      });
      for (const hidden of [secret, name]) expect(text).not.toContain(hidden);
    }
    const scopes = ['repositories:read'];
    const { token: monitor } = await tokenWith(service, { scopes });
    const expiring = [
      { repository: name, role: secret, signedBy: 'people', state: 'in-time', expires: expect.any(String) },
    ];
    for (const token of [service.token, monitor]) {
      expect(JSON.parse((await fresh('', token)).text).expiring).toEqual(expiring);
    }
    const { token: elsewhere } = await tokenWith(service, { scopes, repositories: [other] });
    const told = await fresh('', elsewhere);
    expect([told.status, JSON.parse(told.text).expiring]).toEqual([503, []]);
    for (const hidden of [secret, name]) expect(told.text).not.toContain(hidden);
  });

  test('is 503 while the service does not sign what it should have signed, and heals', async () => {
    await readyRepository(api);
    const vault = service.app.get(KeyVault);
    const sign = vault.sign;
    vault.sign = () => Promise.reject(new KeyVaultError('out of order, as this test wants it'));
    service.app.useLogger(false);
    service.clock.advance(0.75 * DAY + 30);
    expect((await fresh('?within=1s')).status).toBe(200); // due, but not for long
    service.clock.advance(40);
    const { status, text } = await fresh('?within=1s', service.token);
    expect(status).toBe(503);
    expect(JSON.parse(text).expiring).toMatchObject([{ role: 'timestamp', signedBy: 'service', state: 'overdue' }]);
    vault.sign = sign;
    await until200('?within=1s');
  });

  test('does not mind a repository that nobody can use yet', async () => {
    const [first, second] = [offlineKey(), offlineKey()];
    const expires = new Date(Date.now() + DAY * 1_000);
    const plan = { rootKeys: [first, second], signers: [first], online: await onlineKey(api), expires };
    await api.post('/repositories?wait=30', { name: 'not-yet', root: await signedRoot(plan) });
    expect((await fresh('?within=10d')).status).toBe(200);
  });

  test.each(['3', '3w', '-1d', '0d', '129d', '99999999d', '', 'soon'])('refuses ?within=%s', async (within) => {
    const { status, text } = await fresh(`?within=${encodeURIComponent(within)}`);
    expect([status, JSON.parse(text).code]).toEqual([400, 'request-invalid']);
  });

  test('does not let caches answer', async () => {
    expect((await fetch(`${service.url}/health/fresh`)).headers.get('cache-control')).toBe('no-store');
  });
});
