import { gunzipSync } from 'node:zlib';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { importAll, ndjson } from '../support/streamed-import.js';

let service: TestService;
let api: Api;
let name: string;

const ARTIFACTS = [
  artifact('=1+1', 'x'),
  artifact('@a,b', 'x', { quote: '"', line: 'é\\n', nested: [{ z: 1, a: 2 }] }),
  { ...artifact('plain'), hashes: { ...artifact('plain').hashes, sha512: 'ab'.repeat(64) } },
  artifact('with "quotes"'),
  ...Array.from({ length: 4_500 }, (_, index) => artifact(`z/${String(index).padStart(5, '0')}`)),
];

beforeAll(async () => {
  service = await startService();
  api = new Api(service);
  ({ name } = await readyRepository(api));
  await importAll(service, name, ndjson([...ARTIFACTS].reverse()), { query: '?wait=60' });
});
afterAll(() => service.stop());

const exported = (repository: string, query = '', headers = {}) =>
  api.get(`/repositories/${repository}/artifacts/export${query}`, headers);

describe('an export', () => {
  test('has every artifact in the order of paths, as it was given', async () => {
    const { status, headers, body } = await exported(name);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    expect(body.trimEnd().split('\n').map(JSON.parse)).toEqual(ARTIFACTS);
  });

  test.each(['ndjson', 'csv'])(
    'as %s comes back the same from the repository that it is imported into',
    async (format) => {
      const { body } = await exported(name, `?format=${format}`);
      const { name: other } = await readyRepository(api, { bins: { count: 16, kind: 'classic' } });
      const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
      const { body: task } = await importAll(service, other, body, { type, query: '?wait=60' });
      expect(task).toMatchObject({ state: 'succeeded', outcome: { lines: { added: ARTIFACTS.length } } });
      expect((await exported(other, `?format=${format}`)).body).toBe(body);
    },
  );

  test('is CSV where that is accepted, with cells as they are', async () => {
    const { headers, body } = await exported(name, '', { accept: 'text/csv' });
    expect(headers.get('content-type')).toMatch(/^text\/csv/);
    const [columns, first, second] = body.split('\n');
    expect(columns).toBe('path,length,sha256,sha512,custom');
    expect(first).toMatch(/^=1\+1,1,[0-9a-f]{64},,$/);
    expect(second).toContain('"@a,b",1,');
    expect((await exported(name, '', { accept: 'text/csv, application/x-ndjson' })).body).toContain('{"path"');
  });

  test('is compressed where that is accepted', async () => {
    const url = `${service.url}/api/v1/repositories/${name}/artifacts/export`;
    const authorization = `Bearer ${service.token}`;
    const sent = await rawBody(url, { authorization, 'accept-encoding': 'gzip' });
    const plain = await rawBody(url, { authorization, 'accept-encoding': 'identity' });
    expect(sent.length).toBeLessThan(plain.length);
    expect(gunzipSync(sent).equals(plain)).toBe(true);
  });

  test('of a repository without artifacts is empty, or has the line of columns alone', async () => {
    const { name: empty } = await readyRepository(api);
    expect((await exported(empty)).body).toBe('');
    expect((await exported(empty, '?format=csv')).body).toBe('path,length,sha256,sha512,custom\n');
  });

  test('is refused in an unknown format, and of an unknown repository', async () => {
    expect((await exported(name, '?format=xml')).status).toBe(400);
    expect((await exported('nobody')).status).toBe(404);
  });
});

/** As it goes over the wire; fetch would decompress it. */
async function rawBody(url: string, headers: Record<string, string>): Promise<Buffer> {
  const { get } = await import('node:http');
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts)));
    }).on('error', reject);
  });
}
