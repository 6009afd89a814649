import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let api: Api;
let repository: string;
let artifacts: string;

beforeAll(async () => {
  service = await startService({ environment: { TRS_BODY_LIMIT: '1000000' } });
  api = new Api(service);
});

beforeEach(async () => {
  repository = (await readyRepository(api)).name;
  artifacts = `/repositories/${repository}/artifacts`;
});

afterAll(() => service.stop());

const timestampVersion = async () =>
  (await getJson(`${service.url}/repositories/${repository}/metadata/timestamp.json`)).signed.version;

const results = ({ body }: { body: { outcome: { artifacts: { path: string; result: string }[] } } }) =>
  body.outcome.artifacts.map(({ path, result }) => [path, result]);

describe('artifacts', () => {
  test('are added, replaced, left alone and removed, and the outcome names each path', async () => {
    const added = await api.post(`${artifacts}?wait=30`, { artifacts: [artifact('app/a'), artifact('app/b')] });
    expect(added.status).toBe(200);
    expect(results(added)).toEqual([
      ['app/a', 'added'],
      ['app/b', 'added'],
    ]);
    const again = await api.post(`${artifacts}?wait=30`, { artifacts: [artifact('app/a'), artifact('app/b', 'new')] });
    expect(results(again)).toEqual([
      ['app/a', 'unchanged'],
      ['app/b', 'replaced'],
    ]);
    const removed = await api.post(`${artifacts}/removals?wait=30`, { paths: ['app/a', 'app/none'] });
    expect(removed).toMatchObject({ status: 422, body: { code: 'change-refused', task: { state: 'partly-refused' } } });
    expect(removed.body.task.outcome.artifacts).toEqual([
      { path: 'app/a', result: 'removed' },
      {
        path: 'app/none',
        result: 'refused',
        code: 'artifact-unknown',
        detail: 'the repository lists no artifact app/none',
      },
    ]);
    expect((await api.get(artifacts)).body.items.map(({ path }: { path: string }) => path)).toEqual(['app/b']);
  });

  test('never go to the repository that has the number of another one now', async () => {
    await api.post(`${artifacts}?wait=30`, { artifacts: [artifact('ours')] });
    const other = `other-${repository}`;
    await service.database.query(`update repository set name = '${other}' where name = '${repository}'`);
    const { status, body } = await api.post(artifacts, { artifacts: [artifact('theirs')] });
    expect([status, body.code]).toEqual([500, 'internal-error']);
    const { items } = (await api.get(`/repositories/${other}/tasks`)).body;
    expect(items.map(({ kind }: { kind: string }) => kind)).toEqual(['add-artifacts', 'set-root']);
  });

  test('that are there already, unchanged, make no new version', async () => {
    await api.post(`${artifacts}?wait=30`, { artifacts: [artifact('same')] });
    const before = await timestampVersion();
    const again = await api.post(`${artifacts}?wait=30`, { artifacts: [artifact('same')] });
    expect(again.body).toMatchObject({ state: 'succeeded', revision: null });
    expect(await timestampVersion()).toBe(before);
  });

  test('that are asked for together cost one revision (invariant 7)', async () => {
    const before = await timestampVersion();
    const paths = Array.from({ length: 200 }, (_, index) => `burst/${index}`);
    const tasks = await Promise.all(
      paths.map((path) => api.post(`${artifacts}?wait=30`, { artifacts: [artifact(path)] })),
    );
    expect(tasks.map(({ status }) => status)).toEqual(paths.map(() => 200));
    const revisions = new Set(tasks.map(({ body }) => body.revision));
    expect((await timestampVersion()) - before).toBe(revisions.size);
    expect(revisions.size).toBeLessThan(100);
  });

  test('touch only the bins that list them', async () => {
    const one = await api.post(`${artifacts}?wait=30`, { artifacts: [artifact('only/one')] });
    const { role } = (await api.get(`${artifacts}/only%2Fone`)).body;
    const roles = (await api.get(`/repositories/${repository}/roles`)).body.items;
    const versions = Object.fromEntries(
      roles.map(({ name, version }: { name: string; version: number }) => [name, version]),
    );
    expect(one.body.revision).toBe(2);
    expect(versions).toMatchObject({ root: 1, targets: 1, snapshot: 2, timestamp: 2, [role]: 2 });
    expect(roles.filter(({ version }: { version: number }) => version === 2)).toHaveLength(3);
  });

  test('keep out of a role two paths that clients sort differently (ADR 0006)', async () => {
    const { name } = await readyRepository(api, { bins: { count: 2 } });
    const pairs = Array.from({ length: 20 }, (_, index) => [`p${index}/app`, `p${index}/app 2`]).flat();
    const added = await api.post(`/repositories/${name}/artifacts?wait=30`, {
      artifacts: pairs.map((path) => artifact(path)),
    });
    const refused = added.body.task.outcome.artifacts.filter(({ result }: { result: string }) => result === 'refused');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(20);
    expect(refused[0]).toMatchObject({ code: 'artifact-path-ambiguous', path: expect.stringMatching(/app 2$/) });
  });

  test('are shown one by one, with custom kept as given', async () => {
    const custom = {
      channel: 'stable',
      nested: { list: [1, 'zwei', null, true] },
      text: 'a "quote", a \\ and\na line',
    };
    await api.post(`${artifacts}?wait=30`, { artifacts: [artifact('team/größe 1.0.txt', 'x', custom)] });
    const shown = await api.get(`${artifacts}/${encodeURIComponent('team/größe 1.0.txt')}`);
    expect(shown.body).toEqual({
      ...artifact('team/größe 1.0.txt', 'x', custom),
      role: expect.any(String),
      revision: 2,
    });
    expect((await api.get(`${artifacts}/none`)).body).toMatchObject({ status: 404, code: 'artifact-unknown' });
  });

  test('are removed by their own address', async () => {
    await api.post(`${artifacts}?wait=30`, { artifacts: [artifact('team/a')] });
    expect((await api.delete(`${artifacts}/team%2Fa?wait=30`)).body.outcome.artifacts).toEqual([
      { path: 'team/a', result: 'removed' },
    ]);
    expect((await api.get(`${artifacts}/team%2Fa`)).status).toBe(404);
  });

  test('are listed by prefix, in code point order, page by page', async () => {
    const paths = ['a/1', 'a/2', 'a/\uff01', 'a/é', 'b/1', 'a', 'A/1'];
    await api.post(`${artifacts}?wait=30`, { artifacts: paths.map((path) => artifact(path)) });
    const listed: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.get(`${artifacts}?prefix=a%2F&limit=2${cursor}`);
      listed.push(...body.items.map(({ path }: { path: string }) => path));
      cursor = body.next && `&cursor=${body.next}`;
    } while (cursor);
    expect(listed).toEqual(['a/1', 'a/2', 'a/é', 'a/\uff01']);
  });

  test('are added once for one Idempotency-Key, which is good for one request only', async () => {
    const headers = { 'idempotency-key': 'build-4711' };
    const first = await api.post(artifacts, { artifacts: [artifact('once')] }, headers);
    const again = await api.post(`${artifacts}?wait=30`, { artifacts: [artifact('once')] }, headers);
    expect(again.body.id).toBe(first.body.id);
    const other = await api.post(artifacts, { artifacts: [artifact('other')] }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  test('are waited for with Prefer: wait, too (RFC 7240)', async () => {
    const { status } = await api.post(
      artifacts,
      { artifacts: [artifact('preferred')] },
      { prefer: 'respond-async, wait=30' },
    );
    expect(status).toBe(200);
  });

  test('that were asked for right after the repository, before it was ready, are published', async () => {
    const { offlineKey, onlineKey, signedRoot } = await import('../support/ceremony.js');
    const root = await signedRoot({ rootKeys: [offlineKey()], online: await onlineKey(api) });
    const [, added] = await Promise.all([
      api.post('/repositories', { name: 'impatient', root, settings: { bins: { count: 2 } } }),
      (async () => {
        while ((await api.get('/repositories/impatient')).status === 404);
        return api.post('/repositories/impatient/artifacts?wait=30', { artifacts: [artifact('early')] });
      })(),
    ]);
    expect(added).toMatchObject({
      status: 200,
      body: { outcome: { artifacts: [{ path: 'early', result: 'added' }] } },
    });
  });
});

describe('an artifact is refused, nothing of its request recorded,', () => {
  const good = artifact('good');
  const deep = (levels: number): object => (levels === 1 ? {} : { in: deep(levels - 1) });

  test.each<[string, object, string, string]>([
    ['for an empty path', { ...good, path: '' }, 'artifact-path-invalid', 'artifacts[1].path'],
    ['for an absolute path', { ...good, path: '/etc/passwd' }, 'artifact-path-invalid', 'artifacts[1].path'],
    ['for "..", also at the end', { ...good, path: 'a/..' }, 'artifact-path-invalid', 'artifacts[1].path'],
    ['for "//"', { ...good, path: 'a//b' }, 'artifact-path-invalid', 'artifacts[1].path'],
    ['for a backslash', { ...good, path: 'a\\b' }, 'artifact-path-invalid', 'artifacts[1].path'],
    ['for a control character', { ...good, path: 'a\u0000b' }, 'artifact-path-invalid', 'artifacts[1].path'],
    ['for invalid Unicode', { ...good, path: 'a\ud800b' }, 'artifact-path-invalid', 'artifacts[1].path'],
    ['for 1,025 bytes of path', { ...good, path: `${'é'.repeat(512)}a` }, 'artifact-path-invalid', 'artifacts[1].path'],
    ['for a path that is no text', { ...good, path: 7 }, 'artifact-path-invalid', 'artifacts[1].path'],
    ['for a negative length', { ...good, length: -1 }, 'artifact-length-invalid', 'artifacts[1].length'],
    ['for a length beyond 2^53-1', { ...good, length: 2 ** 53 }, 'artifact-length-invalid', 'artifacts[1].length'],
    ['for a length with fractions', { ...good, length: 1.5 }, 'artifact-length-invalid', 'artifacts[1].length'],
    ['for a length as text', { ...good, length: '3' }, 'artifact-length-invalid', 'artifacts[1].length'],
    ['for no hash', { ...good, hashes: {} }, 'artifact-hashes-invalid', 'artifacts[1].hashes'],
    [
      'for an unknown hash',
      { ...good, hashes: { ...good.hashes, md5: 'a'.repeat(32) } },
      'artifact-hashes-invalid',
      'artifacts[1].hashes',
    ],
    [
      'for a hash of the wrong length',
      { ...good, hashes: { sha256: 'abc' } },
      'artifact-hashes-invalid',
      'artifacts[1].hashes.sha256',
    ],
    [
      'for a hash called toString',
      { ...good, hashes: { toString: 'a'.repeat(64) } },
      'artifact-hashes-invalid',
      'artifacts[1].hashes',
    ],
    [
      'for custom over 64 KiB',
      { ...good, custom: { text: 'x'.repeat(65_536) } },
      'artifact-custom-invalid',
      'artifacts[1].custom',
    ],
    ['for custom deeper than 32', { ...good, custom: deep(33) }, 'artifact-custom-invalid', 'artifacts[1].custom'],
    ['for an unknown field', { ...good, size: 3 }, 'artifact-invalid', 'artifacts[1].size'],
    ['for something else', ['good'], 'artifact-invalid', 'artifacts[1]'],
  ])('%s', async (_, bad, code, field) => {
    const refused = await api.post(artifacts, { artifacts: [good, bad] });
    expect(refused).toMatchObject({ status: 400, body: { code, errors: [{ field }] } });
    expect((await api.get(`/repositories/${repository}/tasks`)).body.items).toHaveLength(1);
  });

  test.each<[string, unknown, number, string]>([
    ['a body that is no JSON', '{"artifacts":', 400, 'request-malformed'],
    ['a body that is an array', [], 400, 'request-invalid'],
    ['no artifacts', { artifacts: [] }, 400, 'request-invalid'],
    ['an unknown field', { artifacts: [good], force: true }, 400, 'request-invalid'],
    ['__proto__', '{"artifacts":[],"__proto__":{"x":1}}', 400, 'request-malformed'],
    [
      'nesting that could exhaust the stack',
      `{"artifacts":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      400,
      'request-malformed',
    ],
    ['a body over the limit', `{"artifacts":["${'x'.repeat(1_000_000)}"]}`, 413, 'request-too-large'],
  ])('with %s', async (_, body, status, code) => {
    expect(await api.post(artifacts, body)).toMatchObject({ status, body: { status, code } });
  });

  test('for an unknown repository', async () => {
    const refused = await api.post('/repositories/none/artifacts', { artifacts: [good] });
    expect(refused).toMatchObject({ status: 404, body: { code: 'repository-unknown' } });
  });

  test('when the body is no JSON by its own word', async () => {
    const refused = await api.post(artifacts, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(refused).toMatchObject({ status: 415, body: { code: 'media-type-unsupported' } });
  });

  test.each(['-1', '301', 'soon', '1.5'])('with wait=%s', async (wait) => {
    const refused = await api.post(`${artifacts}?wait=${wait}`, { artifacts: [good] });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'wait' }] } });
  });
});
