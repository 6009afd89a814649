import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { createTestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/service-process.js';
const ROUNDS = 4;
describe('kill -9 of the service while it publishes', () => {
    test('loses nothing that was acknowledged, applies nothing twice, and leaves no gap in the versions', async () => {
        const database = await createTestDatabase();
        const folder = await mkdtemp(join(tmpdir(), 'trs-kill-'));
        const environment = { TRS_DATA_DIR: folder, DATABASE_URL: database.url };
        const acknowledged = [];
        let name = '';
        for (let round = 0; round < ROUNDS; round += 1) {
            const service = new ServiceProcess(environment);
            const api = new Api({ url: await service.listening(), token: await adminToken(folder) });
            name ||= (await readyRepository(api, { bins: { count: 64 } })).name;
            const publishing = publishUntilKilled(api, name, round, acknowledged);
            await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 250));
            await service.stop('SIGKILL');
            await publishing;
        }
        const service = new ServiceProcess(environment);
        const api = new Api({ url: await service.listening(), token: await adminToken(folder) });
        expect(acknowledged.length).toBeGreaterThan(ROUNDS);
        for (const { id, path } of acknowledged) {
            const { body } = await api.get(`/repositories/${name}/tasks/${id}?wait=20`);
            expect([path, body.state, body.outcome?.artifacts]).toEqual([path, 'succeeded', [{ path, result: 'added' }]]);
        }
        await service.stop();
        const gaps = await database.query('select role from metadata_version group by role having count(*) <> max(version) or min(version) <> 1');
        expect(gaps).toEqual([]);
        await database.drop();
        await rm(folder, { recursive: true, force: true });
    });
});
async function adminToken(folder) {
    return (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
}
async function publishUntilKilled(api, name, round, acknowledged) {
    const publishers = Array.from({ length: 4 }, async (_, publisher) => {
        for (let count = 0;; count += 1) {
            const path = `${round}/${publisher}/${count}`;
            try {
                const { status, body } = await api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact(path)] });
                if (status === 202)
                    acknowledged.push({ id: body.id, path });
            }
            catch {
                return; // the service is gone
            }
        }
    });
    await Promise.all(publishers);
}
