import { setTimeout as sleep } from 'node:timers/promises';
import { exportSPKI, generateKeyPair, type JWTPayload } from 'jose';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { LocalIssuer } from '../support/local-issuer.js';
import { startService, type TestService } from '../support/service.js';
import { tokenWith } from '../support/tokens.js';

const GITHUB = 'https://token.actions.githubusercontent.com';
const GITLAB = 'https://gitlab.com';
const AUDIENCE = 'https://trs.example.com';

let issuer: LocalIssuer;
let stranger: LocalIssuer;
let service: TestService;
let admin: Api;
let name: string;

beforeAll(async () => {
  issuer = await LocalIssuer.start();
  stranger = await LocalIssuer.start();
  service = await startService({ environment: { TRS_OIDC_ISSUERS: `${issuer.url},${GITHUB},${GITLAB}` } });
  admin = new Api(service);
  name = (await readyRepository(admin)).name;
});

afterAll(async () => {
  await service.stop();
  await issuer.stop();
  await stranger.stop();
});

interface Wish {
  readonly claims?: object;
  readonly [field: string]: unknown;
}

/** A trusted publisher of the local issuer, gone after the test. */
async function publisher(wish: Wish = {}): Promise<string> {
  const { status, body } = await admin.post('/trusted-publishers', {
    name: 'releases of app',
    issuer: issuer.url,
    audience: AUDIENCE,
    claims: { repository: 'acme/app', ref: ['refs/heads/main', 'refs/tags/v*'] },
    scopes: ['artifacts:write'],
    repositories: [name],
    ...wish,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  made.push(body.id);
  return body.id;
}

const made: string[] = [];
afterEach(async () => {
  for (const id of made.splice(0)) await admin.delete(`/trusted-publishers/${id}`);
});

const seconds = () => Math.floor(service.clock.now().getTime() / 1_000);

/** What a job of acme/app on its main branch is given. */
function claims(other: Record<string, unknown> = {}): JWTPayload {
  return {
    iss: issuer.url,
    aud: AUDIENCE,
    sub: 'repo:acme/app:ref:refs/heads/main',
    iat: seconds(),
    nbf: seconds() - 10,
    exp: seconds() + 300,
    repository: 'acme/app',
    ref: 'refs/heads/main',
    ...other,
  };
}

const job = (token: string) => new Api({ url: service.url, token });

async function statusFor(token: string): Promise<number> {
  return (await job(token).get(`/repositories/${name}/artifacts`)).status;
}

describe('a CI job with an ID token', () => {
  test('publishes as what it is, within the rights of the trusted publisher that it fits', async () => {
    const id = await publisher({ paths: ['app/**'] });
    const api = job(await issuer.sign(claims()));
    const added = await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('app/1')] });
    expect([added.status, added.body.principal]).toEqual([200, `oidc:${issuer.url} repo:acme/app:ref:refs/heads/main`]);
    const outside = await api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact('other/1')] });
    expect([outside.status, outside.body.code]).toEqual([403, 'path-not-allowed']);
    expect((await api.get(`/repositories/${name}/roles`)).body.code).toBe('scope-missing');
    expect((await api.get('/repositories/other/artifacts')).body.code).toBe('repository-not-allowed');
    const lastUse = async () => (await admin.get(`/trusted-publishers/${id}`)).body.lastUsedAt;
    while ((await lastUse()) === null) await sleep(20);
  });

  test('may do what all publishers allow together that it fits, each in its own repository', async () => {
    const other = (await readyRepository(admin)).name;
    await publisher({ paths: ['app/**'] });
    await publisher({ paths: ['shared/*'], claims: { repository: 'acme/*' } });
    await publisher({ repositories: [other], scopes: ['roles:read'], claims: { repository: 'acme/app' } });
    await publisher({ scopes: ['roles:write'], claims: { repository: 'acme/other' } });
    const api = job(await issuer.sign(claims()));
    const write = async (repository: string, path: string) =>
      (await api.post(`/repositories/${repository}/artifacts`, { artifacts: [artifact(path)] })).status;
    expect([await write(name, 'app/1'), await write(name, 'shared/1'), await write(name, 'x')]).toEqual([
      202, 202, 403,
    ]);
    expect(await write(other, 'app/1')).toBe(403);
    expect((await api.get(`/repositories/${other}/roles`)).status).toBe(200);
    expect((await api.get(`/repositories/${name}/roles`)).status).toBe(403);
  });

  test.each<[string, () => JWTPayload]>([
    ['the other ref that fits', () => claims({ ref: 'refs/tags/v1.2' })],
    ['one audience of several', () => claims({ aud: ['https://other.example', AUDIENCE] })],
    ['a clock that is 20 seconds slow', () => claims({ iat: seconds() + 20, nbf: seconds() + 20 })],
    ['a clock that is 20 seconds fast', () => claims({ iat: seconds() - 320, exp: seconds() - 20 })],
  ])('is admitted with %s', async (_, payload) => {
    await publisher();
    expect(await statusFor(await issuer.sign(payload()))).toBe(200);
  });

  test.each<[string, () => JWTPayload]>([
    ['another repository', () => claims({ repository: 'acme/app2' })],
    ['a repository in other letters', () => claims({ repository: 'Acme/app' })],
    ['another ref', () => claims({ ref: 'refs/heads/main2' })],
    ['no ref', () => claims({ ref: undefined })],
    ['an object for a ref', () => claims({ ref: { 'refs/heads/main': true } })],
    ['a list in a list', () => claims({ ref: [['refs/heads/main']] })],
    ['another audience', () => claims({ aud: 'https://other.example' })],
    ['no audience', () => claims({ aud: undefined })],
    ['no subject', () => claims({ sub: undefined })],
    ['a subject that writes on terminals', () => claims({ sub: 'a\u001b[2Jb' })],
    ['no expiry', () => claims({ exp: undefined })],
    ['no moment of issue', () => claims({ iat: undefined })],
    ['an expiry that is over for a minute', () => claims({ iat: seconds() - 360, exp: seconds() - 60 })],
    ['a beginning in a minute', () => claims({ nbf: seconds() + 60 })],
    ['a moment of issue in a minute', () => claims({ iat: seconds() + 60 })],
    ['a lifetime of two days', () => claims({ exp: seconds() + 172_800 })],
    ['an age of two days', () => claims({ iat: seconds() - 172_800 })],
  ])('is refused with %s', async (_, payload) => {
    await publisher();
    expect(await statusFor(await issuer.sign(payload()))).toBe(401);
  });

  test('is refused after the expiry of its token, although it was admitted just before', async () => {
    await publisher();
    const token = await issuer.sign(claims());
    expect(await statusFor(token)).toBe(200);
    service.clock.advance(331);
    expect(await statusFor(token)).toBe(401);
  });

  test('is refused from the moment on when its publisher is removed, or expires', async () => {
    const token = await issuer.sign(claims({ exp: seconds() + 7_200 }));
    const id = await publisher();
    expect(await statusFor(token)).toBe(200);
    expect((await admin.delete(`/trusted-publishers/${id}`)).status).toBe(200);
    expect(await statusFor(token)).toBe(401);
    await publisher({ expiresIn: { seconds: 3_600 } });
    const other = await issuer.sign(claims({ exp: seconds() + 7_200, jti: 'other' }));
    expect(await statusFor(other)).toBe(200);
    service.clock.advance(3_601);
    while ((await statusFor(other)) !== 401) await sleep(100);
  });
});

