import { gzipSync } from 'node:zlib';
import { Api, getJson } from '../support/api.js';
import { artifact, type DescribedArtifact } from '../support/artifacts.js';
import { offlineKey, readyRepository, signEvent } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { importAll, ndjson, StreamedImport } from '../support/streamed-import.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

let service: TestService;
let api: Api;
let name: string;

beforeAll(async () => {
  service = await startService();
  api = new Api(service);
});
afterAll(() => service.stop());
beforeEach(async () => {
  ({ name } = await readyRepository(api));
});

const artifacts = (count: number, content = '') =>
  Array.from({ length: count }, (_, index) => artifact(`a/${index}`, `${content}${index}`));

async function published(path: string): Promise<DescribedArtifact | null> {
  const { status, body } = await api.get(`/repositories/${name}/artifacts/${encodeURIComponent(path)}`);
  return status === 200 ? body : null;
}

async function refusals(task: string): Promise<object[]> {
  const { status, body } = await api.get(`/repositories/${name}/artifacts/imports/${task}/refusals`);
  expect(status).toBe(200);
  return body.split('\n').filter(Boolean).map(JSON.parse);
}

/** The task of an import that has not been answered yet. */
async function openTask(): Promise<{ id: string; state: string; progress: { accepted: number } }> {
  for (;;) {
    const { body } = await api.get(`/repositories/${name}/tasks?state=waiting`);
    const found = body.items.find(({ kind }: { kind: string }) => kind === 'import-artifacts');
    if (found) return found;
  }
}

const settled = async (id: string) => (await api.get(`/repositories/${name}/tasks/${id}?wait=60`)).body;

/** Has targets delegate `team/*` to a role that the service signs or, where keys are given, people. */
async function delegatingRepository(keys?: readonly object[]) {
  const ready = await readyRepository(api, { bins: null, targetsListsArtifacts: false });
  name = ready.name;
  const signers = keys ?? ready.root.signed.roles.targets.keyids;
  const role = { name: 'team', keys: signers, threshold: 1, paths: ['team/*'] };
  const { status, body } = await api.post(`/repositories/${name}/roles?wait=60`, role);
  expect(status).toBeLessThan(300);
  return body;
}

