import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { chained } from '../support/audit.js';
import { readyRepository } from '../support/ceremony.js';
import { createTestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/service-process.js';
import { runTrs } from '../support/trs.js';

const ROUNDS = 4;

describe('kill -9 of the service while it publishes', () => {
  test('loses nothing that was acknowledged, applies nothing twice, and leaves no gap in the versions', async () => {
    const database = await createTestDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'trs-kill-'));
    const environment = { TRS_DATA_DIR: folder, DATABASE_URL: database.url };
    const acknowledged: { id: string; path: string }[] = [];
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
    await chained(api);
    const verification = await runTrs(['audit', 'verify'], folder, {
      TRS_SERVER: await service.listening(),
      TRS_TOKEN: await adminToken(folder),
    });
    expect([verification.code, verification.out]).toEqual([0, expect.stringContaining('intact')]);
    await service.stop();
    const unaudited = await database.query(
      `select id from task where state <> 'waiting' and (
         not exists (select from audit_entry where audit_entry.task = task.id)
         or not exists (select from audit_entry entry, json_array_elements(entry.target -> 'tasks') as settled
           where settled ->> 'task' = task.id::text))`,
    );
    expect(unaudited).toEqual([]);
    const gaps = await database.query(
      'select role from metadata_version group by role having count(*) <> max(version) or min(version) <> 1',
    );
    expect(gaps).toEqual([]);
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });
});

async function adminToken(folder: string): Promise<string> {
  return (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
}

async function publishUntilKilled(
  api: Api,
  name: string,
  round: number,
  acknowledged: { id: string; path: string }[],
): Promise<void> {
  const publishers = Array.from({ length: 4 }, async (_, publisher) => {
    for (let count = 0; ; count += 1) {
      const path = `${round}/${publisher}/${count}`;
      try {
        const { status, body } = await api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact(path)] });
        if (status === 202) acknowledged.push({ id: body.id, path });
      } catch {
        return; // the service is gone
      }
    }
  });
  await Promise.all(publishers);
}
