import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Answer, Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let api: Api;
let name: string;

beforeAll(async () => {
  service = await startService();
  api = new Api(service);
  name = (await readyRepository(api)).name;
});

afterAll(() => service.stop());

/** Sends a path as it is, which fetch would tidy up. */
function raw(path: string, body?: Buffer): Promise<{ status: number; type: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(service.url);
    const headers = { authorization: `Bearer ${service.token}`, ...(body && { 'content-type': 'application/json' }) };
    const sent = request({ hostname, port, path, method: body ? 'POST' : 'GET', headers }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '' }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('hostile input', () => {
  test.each([
    ['in a value', { text: 'a\u0000b' }],
    ['in a name', { 'a\u0000b': 1 }],
  ])('NUL in custom is refused, %s, and the repository goes on', async (_, custom) => {
    const refused = await api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact('nul', 'x', custom)] });
    expect(refused).toMatchObject({ status: 400, body: { code: 'artifact-custom-invalid' } });
  });

  test('a change that cannot be published is refused alone; the others and the renewals go on', async () => {
    const poison = { kind: 'add-artifacts', artifacts: [artifact('poison', 'x', { text: 'a\u0000b' })] };
    service.app.useLogger(false);
    await service.database.query(
      `insert into task (id, repository_id, kind, change, change_bytes, state, principal, request_digest, created_at)
       select gen_random_uuid(), id, 'add-artifacts', $1, 1, 'waiting', 'test', '', now() from repository where name = $2`,
      [JSON.stringify(poison), name],
    );
    const added = await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('good')] });
    expect(added.status).toBe(200);
    const { body } = await api.get(`/repositories/${name}/tasks?state=refused`);
    expect(body.items[0].outcome.refusal).toMatchObject({ code: 'change-unpublishable' });
  });

  test.each<[string, string, number]>([
    ['bytes that are no UTF-8', '/api/v1/repositories/%ff', 400],
    ['a lone percent sign', `/repositories/x/metadata/%`, 400],
    ['a parameter that is too long', `/repositories/${'x'.repeat(9_000)}/metadata/timestamp.json`, 414],
    ['a parameter that is too long, below Swagger UI', `/api/v1/repositories/${'x'.repeat(9_000)}`, 404],
    ['NUL', '/api/v1/repositories/%00', 404],
    ['dots', '/api/v1/repositories/%2e%2e', 404],
    ['NUL for a key id', '/api/v1/keys/%00', 404],
  ])('a URL with %s is answered with a problem document', async (_, path, status) => {
    expect(await raw(path)).toEqual({ status, type: expect.stringContaining('application/problem+json') });
  });

  test('a body that is no UTF-8 is refused', async () => {
    const body = Buffer.concat([Buffer.from('{"paths":["a'), Buffer.from([0xff]), Buffer.from('"]}')]);
    expect((await raw(`/api/v1/repositories/${name}/artifacts/removals`, body)).status).toBe(400);
  });

  test.each(['PUT', 'OPTIONS', 'DELETE', 'PATCH'])(
    '%s where it means nothing is answered 405, and what does',
    async (method) => {
      const response = await fetch(`${service.url}/api/v1/keys`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
      expect(await response.json()).toMatchObject({ code: 'method-not-allowed' });
    },
  );

  test('headers that are too long are answered with a problem document', async () => {
    const response = await fetch(`${service.url}/api/v1/keys?cursor=${'x'.repeat(20_000)}`);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.status).toBe(431);
    expect(await response.json()).toMatchObject({ code: 'request-too-large' });
  });

  test('what is no HTTP is answered with a problem document, and the connection ends', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write('nonsense\r\n\r\n');
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'request-malformed' });
  });

  test.each<[string, string | undefined]>([
    ['no body', undefined],
    ['null', 'null'],
  ])('%s is no way to change nothing', async (_, body) => {
    const { body: key } = await api.post('/keys', { name: 'kept' });
    for (const path of [`/keys/${key.keyId}`, `/repositories/${name}/settings`]) {
      expect(await api.patch(path, body)).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
    }
    expect((await api.patch(`/keys/${key.keyId}`, {})).body).toEqual(key);
  });

  test.each<[string, string, unknown]>([
    ['roles', `/roles/renewals`, { roles: null }],
    ['reason', `/signing-events/6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11/withdrawal`, { reason: null }],
  ])('null is no way to leave out %s', async (_, path, body) => {
    const refused: Answer = await api.post(`/repositories/${name}${path}`, body);
    expect(refused).toMatchObject({ status: 400, body: { code: 'request-invalid' } });
  });

  test('null is no way to leave out the scheme of a key', async () => {
    expect((await api.post('/keys', { name: 'a', scheme: null })).status).toBe(400);
  });

  test('null is no way to leave out settings', async () => {
    const refused = await api.post('/repositories', { name: 'nulls', root: {}, settings: { bins: { count: null } } });
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [expect.objectContaining({ field: 'settings.bins.count' })] },
    });
  });
});