describe('an import', () => {
  test('publishes what it streams, and its task counts the lines', async () => {
    const all = artifacts(3_000);
    const { status, body } = await importAll(service, name, ndjson(all), { query: '?wait=60' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: 'import-artifacts',
      state: 'succeeded',
      progress: { linesRead: 3_000, accepted: 3_000, refused: 0, published: 3_000 },
      outcome: { lines: { added: 3_000, replaced: 0, unchanged: 0 } },
    });
    expect((await api.get(`/repositories/${name}`)).body.artifactCount).toBe(3_000);
    expect(await published('a/17')).toMatchObject(all[17] ?? {});
    const bins = await Promise.all([0, 1, 2, 3].map((bin) => binOf(`bins-${bin}`)));
    expect(bins.flatMap(({ targets }) => Object.keys(targets))).toHaveLength(3_000);
  });

  test('keeps sha512 and custom as they are given', async () => {
    const given = { ...artifact('x', 'x', { channel: 'stable', tags: ['é', '\\', '"'] }) };
    const hashes = { ...given.hashes, sha512: 'ab'.repeat(64) };
    await importAll(service, name, ndjson([{ ...given, hashes }]), { query: '?wait=60' });
    expect(await published('x')).toMatchObject({ ...given, hashes });
  });

  test('reports each refused line with its number and reason, and takes the others', async () => {
    const lines = [
      Buffer.from(`\ufeff${JSON.stringify(artifact('good/1'))}\n\n`),
      Buffer.from('{"path": "cut\n'),
      Buffer.from(`${JSON.stringify({ ...artifact('x'), path: '/absolute' })}\r\n`),
      Buffer.from(`${JSON.stringify({ ...artifact('x'), length: -1 })}\n[]\n`),
      Buffer.concat([Buffer.from('{"path":"'), Buffer.from([0xff]), Buffer.from('"}\n')]),
      Buffer.from(`${JSON.stringify({ ...artifact('x'), custom: { much: 'm'.repeat(600_000) } })}\n`),
      Buffer.from(`${JSON.stringify({ ...artifact('x'), '\u0000\ud800': 1 })}\n`),
      Buffer.from(JSON.stringify(artifact('good/2'))),
    ];
    const { status, body } = await importAll(service, name, Buffer.concat(lines), { query: '?wait=60' });
    expect([status, body.code]).toEqual([422, 'change-refused']);
    const { id, state, progress } = body.task;
    expect([state, progress]).toEqual(['partly-refused', { linesRead: 10, accepted: 2, refused: 7, published: 2 }]);
    expect(await refusals(id)).toEqual([
      { line: 3, code: 'line-malformed', detail: 'the line is not JSON' },
      { line: 4, path: '/absolute', code: 'artifact-path-invalid', detail: 'artifact.path must not start with "/"' },
      expect.objectContaining({ line: 5, path: 'x', code: 'artifact-length-invalid' }),
      expect.objectContaining({ line: 6, code: 'artifact-invalid' }),
      { line: 7, code: 'line-malformed', detail: 'the line is not valid UTF-8' },
      expect.objectContaining({ line: 8, code: 'line-too-long' }),
      expect.objectContaining({ line: 9, path: 'x', code: 'artifact-invalid' }),
    ]);
    expect([await published('good/1'), await published('good/2')]).not.toContain(null);
  });

  test('reports what the repository cannot list, by the line that asked for it', async () => {
    await delegatingRepository();
    const paths = ['team/1', 'other/2', 'team/3', 'other/4', 'team/5'];
    const lines = ndjson(paths.map((path) => artifact(path)));
    const { body } = await importAll(service, name, lines, { query: '?wait=60' });
    const { id, state, progress, outcome } = body.task;
    expect([state, progress, outcome.lines.added]).toEqual([
      'partly-refused',
      { linesRead: 5, accepted: 3, refused: 2, published: 3 },
      3,
    ]);
    expect(await refusals(id)).toEqual(
      [2, 4].map((line) => ({
        line,
        path: `other/${line}`,
        code: 'artifact-path-not-delegated',
        detail: expect.stringContaining('no role may list'),
      })),
    );
  });

  test('to roles that people sign waits for them, and counts its lines so', async () => {
    const person = offlineKey();
    const { outcome } = await delegatingRepository([person.key]);
    await signEvent(api, name, outcome.signingEvent, person);
    const lines = ndjson(['team/1', 'team/2'].map((path) => artifact(path)));
    const { status, body } = await importAll(service, name, lines, { query: '?wait=60' });
    expect([status, body.state]).toEqual([202, 'succeeded']);
    expect(body.outcome).toMatchObject({ lines: { awaitingSignatures: 2, added: 0 }, missingSignatures: 1 });
    expect(await published('team/1')).toBeNull();
    await signEvent(api, name, body.outcome.signingEvent, person);
    expect(await published('team/1')).toMatchObject(artifact('team/1'));
  });

  test('takes the last of several lines for one path', async () => {
    const lines = [artifact('x', 'first'), artifact('y'), artifact('x', 'second'), artifact('x', 'third')];
    const { body } = await importAll(service, name, ndjson(lines), { query: '?wait=60' });
    expect(body.outcome.lines).toMatchObject({ added: 2, repeated: 2 });
    expect(body.progress).toMatchObject({ accepted: 4, published: 4 });
    expect(await published('x')).toMatchObject(artifact('x', 'third'));
  });

  test('that is repeated changes nothing, and signs nothing anew', async () => {
    const lines = ndjson(artifacts(200));
    await importAll(service, name, lines, { query: '?wait=60' });
    const before = await getJson(`${service.url}/repositories/${name}/metadata/timestamp.json`);
    const { body } = await importAll(service, name, lines, { query: '?wait=60' });
    expect(body).toMatchObject({ state: 'succeeded', revision: null, outcome: { lines: { unchanged: 200 } } });
    expect(await getJson(`${service.url}/repositories/${name}/metadata/timestamp.json`)).toEqual(before);
  });

  test('of nothing succeeds', async () => {
    const { body } = await importAll(service, name, '\n\n', { query: '?wait=60' });
    expect(body).toMatchObject({ state: 'succeeded', progress: { linesRead: 2, accepted: 0, refused: 0 } });
  });

  test('answers 202 without wait, and its task can be waited for', async () => {
    const { status, body } = await importAll(service, name, ndjson(artifacts(10)));
    expect([status, body.progress.accepted]).toEqual([202, 10]);
    expect(await settled(body.id)).toMatchObject({ state: 'succeeded', progress: { published: 10 } });
  });

  test('shows how far it is while it goes on, also in the stream of events', async () => {
    const stream = new StreamedImport(service, name);
    await stream.send(ndjson(artifacts(5_000)));
    const { id } = await openTask();
    const events = await fetch(`${service.url}/api/v1/repositories/${name}/tasks/${id}/events`, {
      headers: { authorization: `Bearer ${service.token}` },
    });
    const seen: { state: string; progress: { accepted: number } }[] = [];
    let rest = '';
    for await (const text of events.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      rest += text;
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const [, data] of blocks.flatMap((block) => [...block.matchAll(/^data: (\{.*)$/gm)])) {
        seen.push(JSON.parse(data ?? ''));
      }
      if (seen.at(-1)?.progress.accepted === 5_000 && seen.at(-1)?.state === 'waiting') await stream.end();
    }
    expect(seen.at(-1)).toMatchObject({ state: 'succeeded', progress: { accepted: 5_000, published: 5_000 } });
  });

  test('holds up no other change: one is visible before the import has arrived', async () => {
    const stream = new StreamedImport(service, name);
    await stream.send(ndjson(artifacts(6_000)));
    const { status } = await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('single')] });
    expect(status).toBe(200);
    expect(await openTask()).toMatchObject({ state: 'waiting' });
    expect(await published('a/1')).toBeNull();
    const { body } = await stream.end();
    expect(await settled(body.id)).toMatchObject({ state: 'succeeded', outcome: { lines: { added: 6_000 } } });
  });

  test('with the idempotency key of an earlier one returns its task, and reads nothing', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await importAll(service, name, ndjson([artifact('x')]), { headers, query: '?wait=30' });
    const again = new StreamedImport(service, name, { headers, query: '?wait=30' });
    expect((await again.answer).body.id).toBe(first.body.id);
    again.breakOff();
    const other = await api.post(
      `/repositories/${name}/artifacts`,
      { artifacts: [artifact('y')] },
      { 'idempotency-key': 'once' },
    );
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  test('is taken compressed', async () => {
    const lines = gzipSync(ndjson(artifacts(2_000)));
    const headers = { 'content-encoding': 'gzip' };
    const { body } = await importAll(service, name, lines, { headers, query: '?wait=60' });
    expect(body).toMatchObject({ state: 'succeeded', progress: { accepted: 2_000 } });
  });
});

