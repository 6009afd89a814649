import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { ndjson, StreamedImport } from '../support/streamed-import.js';

describe('two services on one database', () => {
  let first: TestService;
  let second: TestService;

  beforeAll(async () => {
    first = await startService();
    second = await startService({ besides: first });
  });

  afterAll(async () => {
    await second.stop();
    await first.stop();
  });

  test('publish what both are asked, each version once (invariant 3)', async () => {
    const { name } = await readyRepository(new Api(first), { bins: { count: 16 } });
    const paths = Array.from({ length: 120 }, (_, index) => `n/${index}`);
    const answers = await Promise.all(
      paths.map((path, index) =>
        new Api(index % 2 ? first : second).post(`/repositories/${name}/artifacts?wait=30`, {
          artifacts: [artifact(path)],
        }),
      ),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const { body } = await new Api(second).get(`/repositories/${name}`);
    expect(body.artifactCount).toBe(120);
    const versions = await first.database.query(
      `select role, count(*)::integer as count, max(version) as highest from metadata_version group by role`,
    );
    expect(versions.filter(({ count, highest }) => count !== highest)).toEqual([]);
  });

  test('leave an import to the one that receives it, however long that sends nothing', async () => {
    const { name } = await readyRepository(new Api(first));
    const stream = new StreamedImport(first, name);
    await stream.send(ndjson([artifact('x')]));
    const signs = new Set<unknown>();
    while (signs.size < 3) {
      const [open] = await first.database.query(`select heard_at::text as heard from artifact_import`);
      if (open) signs.add(open.heard);
      await new Api(second).post(`/repositories/${name}/artifacts?wait=30`, {
        artifacts: [artifact(`n/${signs.size}`)],
      });
    }
    const { body } = await stream.end(ndjson([artifact('y')]));
    const { body: task } = await new Api(second).get(`/repositories/${name}/tasks/${body.id}?wait=30`);
    expect(task).toMatchObject({ state: 'succeeded', outcome: { lines: { added: 2 } } });
  });

  test('close an import whose receiver is not heard of any more, which then takes no more of it', async () => {
    const { name } = await readyRepository(new Api(first));
    const stream = new StreamedImport(first, name);
    await stream.send(ndjson(Array.from({ length: 5_000 }, (_, index) => artifact(`n/${index}`))));
    const open = async () => (await new Api(second).get(`/repositories/${name}/tasks?state=waiting`)).body.items[0];
    while ((await open())?.progress.accepted !== 5_000);
    const { id } = await open();
    const silence = `update artifact_import set heard_at = heard_at - interval '1 minute' where state = 'receiving'`;
    const task = async () => (await new Api(second).get(`/repositories/${name}/tasks/${id}`)).body;
    while ((await task()).state === 'waiting') {
      await first.database.query(silence);
      await new Api(second).post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('other')] });
    }
    const { progress, outcome } = await task();
    expect(outcome.refusal.detail).toContain('the process that received it is gone');
    expect((await stream.end(ndjson([artifact('late')]))).status).toBe(409);
    expect((await task()).progress).toEqual(progress);
    expect((await new Api(second).get(`/repositories/${name}/artifacts/late`)).status).toBe(404);
  });

  test('serve a revision that the other one published', async () => {
    const { name } = await readyRepository(new Api(first));
    const url = `${second.url}/repositories/${name}/metadata/timestamp.json`;
    expect((await getJson(url)).signed.version).toBe(1);
    await new Api(second).post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('x')] });
    expect((await getJson(url)).signed.version).toBe(2);
    await new Api(first).post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('y')] });
    const deadline = Date.now() + 5_000;
    while ((await getJson(url)).signed.version !== 3) if (Date.now() > deadline) throw new Error('stale for 5 s');
  });
});

describe('a service that starts again', () => {
  test('publishes what was asked before it stopped, and goes on with the next versions (invariant 2)', async () => {
    const first = await startService();
    const { name } = await readyRepository(new Api(first));
    await first.database.query(
      `insert into task (id, repository_id, kind, change, change_bytes, state, principal, request_digest, created_at)
       values (gen_random_uuid(), 1, 'add-artifacts', $1, 1, 'waiting', 'test', '', now())`,
      [JSON.stringify({ kind: 'add-artifacts', artifacts: [artifact('before')] })],
    );
    await first.app.close();
    const again = await startService({ besides: first });
    const { body } = await new Api(again).get(`/repositories/${name}/tasks?limit=1`);
    await new Api(again).get(`/repositories/${name}/tasks/${body.items[0].id}?wait=30`);
    expect((await new Api(again).get(`/repositories/${name}/artifacts/before`)).status).toBe(200);
    await again.stop();
    await first.database.drop();
  });
});