describe('a forged ID token', () => {
  test.each<[string, () => Promise<string>]>([
    [
      'signed by another key under the id of the right one',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        return issuer.sign(claims(), {}, privateKey);
      },
    ],
    [
      'signed by a key of which nobody knows',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        return issuer.sign(claims(), { kid: 'unknown' }, privateKey);
      },
    ],
    ['of an issuer that nobody trusts', () => stranger.sign(claims({ iss: stranger.url }))],
    ['of another issuer in the name of this one', () => stranger.sign(claims())],
    ['that names a trusted issuer with a slash', () => issuer.sign(claims({ iss: `${issuer.url}/` }))],
    ['without a signature (alg none)', async () => unsigned('none')],
    ['without a signature (alg nOnE)', async () => unsigned('nOnE')],
    [
      'whose secret is the public key (HS256)',
      async () => {
        const secret = Buffer.from(await exportSPKI(issuer.key.publicKey));
        return issuer.sign(claims(), { alg: 'HS256' }, secret as never);
      },
    ],
    [
      'whose claims were changed afterwards',
      async () => {
        const [header, , signature] = (await issuer.sign(claims({ repository: 'evil/app' }))).split('.');
        return [header, encoded(claims()), signature].join('.');
      },
    ],
    [
      'that brings its own key',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        return issuer.sign(claims(), { jku: `${stranger.url}/keys`, kid: stranger.key.kid }, privateKey);
      },
    ],
    ['that is no JSON', async () => 'eyJhbGciOi.eyJpc3MiOi.AAAA'],
  ])('%s is refused', async (_, token) => {
    await publisher();
    expect(await statusFor(await token())).toBe(401);
  });

  test('makes the issuer asked for its keys no more often than every few seconds', async () => {
    await publisher();
    const before = issuer.asked;
    const { privateKey } = await generateKeyPair('RS256');
    for (let index = 0; index < 50; index += 1) {
      expect(await statusFor(await issuer.sign(claims(), { kid: `unknown-${index}` }, privateKey))).toBe(401);
    }
    expect(issuer.asked - before).toBeLessThan(10);
  });

  function unsigned(alg: string): string {
    return `${encoded({ alg })}.${encoded(claims())}.AAAA`;
  }

  function encoded(value: object): string {
    return Buffer.from(JSON.stringify(value)).toString('base64url');
  }
});

