import { Api } from '../support/api.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';

const PAGE = 'https://pages.example.com';
let service: TestService;
let open: TestService;
let name: string;

beforeAll(async () => {
  service = await startService();
  open = await startService({ besides: service, environment: { TRS_CORS_ORIGINS: PAGE } });
  name = (await readyRepository(new Api(service), { bins: { count: 1_024 } })).name;
});

afterAll(async () => {
  await open.stop();
  await service.stop();
});

const preflight = ({ url }: TestService, origin: string) =>
  fetch(`${url}/api/v1/keys`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

describe('a web page of another origin', () => {
  test('is let in by no header, unless it is configured', async () => {
    const answer = await preflight(service, PAGE);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([405, null]);
    const get = await fetch(`${service.url}/health/live`, { headers: { origin: PAGE } });
    expect(get.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('that is configured may ask, and read what it needs of the answer', async () => {
    const answer = await preflight(open, PAGE);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const refused = await fetch(`${open.url}/api/v1/keys`, { headers: { origin: PAGE } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, PAGE]);
    expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after');
    const metadata = await fetch(`${open.url}/repositories/${name}/metadata/timestamp.json`, {
      headers: { origin: PAGE },
    });
    expect([metadata.status, metadata.headers.get('access-control-allow-origin')]).toEqual([200, PAGE]);
  });

  test('is why caches must tell answers apart by where the question came from, and by coding as ever', async () => {
    for (const path of [
      `/repositories/${name}/metadata/1.snapshot.json`,
      `/api/v1/repositories/${name}/artifacts/export`,
    ]) {
      const asked = { authorization: `Bearer ${open.token}` };
      const fields = async ({ url }: TestService) =>
        (await fetch(url + path, { headers: asked })).headers.get('vary')?.toLowerCase().split(', ').sort() ?? [];
      const alone = await fields(service);
      expect(alone).toContain('accept-encoding');
      expect(await fields(open)).toEqual([...alone, 'origin'].sort());
    }
  });

  test('that is not configured is let in by no header, beside one that is', async () => {
    for (const origin of ['https://evil.example', `${PAGE}.evil.example`, 'http://pages.example.com', 'null']) {
      expect((await preflight(open, origin)).headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('a browser', () => {
  test.each(['/api', '/api/openapi.json', '/health/live', '/api/v1/keys', '/nothing'])(
    'is told to be careful with %s',
    async (path) => {
      const { headers } = await fetch(service.url + path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toMatch(
        /default-src 'self'.*object-src 'none'.*script-src 'self'/,
      );
      expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  test('does not take metadata for anything but what it is', async () => {
    const { headers } = await fetch(`${service.url}/repositories/${name}/metadata/timestamp.json`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