describe('the order of an import', () => {
  test('is that of its beginning: what is asked later wins, also over lines that come after it', async () => {
    await api.post(`/repositories/${name}/artifacts?wait=30`, {
      artifacts: [artifact('replaced', 'old'), artifact('removed', 'old'), artifact('same', 'old')],
    });
    const stream = new StreamedImport(service, name);
    await openTask();
    await api.post(`/repositories/${name}/artifacts?wait=30`, {
      artifacts: [artifact('replaced', 'new'), artifact('same', 'old'), artifact('added', 'new')],
    });
    await api.post(`/repositories/${name}/artifacts/removals?wait=30`, { paths: ['removed'] });
    const lines = ['replaced', 'removed', 'same', 'added', 'alone'].map((path) => artifact(path, 'of the import'));
    const { body } = await stream.end(ndjson(lines));
    expect((await settled(body.id)).outcome.lines).toMatchObject({ added: 1, overtaken: 4 });
    expect(await published('replaced')).toMatchObject(artifact('replaced', 'new'));
    expect(await published('same')).toMatchObject(artifact('same', 'old'));
    expect(await published('added')).toMatchObject(artifact('added', 'new'));
    expect(await published('alone')).toMatchObject(artifact('alone', 'of the import'));
    expect(await published('removed')).toBeNull();
  });

  test('goes for imports among themselves, whichever arrives first', async () => {
    const first = new StreamedImport(service, name);
    await openTask();
    const later = await importAll(service, name, ndjson([artifact('x', 'later')]), { query: '?wait=60' });
    expect(later.body.outcome.lines).toMatchObject({ added: 1 });
    const { body } = await first.end(ndjson([artifact('x', 'first'), artifact('y', 'first')]));
    expect((await settled(body.id)).outcome.lines).toMatchObject({ added: 1, overtaken: 1 });
    expect(await published('x')).toMatchObject(artifact('x', 'later'));
  });

  test('has what was asked before it replaced by its lines', async () => {
    await api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact('x', 'before')] });
    const { body } = await importAll(service, name, ndjson([artifact('x', 'of the import')]), { query: '?wait=60' });
    expect(body.outcome.lines).toMatchObject({ overtaken: 0 });
    expect(await published('x')).toMatchObject(artifact('x', 'of the import'));
  });
});