describe('an issuer', () => {
  test('rotates its keys: new ones are taken after a few seconds, old ones no more', async () => {
    await publisher();
    const old = await issuer.sign(claims());
    expect(await statusFor(old)).toBe(200);
    await issuer.rotate('ES256');
    while ((await statusFor(await issuer.sign(claims({ jti: String(Math.random()) })))) !== 200) await sleep(200);
    await admin.delete(`/trusted-publishers/${await publisher()}`); // has what was verified forgotten
    expect(await statusFor(old)).toBe(401);
  });

  test.each(['RS256', 'PS512', 'ES256', 'ES384', 'EdDSA'])('may sign with %s', async (algorithm) => {
    const other = await LocalIssuer.start(algorithm);
    const replica = await startService({ besides: service, environment: { TRS_OIDC_ISSUERS: other.url } });
    const by = new Api(replica);
    await by.post('/trusted-publishers', {
      name: algorithm,
      issuer: other.url,
      audience: AUDIENCE,
      claims: { repository: 'acme/app' },
      scopes: ['artifacts:read'],
    });
    const api = new Api({ url: replica.url, token: await other.sign(claims({ iss: other.url })) });
    expect((await api.get(`/repositories/${name}/artifacts`)).status).toBe(200);
    await replica.stop();
    await other.stop();
  });

  test.each<[string, string, number | string]>([
    ['is down', '/.well-known/openid-configuration', 500],
    ['sends somewhere else', '/.well-known/openid-configuration', 302],
    ['answers no JSON', '/.well-known/openid-configuration', '<html>'],
    ['calls itself something else', '/.well-known/openid-configuration', '{"issuer": "https://other.example"}'],
    ['has no keys', '/keys', 404],
    ['has keys elsewhere', '/keys', 302],
    ['has something else for keys', '/keys', '{"keys": 7}'],
    ['has a key set without end', '/keys', `{"keys": [], "more": "${'x'.repeat(2_000_000)}"}`],
  ])('that %s makes 503, not 401, and the service goes on and heals', async (_, path, answer) => {
    const other = await LocalIssuer.start();
    const replica = await startService({ besides: service, environment: { TRS_OIDC_ISSUERS: other.url } });
    replica.app.useLogger(false);
    const by = new Api(replica);
    const wish = {
      issuer: other.url,
      audience: AUDIENCE,
      claims: { repository: 'acme/app' },
      scopes: ['artifacts:read'],
    };
    await by.post('/trusted-publishers', { name: 'a', ...wish });
    other.answers.set(path, answer);
    const api = new Api({ url: replica.url, token: await other.sign(claims({ iss: other.url })) });
    const refused = await api.get(`/repositories/${name}/artifacts`);
    expect([refused.status, refused.body.code]).toEqual([503, 'issuer-unavailable']);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await by.get(`/repositories/${name}/artifacts`)).status).toBe(200);
    other.answers.clear();
    while ((await api.get(`/repositories/${name}/artifacts`)).status !== 200) await sleep(200);
    await replica.stop();
    await other.stop();
  });
});

