import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Answer, Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { importAll } from '../support/streamed-import.js';

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

  const added = (text: string) => api.post(`/repositories/${name}/artifacts`, text);
  const described = (more: string) =>
    `{"artifacts":[{"path":"hostile","length":1,"hashes":{"sha256":"${'a'.repeat(64)}"}${more}}]}`;

  test.each<[string, string, string]>([
    ['65 levels deep', described(`,"custom":{"a":${'['.repeat(65)}${']'.repeat(65)}}`), 'request-malformed'],
    ['100,000 levels deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'request-malformed'],
    ['with __proto__', described(',"__proto__":{"length":2}'), 'request-malformed'],
    ['with an escaped __proto__', described(',"\\u005f_proto__":{"length":2}'), 'request-malformed'],
    ['with __proto__ in custom', described(',"custom":{"__proto__":{"a":1}}'), 'request-malformed'],
    ['with constructor.prototype', described(',"constructor":{"prototype":{"admin":true}}'), 'request-malformed'],
    ['with constructor in custom', described(',"custom":{"constructor":1}'), 'request-malformed'],
    ['with a number beyond 2^53', described(',"custom":{"n":9007199254740993}'), 'artifact-custom-invalid'],
    ['with an infinite number', described(',"custom":{"n":1e400}'), 'artifact-custom-invalid'],
    ['with a fraction', described(',"custom":{"n":1.5}'), 'artifact-custom-invalid'],
    ['with half a character', described(',"custom":{"t":"\\ud83d"}'), 'artifact-custom-invalid'],
    ['with a length beyond 2^53', described('').replace('"length":1', '"length":1e300'), 'artifact-length-invalid'],
    ['with a negative length', described('').replace('"length":1', '"length":-1'), 'artifact-length-invalid'],
    ['of nothing but a byte order mark', '\ufeff', 'request-malformed'],
    ['with comments', '{/* */"artifacts":[]}', 'request-malformed'],
  ])('JSON %s is refused, and changes nothing', async (_, text, code) => {
    const before = await service.database.query('select count(*) from task');
    expect(await added(text)).toMatchObject({ status: 400, body: { code } });
    expect(await service.database.query('select count(*) from task')).toEqual(before);
    expect({}).not.toHaveProperty('admin');
  });

  test('of two fields of one name the last counts, for what is checked as well as for what is done', async () => {
    const twice = described('').replace('"path":"hostile"', '"path":"../first","path":"second"');
    expect((await api.post(`/repositories/${name}/artifacts?wait=30`, twice)).status).toBe(200);
    const refused = described('').replace('"path":"hostile"', '"path":"first","path":"../second"');
    expect(await added(refused)).toMatchObject({ status: 400, body: { code: 'artifact-path-invalid' } });
    const { items } = (await api.get(`/repositories/${name}/artifacts`)).body;
    const paths = items.map(({ path }: { path: string }) => path);
    expect([paths.includes('second'), paths.some((path: string) => path.includes('first'))]).toEqual([true, false]);
  });

  test('a gzip bomb is read line by line, refused, and fills no memory', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1_048_576, 'x'));
    expect(bomb.length).toBeLessThan(300_000);
    const before = process.memoryUsage().rss;
    const answer = await importAll(service, name, bomb, { headers: { 'content-encoding': 'gzip' }, query: '?wait=60' });
    const { progress } = answer.body.task ?? answer.body;
    expect([progress.accepted, progress.refused]).toEqual([0, 1]);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1_048_576);
  });

  test('a compressed body is read by no other route', async () => {
    const response = await fetch(`${service.url}/api/v1/repositories/${name}/artifacts`, {
      method: 'POST',
      headers: {
        'content-encoding': 'gzip',
        'content-type': 'application/json',
        authorization: `Bearer ${service.token}`,
      },
      body: gzipSync(described('')),
    });
    expect(response.status).toBe(400);
  });

  test.each([
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\n'],
    ['a length and chunks', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nhost : x\r\n\r\n'],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nhost: x\r\nprefer: a\0b\r\n\r\n'],
    ['no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
  ])('a request with %s is answered 400, and its connection ends', async (_, sent) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(sent);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test.each([
    '1.root.json/../timestamp.json',
    '1.root.json/..%2ftimestamp.json',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/api/v1/tokens',
    '1.%2e%2e.json',
    '1.root.json%00',
    '1.root.json%0d%0aset-cookie:%20a=b',
    `1.${'a'.repeat(4_000)}.json`,
    '1.__proto__.json',
    '99999999999999999999.root.json',
  ])('/metadata/%s leads nowhere', async (file) => {
    const answer = await raw(`/repositories/${name}/metadata/${file}`);
    expect(answer).toEqual({ status: 404, type: expect.stringContaining('application/problem+json') });
  });

  test.each([
    '..',
    '../x',
    'a/b',
    'a%2fb',
    '%00',
    '__proto__',
    'a'.repeat(129),
    'a'.repeat(8_000),
    '1',
    'Ü',
    'a\u0000b',
  ])('a role cannot be named %j, nor asked for', async (role) => {
    const refused = await api.post(`/repositories/${name}/roles`, { name: role, keys: ['0'.repeat(64)], paths: ['x'] });
    expect(refused).toMatchObject({ status: 400, body: { code: 'role-name-invalid' } });
    const asked = await api.get(`/repositories/${name}/roles/${encodeURIComponent(role)}`);
    const expected = role === '..' ? [404, 'route-unknown'] : [400, 'role-name-invalid']; // fetch resolves the dots
    expect([asked.status, asked.body.code]).toEqual(expected);
  });

  test('what spreadsheets take for a formula comes back as it was given, quoted where CSV needs it', async () => {
    const paths = ['=cmd|calc', '+1,2', '-"a"', '@sum'];
    await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: paths.map((path) => artifact(path)) });
    const { body } = await api.get(`/repositories/${name}/artifacts/export?format=csv`);
    for (const cell of ['=cmd|calc,', '"+1,2",', '"-""a""",', '@sum,']) expect(body).toContain(`\n${cell}`);
    const answer = await importAll(service, name, body, { type: 'text/csv', query: '?wait=60' });
    expect(answer.body.outcome.lines).toMatchObject({ added: 0, replaced: 0 });
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
