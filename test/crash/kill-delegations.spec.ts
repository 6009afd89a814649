import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import type { Root } from '../../src/tuf/metadata.js';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, type OfflineKey, onlineKey, readyRepository, signatureBy } from '../support/ceremony.js';
import { createTestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/service-process.js';
import { nothingWaits } from '../support/waiting-tasks.js';

/** One more each round, each with the service killed somewhere in it. */
const COUNTS = [256, 8, 1_024, 2];

interface Scene {
  readonly api: Api;
  readonly url: string;
  readonly name: string;
  readonly rootKey: OfflineKey;
  /** Whose artifacts the service has acknowledged. */
  readonly paths: string[];
}

describe('kill -9 of the service while bins and online keys change', () => {
  test('leaves the old state or the new one, and every artifact in it', async () => {
    const database = await createTestDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'trs-kill-'));
    const environment = { TRS_DATA_DIR: folder, DATABASE_URL: database.url };
    const paths: string[] = [];
    let repository: Awaited<ReturnType<typeof readyRepository>> | undefined;
    for (const count of [...COUNTS, null]) {
      const service = new ServiceProcess(environment);
      const url = await service.listening();
      const api = new Api({ url, token: (await readFile(join(folder, 'admin-token'), 'utf8')).trim() });
      repository ??= await readyRepository(api, { bins: { count: 64 } });
      const { name, root, rootKey } = repository;
      const scene = { api, url, name, rootKey, paths };
      await nothingWaits(api, name);
      await assertFound(scene, root, folder);
      if (count !== null) {
        await ask(scene, count);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
      }
      await service.stop(count === null ? 'SIGTERM' : 'SIGKILL');
    }
    const gaps = await database.query(
      'select role from metadata_version group by role having count(*) <> max(version) or min(version) <> 1',
    );
    expect(gaps).toEqual([]);
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });
});

/** A change of bins, a new online key and artifacts, all of them acknowledged and none waited for. */
async function ask({ api, url, name, rootKey, paths }: Scene, count: number): Promise<void> {
  const { body } = await api.get(`/repositories/${name}`);
  const current = await getJson(`${url}/repositories/${name}/metadata/${body.roles[0].version}.root.json`);
  const next = nextRoot(current.signed as Root, [rootKey], 1, await onlineKey(api));
  const root = { signed: next, signatures: [signatureBy(rootKey, next)] };
  const added = Array.from({ length: 10 }, (_, index) => `${count}/${index}`);
  const answers = await Promise.all([
    api.put(`/repositories/${name}/roles/root/metadata`, root),
    api.put(`/repositories/${name}/roles/targets/bins`, { count }),
    ...added.map((path) => api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact(path)] })),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  paths.push(...added);
}

/** A client that trusts the first root finds every artifact. */
async function assertFound({ url, name, paths }: Scene, root: object, folder: string): Promise<void> {
  const metadataDir = await mkdtemp(join(folder, 'client-'));
  await writeFile(join(metadataDir, 'root.json'), JSON.stringify(root));
  const client = new Updater({ metadataDir, metadataBaseUrl: `${url}/repositories/${name}/metadata/` });
  await client.refresh();
  const found = await Promise.all(paths.map((path) => client.getTargetInfo(path)));
  expect(found.map((target) => target?.path)).toEqual(paths);
}