describe('an import that breaks off', () => {
  test('as its client goes keeps the whole lines that came, and says after which', async () => {
    const stream = new StreamedImport(service, name);
    await stream.send(`${ndjson(artifacts(7_000))}{"path":"half`);
    const { id } = await openTask();
    while ((await openTask()).progress.accepted < 5_000);
    stream.breakOff();
    const task = await settled(id);
    expect(task).toMatchObject({ state: 'partly-refused', outcome: { refusal: { code: 'import-interrupted' } } });
    const { accepted, published: done, linesRead } = task.progress;
    expect([accepted, done, linesRead]).toEqual([7_000, 7_000, 7_000]);
    expect(task.outcome.refusal.detail).toContain('after line 7000: the connection to the client broke off');
    expect((await api.get(`/repositories/${name}`)).body.artifactCount).toBe(7_000);
  });

  test.each([
    ['is empty', gzipSync('').subarray(0, 0)],
    ['ends in its first bytes', gzipSync('').subarray(0, 5)],
    ['ends in its checksum', gzipSync(ndjson(artifacts(1))).subarray(0, -4)],
    ['is none', Buffer.from('no gzip')],
    ['is followed by something else', Buffer.concat([gzipSync(''), Buffer.from([0x1f, 0x8b, 1])])],
  ])('as its gzip stream %s before anybody reads it is answered so, and the service lives on', async (_, body) => {
    const headers = { 'content-encoding': 'gzip' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => importAll(service, name, body, { headers })));
    for (const answer of answers) expect(answer).toMatchObject({ status: 400, body: { code: 'import-interrupted' } });
    expect((await api.get(`/repositories/${name}`)).status).toBe(200);
  });

  test('as its gzip stream is damaged keeps what came before, and answers so', async () => {
    const whole = gzipSync(ndjson(artifacts(20_000)));
    const damaged = Buffer.concat([whole.subarray(0, whole.length / 2), Buffer.alloc(64, 0x55)]);
    const headers = { 'content-encoding': 'gzip' };
    const { status, body } = await importAll(service, name, damaged, { headers });
    expect([status, body.code]).toEqual([400, 'import-interrupted']);
    const { progress, outcome } = await settled(body.task.id);
    expect(outcome.refusal.detail).toContain(`after line ${progress.linesRead}: the gzip stream is damaged`);
    expect(progress.accepted).toBeGreaterThan(1_000);
    expect((await api.get(`/repositories/${name}`)).body.artifactCount).toBe(progress.accepted);
  });

  test('as the database goes away keeps what it has, and whoever reaches it publishes that', async () => {
    const proxy = await startTcpProxy(service.database.url);
    const cutOff = await startService({ besides: { ...service, database: { ...service.database, url: proxy.url } } });
    cutOff.app.useLogger(false);
    const stream = new StreamedImport(cutOff, name);
    await stream.send(ndjson(artifacts(5_000)));
    while ((await openTask()).progress.accepted < 5_000);
    const { id } = await openTask();
    proxy.cut();
    const { status } = await stream.end(ndjson(artifacts(6_000).slice(5_000)));
    expect(status).toBe(503);
    expect(await settled(id)).toMatchObject({
      state: 'partly-refused',
      progress: { linesRead: 5_000, accepted: 5_000, published: 5_000 },
      outcome: { refusal: { code: 'import-interrupted' } },
    });
    await cutOff.stop();
    await proxy.close();
  });

  test('before its first line is refused, and changes nothing', async () => {
    const stream = new StreamedImport(service, name);
    const { id } = await openTask();
    stream.breakOff();
    expect(await settled(id)).toMatchObject({
      state: 'refused',
      revision: null,
      outcome: { refusal: { code: 'import-interrupted' } },
    });
  });
});

describe('an import with a part that cannot be published', () => {
  test('refuses that alone, and holds up nothing else', async () => {
    const stream = new StreamedImport(service, name);
    await stream.send(ndjson(artifacts(5_000)));
    while ((await openTask()).progress.accepted < 5_000);
    // What no line can bring: a fault in what was accepted.
    await service.database.query(`update import_entry set file = '{"hashes":{"sha256":"00"}}' where path = 'a/77'`);
    const { body } = await stream.end();
    const { status } = await api.post(`/repositories/${name}/artifacts?wait=60`, { artifacts: [artifact('single')] });
    expect(status).toBe(200);
    expect(await settled(body.id)).toMatchObject({
      state: 'partly-refused',
      progress: { accepted: 4_999, refused: 1, published: 4_999 },
    });
    expect(await refusals(body.id)).toEqual([
      expect.objectContaining({ line: 78, path: 'a/77', code: 'change-unpublishable' }),
    ]);
  });
});

