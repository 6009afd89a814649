import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService } from '../support/service.js';
let service;
let api;
let name;
beforeAll(async () => {
    service = await startService();
    api = new Api(service);
    name = (await readyRepository(api)).name;
});
afterAll(() => service.stop());
const add = (path, query = '') => api.post(`/repositories/${name}/artifacts${query}`, { artifacts: [artifact(path)] });
async function events(task) {
    const response = await fetch(`${service.url}/api/v1/repositories/${name}/tasks/${task}/events`, {
        headers: { authorization: `Bearer ${service.token}` },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    return [...text.matchAll(/event: (.*)\n(?:id: .*\n)?data: (.*)\n/g)].map(([, event = '', data = '']) => ({
        event,
        data,
    }));
}
describe('tasks', () => {
    test('are listed newest first, by state and page by page', async () => {
        for (const path of ['l/1', 'l/2', 'l/3'])
            await add(path, '?wait=30');
        const first = await api.get(`/repositories/${name}/tasks?limit=2&state=succeeded`);
        const second = await api.get(`/repositories/${name}/tasks?limit=2&cursor=${first.body.next}`);
        const paths = [...first.body.items, ...second.body.items].map(({ outcome }) => outcome.artifacts?.[0].path);
        expect(paths.slice(0, 3)).toEqual(['l/3', 'l/2', 'l/1']);
        expect((await api.get(`/repositories/${name}/tasks?state=waiting`)).body).toEqual({ items: [], next: null });
    });
    test('are waited for', async () => {
        const { body } = await add('w/1');
        expect((await api.get(`/repositories/${name}/tasks/${body.id}?wait=30`)).body.state).toBe('succeeded');
    });
    test('are followed by server-sent events until they are settled', async () => {
        const { body } = await add('e/1');
        const sent = await events(body.id);
        const last = sent.at(-1);
        expect(last?.event).toBe('task');
        expect(JSON.parse(last?.data ?? '')).toMatchObject({ id: body.id, state: 'succeeded' });
        expect(await events(body.id)).toHaveLength(1);
    });
    test.each([
        ['6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11', 404, 'task-unknown'],
        ['not-a-uuid', 400, 'request-invalid'],
    ])('%s is %i', async (id, status, code) => {
        expect(await api.get(`/repositories/${name}/tasks/${id}`)).toMatchObject({ status, body: { code } });
    });
    test('of one repository are not seen through another', async () => {
        const { body } = await add('o/1', '?wait=30');
        const other = (await readyRepository(api)).name;
        expect((await api.get(`/repositories/${other}/tasks/${body.id}`)).status).toBe(404);
    });
    test.each(['x', 'MTIz!', Buffer.from('abc').toString('base64url')])('refuse the cursor %s', async (cursor) => {
        expect(await api.get(`/repositories/${name}/tasks?cursor=${cursor}`)).toMatchObject({
            status: 400,
            body: { code: 'request-invalid' },
        });
    });
});
