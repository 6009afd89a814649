import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from '../support/api.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { tokenWith } from '../support/tokens.js';

let service: TestService;
let admin: Api;

beforeAll(async () => {
  service = await startService();
  admin = new Api(service);
});

afterAll(() => service.stop());

const DAY_MS = 86_400_000;

describe('a token', () => {
  test('is shown once, and kept as a hash', async () => {
    const { status, body, headers } = await admin.post('/tokens', { name: 'ci', scopes: ['artifacts:write'] });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body.token).toMatch(/^trs_[0-9A-Za-z]{49}$/);
    const { token: _, ...shown } = body;
    expect((await admin.get(`/tokens/${body.id}`)).body).toEqual(shown);
    expect((await admin.get('/tokens')).body.items).toContainEqual(shown);
    const rows = await service.database.query('select access_token::text as row from access_token');
    expect(JSON.stringify(rows)).not.toContain(body.token);
  });

  test('says who made it, what it allows and until when: 90 days, unless something else is asked', async () => {
    const before = service.clock.now().getTime();
    const wish = { scopes: ['artifacts:write', 'artifacts:write'], repositories: ['team-*'], paths: ['team-a/**'] };
    const { body } = await admin.post('/tokens', { name: 'ci', ...wish });
    expect(body).toMatchObject({ ...wish, scopes: ['artifacts:write'], createdBy: 'administrator', state: 'active' });
    expect(new Date(body.expiresAt).getTime()).toBeGreaterThanOrEqual(before + 90 * DAY_MS);
    expect(new Date(body.expiresAt).getTime()).toBeLessThan(before + 91 * DAY_MS);
    const short = await admin.post('/tokens', { name: 'ci', scopes: ['tasks:read'], expiresIn: { days: 1 } });
    expect(new Date(short.body.expiresAt).getTime()).toBeLessThan(before + 2 * DAY_MS);
    const permanent = await admin.post('/tokens', { name: 'ci', scopes: ['tasks:read'], permanent: true });
    expect(permanent.body.expiresAt).toBeNull();
  });

  test('opens nothing any more from the answer that revokes it on, and soon with other replicas', async () => {
    const replica = await startService({ besides: service });
    const { id, token, api } = await tokenWith(service, { scopes: ['repositories:read'] });
    const elsewhere = new Api({ url: replica.url, token });
    expect([(await api.get('/repositories')).status, (await elsewhere.get('/repositories')).status]).toEqual([
      200, 200,
    ]);
    const { status, body } = await admin.delete(`/tokens/${id}`);
    expect([status, body.state]).toEqual([200, 'revoked']);
    expect((await api.get('/repositories')).status).toBe(401);
    while ((await elsewhere.get('/repositories')).status !== 401) await sleep(20);
    expect((await admin.delete(`/tokens/${id}`)).body.revokedAt).toBe(body.revokedAt);
    await replica.stop();
  });

  test('opens nothing after its expiry, although it was used just before', async () => {
    const { id, api } = await tokenWith(service, { scopes: ['repositories:read'], expiresIn: { seconds: 600 } });
    expect((await api.get('/repositories')).status).toBe(200);
    service.clock.advance(601);
    expect((await api.get('/repositories')).status).toBe(401);
    expect((await admin.get(`/tokens/${id}`)).body.state).toBe('expired');
  });

  test('shows when it was used last, noted once a minute at most', async () => {
    const { id, api } = await tokenWith(service, { scopes: ['repositories:read'] });
    expect((await admin.get(`/tokens/${id}`)).body.lastUsedAt).toBeNull();
    const lastUse = async () => (await admin.get(`/tokens/${id}`)).body.lastUsedAt;
    await api.get('/repositories');
    while ((await lastUse()) === null) await sleep(20);
    const first = await lastUse();
    service.clock.advance(30);
    await api.get('/repositories');
    service.clock.advance(31);
    const later = service.clock.now();
    await api.get('/repositories');
    while ((await lastUse()) === first) await sleep(20);
    expect(new Date(await lastUse()).getTime()).toBeGreaterThanOrEqual(later.getTime());
  });

  test.each<[string, object, string]>([
    ['no scope', { scopes: [] }, 'scopes'],
    ['an unknown scope', { scopes: ['root:sign'] }, 'scopes'],
    [
      'a pattern of repositories that is none',
      { scopes: ['tasks:read'], repositories: ['a', 'B*'] },
      'repositories[1]',
    ],
    ['a pattern of paths that is none', { scopes: ['artifacts:write'], paths: ['a/[bc]/**'] }, 'paths[0]'],
    ['paths for what writes no artifacts', { scopes: ['artifacts:read'], paths: ['a/**'] }, 'paths'],
    [
      'paths beside a scope that goes around them',
      { scopes: ['artifacts:write', 'roles:write'], paths: ['a/**'] },
      'paths',
    ],
    ['paths for an administrator', { scopes: ['admin'], paths: ['a/**'] }, 'paths'],
    ['no limit in a list of limits', { scopes: ['tasks:read'], repositories: [] }, 'repositories'],
    ['null for a list of limits', { scopes: ['tasks:read'], repositories: null }, 'repositories'],
    ['two lifetimes', { scopes: ['tasks:read'], permanent: true, expiresIn: { days: 1 } }, 'permanent'],
    ['a lifetime without end', { scopes: ['tasks:read'], expiresIn: { seconds: 1e15 } }, 'expiresIn'],
    ['an unprintable name', { scopes: ['tasks:read'], name: 'a\u202eb' }, 'name'],
  ])('is not made with %s', async (_, wish, field) => {
    const { status, body } = await admin.post('/tokens', { name: 'a token', ...wish });
    expect([status, body.code, body.errors?.[0].field]).toEqual([400, 'request-invalid', field]);
  });
});