describe('CSV', () => {
  const csv = (text: string) => importAll(service, name, text, { type: 'text/csv; charset=utf-8', query: '?wait=60' });
  const { sha256 } = artifact('x').hashes;

  test('is read with quotes, line breaks within them, and columns in any order', async () => {
    const lines = [
      '\ufeffsha256,path,length,custom',
      `${sha256},plain,1,`,
      `${sha256},"with, comma",2,"{""channel"":""stable""}"`,
      `"${sha256}","=1+1",3,"{`,
      '  ""pretty"": [1,',
      '  2]}"',
      '',
      `${sha256},@last,4,{}x`,
    ];
    const { status, body } = await csv(lines.join('\r\n'));
    expect(status).toBe(422);
    expect(body.task.progress).toEqual({ linesRead: 8, accepted: 3, refused: 1, published: 3 });
    expect(await published('plain')).toMatchObject({ length: 1, hashes: { sha256 } });
    expect(await published('plain')).not.toHaveProperty('custom');
    expect(await published('with, comma')).toMatchObject({ length: 2, custom: { channel: 'stable' } });
    expect(await published('=1+1')).toMatchObject({ length: 3, custom: { pretty: [1, 2] } });
    expect(await refusals(body.task.id)).toEqual([
      { line: 8, path: '@last', code: 'line-malformed', detail: 'custom is not JSON' },
    ]);
  });

  test('has its lines refused by the numbers that an editor shows', async () => {
    const lines = [
      'path,length,sha256',
      `a,1,${sha256}`,
      `b,1,${sha256},more`,
      `c,one,${sha256}`,
      `"d"x,1,${sha256}`,
      `"e,1,${sha256}`,
      `f,1,${sha256}`,
    ];
    const { body } = await csv(`${lines.join('\n')}\n`);
    expect(await refusals(body.task.id)).toMatchObject([
      { line: 3, code: 'line-malformed' },
      { line: 4, code: 'artifact-length-invalid' },
      { line: 5, code: 'line-malformed' },
      { line: 6, code: 'line-malformed' },
    ]);
    expect([await published('a'), await published('f')]).not.toContain(null);
  });

  test.each([
    ['that lacks a required one', 'path,length\n'],
    ['that names one twice', 'path,length,sha256,path\n'],
    ['that names an unknown one', 'path,length,sha256,size\n'],
    ['that is a record already', `a,1,${sha256}\n`],
  ])('is refused with a line of columns %s', async (_, text) => {
    const { status, body } = await csv(text);
    expect([status, body.code, body.detail]).toEqual([
      400,
      'import-interrupted',
      expect.stringContaining('the first line must name the columns path, length, sha256'),
    ]);
    expect(await settled(body.task.id)).toMatchObject({ state: 'refused' });
  });
});

describe('an import is refused before its first line', () => {
  test.each([
    ['in another media type', { type: 'application/xml' }, 415, 'media-type-unsupported'],
    ['as JSON', { type: 'application/json' }, 415, 'media-type-unsupported'],
    ['in another encoding', { headers: { 'content-encoding': 'br' } }, 415, 'media-type-unsupported'],
    ['without a token', { headers: { authorization: 'Bearer wrong' } }, 401, 'unauthorized'],
    ['with a wait that is none', { query: '?wait=x' }, 400, 'request-invalid'],
  ])('%s', async (_, options, status, code) => {
    const answer = await importAll(service, name, '{}', options);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await api.get(`/repositories/${name}/tasks?state=waiting`)).body.items).toEqual([]);
  });

  test('where nobody knows the repository', async () => {
    expect((await importAll(service, 'nobody', '')).status).toBe(404);
  });

  test('and other routes take no streams', async () => {
    const type = { 'content-type': 'application/x-ndjson' };
    const { status } = await api.post(`/repositories/${name}/artifacts`, ndjson([artifact('x')]), type);
    expect(status).toBe(415);
  });
});

describe('the refusals of an import', () => {
  test('are not there for a task of another kind', async () => {
    const { body } = await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('x')] });
    const { status } = await api.get(`/repositories/${name}/artifacts/imports/${body.id}/refusals`);
    expect(status).toBe(404);
  });

  test('are a stream of any length', async () => {
    const { body } = await importAll(service, name, 'x\n'.repeat(2_500), { query: '?wait=60' });
    expect(body.task).toMatchObject({ state: 'refused', progress: { refused: 2_500, published: 0 } });
    expect((await refusals(body.task.id)).map((refusal) => (refusal as { line: number }).line)).toEqual(
      Array.from({ length: 2_500 }, (_, index) => index + 1),
    );
  });
});

async function binOf(role: string): Promise<{ targets: object }> {
  const base = `${service.url}/repositories/${name}/metadata`;
  const timestamp = await getJson(`${base}/timestamp.json`);
  const snapshot = await getJson(`${base}/${timestamp.signed.meta['snapshot.json'].version}.snapshot.json`);
  return (await getJson(`${base}/${snapshot.signed.meta[`${role}.json`].version}.${role}.json`)).signed;
}
