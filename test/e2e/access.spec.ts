import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, Api, getJson } from '../support/api.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({ environment: { TRS_RATE_LIMIT_ADDRESS: '0' } }); // it tries many tokens in vain
});

afterAll(() => service.stop());

const UUID = '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11';

interface OpenApi {
  readonly paths: Record<string, Record<string, { security?: unknown[] }>>;
}

async function routes(): Promise<[string, string][]> {
  const document: OpenApi = await getJson(`${service.url}/api/openapi.json`);
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method): [string, string] => [method.toUpperCase(), path.replace(/\{\w+\}/g, UUID)]),
  );
}

describe('access', () => {
  test('is closed: every route of the API but health needs a token', async () => {
    const known = await routes();
    expect(known.length).toBeGreaterThan(15);
    for (const [method, path] of known.filter(([, route]) => !route.startsWith('/health/'))) {
      for (const authorization of ['', 'Bearer wrong', 'Basic YTpi', `Bearer ${service.token}x`]) {
        const response = await fetch(`${service.url}${path}`, {
          method,
          headers: authorization ? { authorization } : {},
        });
        expect([method, path, response.status, response.headers.get('www-authenticate')]).toEqual([
          method,
          path,
          401,
          'Bearer',
        ]);
        expect(((await response.json()) as Answer['body']).code).toBe('unauthorized');
      }
    }
  });

  test.each(['/health/live', '/health/ready', '/api', '/api/openapi.json'])('is open for %s', async (path) => {
    expect((await fetch(service.url + path)).status).toBe(200);
  });

  test('is had with the administrator’s token, kept in a file that only its owner reads', async () => {
    expect((await new Api(service).get('/repositories')).status).toBe(200);
    const { mode } = await stat(join(service.dataFolder, 'admin-token'));
    expect(mode & 0o777).toBe(0o600);
  });

  test('is kept as a hash: the database does not know the token', async () => {
    const rows = await service.database.query('select access_token::text as row from access_token');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(service.token);
  });

  test('stays with the same token after the next start, and a configured token is taken, too', async () => {
    const again = await startService({ besides: service });
    expect(again.token).toBe(service.token);
    await again.stop();
    const configured = await startService({ besides: service, environment: { TRS_ADMIN_TOKEN: 'x'.repeat(40) } });
    expect((await new Api(configured).get('/repositories')).status).toBe(200);
    await configured.stop();
  });

  test('keeps private keys to the vault: 0600, and in no answer', async () => {
    const { body } = await new Api(service).post('/keys', { name: 'a key' });
    const { mode } = await stat(join(service.dataFolder, 'keys', body.uri.slice('file:'.length)));
    expect(mode & 0o777).toBe(0o600);
    expect(JSON.stringify((await new Api(service).get('/keys')).body)).not.toContain('PRIVATE');
  });
});