describe('a trusted publisher', () => {
  const wish = {
    name: 'a',
    audience: AUDIENCE,
    claims: { repository: 'acme/app' },
    scopes: ['artifacts:write'],
  };

  test('is shown with its claims as lists, listed, and removed', async () => {
    const { status, body } = await admin.post('/trusted-publishers', { ...wish, issuer: GITHUB, paths: ['app/**'] });
    expect(status).toBe(201);
    expect(body).toMatchObject({ claims: { repository: ['acme/app'] }, paths: ['app/**'], createdBy: 'administrator' });
    expect((await admin.get('/trusted-publishers?limit=1')).body.items).toEqual([body]);
    expect((await admin.delete(`/trusted-publishers/${body.id}`)).body).toEqual(body);
    expect((await admin.get(`/trusted-publishers/${body.id}`)).body.code).toBe('trusted-publisher-unknown');
  });

  test.each<[string, object, string]>([
    ['an issuer that is not configured', { issuer: 'https://evil.example' }, 'issuer'],
    ['a slash too many', { issuer: `${GITHUB}/` }, 'issuer'],
    ['no claims', { claims: {} }, 'claims'],
    ['claims that fit everybody on GitHub', { claims: { repository: '*' } }, 'claims'],
    ['an owner that is only begun', { claims: { repository: 'acme*' } }, 'claims'],
    ['one value of several that fits everybody', { claims: { repository: ['acme/app', '*'] } }, 'claims'],
    [
      'a workflow that everybody may call',
      { claims: { job_workflow_ref: 'acme/ci/.github/workflows/a.yml@main' } },
      'claims',
    ],
    ['a subject that fits everybody', { claims: { sub: 'repo:*' } }, 'claims'],
    ['claims that fit everybody on GitLab', { issuer: GITLAB, claims: { ref: 'main' } }, 'claims'],
    ['its audience as a claim', { claims: { aud: AUDIENCE, repository: 'acme/app' } }, 'claims.aud'],
    ['a claim of another type', { claims: { repository: 7 } }, 'claims.repository'],
    ['a claim without values', { claims: { repository: [] } }, 'claims.repository'],
    ['an administrator’s scope', { scopes: ['admin'] }, 'scopes'],
    ['a scope that manages access', { scopes: ['tokens:write'] }, 'scopes'],
    ['no audience', { audience: '' }, 'audience'],
  ])('is not made with %s', async (_, other, field) => {
    const { status, body } = await admin.post('/trusted-publishers', { ...wish, issuer: GITHUB, ...other });
    expect([status, body.errors?.[0].field]).toEqual([400, field]);
  });

  test('allows, shows and lets be removed no more than what its maker may do', async () => {
    const { api } = await tokenWith(service, {
      scopes: ['artifacts:write', 'tokens:write'],
      repositories: ['team-*'],
      paths: ['team-a/**'],
      expiresIn: { days: 10 },
    });
    const id = await publisher();
    const own = { ...wish, issuer: GITHUB, repositories: ['team-a'], paths: ['team-a/**'] };
    const mine = await api.post('/trusted-publishers', own);
    expect(mine.status).toBe(201);
    expect(new Date(mine.body.expiresAt).getTime()).toBeLessThan(service.clock.now().getTime() + 11 * 86_400_000);
    for (const excess of [
      { paths: undefined },
      { repositories: ['*'] },
      { scopes: ['artifacts:write', 'keys:read'] },
      { expiresIn: { days: 20 } },
    ]) {
      expect((await api.post('/trusted-publishers', { ...own, ...excess })).body.code).toBe('rights-exceeded');
    }
    expect((await api.get('/trusted-publishers')).body.items).toEqual([mine.body]);
    expect((await api.delete(`/trusted-publishers/${id}`)).status).toBe(404);
    expect((await api.delete(`/trusted-publishers/${mine.body.id}`)).status).toBe(200);
  });
});