describe('whoever may make tokens', () => {
  test('makes none that allows more than their own, nor for longer', async () => {
    const { api } = await tokenWith(service, {
      scopes: ['artifacts:write', 'tokens:write'],
      repositories: ['team-*'],
      paths: ['team-a/**'],
      expiresIn: { days: 10 },
    });
    const own = { name: 'b', scopes: ['artifacts:write'], repositories: ['team-x'], paths: ['team-a/x/**'] };
    const made = await api.post('/tokens', own);
    expect([made.status, made.body.createdBy]).toEqual([201, 'a token']);
    expect(new Date(made.body.expiresAt).getTime()).toBeLessThan(service.clock.now().getTime() + 10 * DAY_MS);
    for (const excess of [
      { scopes: ['admin'], paths: undefined },
      { scopes: ['artifacts:write', 'roles:read'] },
      { repositories: ['other'] },
      { repositories: ['*'] },
      { repositories: undefined },
      { paths: ['**'] },
      { paths: undefined },
      { expiresIn: { days: 11 } },
      { permanent: true },
    ]) {
      const { status, body } = await api.post('/tokens', { ...own, ...excess });
      expect([excess, status, body.code]).toEqual([excess, 403, 'rights-exceeded']);
    }
  });

  test('sees and revokes only those that allow no more than their own', async () => {
    const team = await tokenWith(service, { scopes: ['tasks:read', 'tokens:write'], repositories: ['team-a'] });
    const other = await tokenWith(service, { scopes: ['tasks:read'], repositories: ['team-b'] });
    const mine = await tokenWith(service, { scopes: ['tasks:read'], repositories: ['team-a'] }, team.api);
    const { body } = await team.api.get('/tokens');
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([mine.id, team.id]);
    expect((await team.api.get(`/tokens/${other.id}`)).status).toBe(404);
    expect((await team.api.delete(`/tokens/${other.id}`)).status).toBe(404);
    expect((await other.api.get('/repositories/team-b/tasks')).status).toBe(404);
    expect((await team.api.delete(`/tokens/${mine.id}`)).status).toBe(200);
  });

  test('goes through tokens page by page', async () => {
    const all = (await admin.get('/tokens?limit=1000')).body.items;
    const first = (await admin.get('/tokens?limit=2')).body;
    const second = (await admin.get(`/tokens?limit=2&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items]).toEqual(all.slice(0, 4));
    expect((await admin.get(`/tokens?cursor=${Buffer.from('x').toString('base64url')}`)).status).toBe(400);
  });
});

describe('repositories', () => {
  test('are listed, and created, only as far as a token goes', async () => {
    const mine = (await readyRepository(admin)).name;
    const other = (await readyRepository(admin)).name;
    const { api } = await tokenWith(service, { scopes: ['repositories:write'], repositories: [mine, 'new-*'] });
    const { body } = await api.get('/repositories?limit=1000');
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual([mine]);
    expect((await api.get(`/repositories/${other}`)).body.code).toBe('repository-not-allowed');
    expect((await api.get('/repositories/never-was')).body.code).toBe('repository-not-allowed');
    const root = { signatures: [], signed: {} };
    expect((await api.post('/repositories', { name: 'other', root })).body.code).toBe('repository-not-allowed');
    expect((await api.post('/repositories', { name: 'new-one', root })).body.code).toBe('metadata-malformed');
  });
});

describe('a stranger', () => {
  test.each([
    ['an address that there is', '/api/v1/keys'],
    ['an address that there is not', '/api/v1/nothing'],
    ['one outside the API', '/nothing'],
  ])('is refused before the service has read a body, at %s', async (_, path) => {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`,
    );
    // Nothing of the body is ever sent: who answers did not wait for it.
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 40[14] /);
    expect(answer).toContain('application/problem+json');
  });
});
