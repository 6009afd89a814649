import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService } from '../support/service.js';
describe('two services on one database', () => {
    let first;
    let second;
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
        const answers = await Promise.all(paths.map((path, index) => new Api(index % 2 ? first : second).post(`/repositories/${name}/artifacts?wait=30`, {
            artifacts: [artifact(path)],
        })));
        expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
        const { body } = await new Api(second).get(`/repositories/${name}`);
        expect(body.artifactCount).toBe(120);
        const versions = await first.database.query(`select role, count(*)::integer as count, max(version) as highest from metadata_version group by role`);
        expect(versions.filter(({ count, highest }) => count !== highest)).toEqual([]);
    });
    test('serve a revision that the other one published', async () => {
        const { name } = await readyRepository(new Api(first));
        const url = `${second.url}/repositories/${name}/metadata/timestamp.json`;
        expect((await getJson(url)).signed.version).toBe(1);
        await new Api(second).post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('x')] });
        expect((await getJson(url)).signed.version).toBe(2);
        await new Api(first).post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('y')] });
        const deadline = Date.now() + 5_000;
        while ((await getJson(url)).signed.version !== 3)
            if (Date.now() > deadline)
                throw new Error('stale for 5 s');
    });
});
describe('a service that starts again', () => {
    test('publishes what was asked before it stopped, and goes on with the next versions (invariant 2)', async () => {
        const first = await startService();
        const { name } = await readyRepository(new Api(first));
        await first.database.query(`insert into task (id, repository_id, kind, change, change_bytes, state, principal, request_digest, created_at)
       values (gen_random_uuid(), 1, 'add-artifacts', $1, 1, 'waiting', 'test', '', now())`, [JSON.stringify({ kind: 'add-artifacts', artifacts: [artifact('before')] })]);
        await first.app.close();
        const again = await startService({ besides: first });
        const { body } = await new Api(again).get(`/repositories/${name}/tasks?limit=1`);
        await new Api(again).get(`/repositories/${name}/tasks/${body.items[0].id}?wait=30`);
        expect((await new Api(again).get(`/repositories/${name}/artifacts/before`)).status).toBe(200);
        await again.stop();
        await first.database.drop();
    });
});
