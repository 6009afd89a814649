import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import type { Api } from '../support/api.js';
import { chained } from '../support/audit.js';
import type { TestDatabase } from '../support/database.js';
import { runTrs } from '../support/trs.js';
import type { Load } from './load.js';

/** Every acknowledged change was applied, once, and nothing was applied that nobody was told of. */
export async function expectAllPublished(api: Api, repository: string, { acknowledged }: Load): Promise<void> {
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(new Set(acknowledged.map(({ id }) => id)).size).toBe(acknowledged.length);
  for (const { id, path } of acknowledged) {
    const { body } = await api.get(`/repositories/${repository}/tasks/${id}?wait=30`);
    expect([path, body.state, body.outcome?.artifacts[0]]).toEqual([path, 'succeeded', { path, result: 'added' }]);
  }
}

/** From 1 on, without a gap; the key of the table has each version once. */
export async function expectContiguousVersions(database: Pick<TestDatabase, 'query'>): Promise<void> {
  const gaps = await database.query(
    'select role from metadata_version group by role having count(*) <> max(version) or min(version) <> 1',
  );
  expect(gaps).toEqual([]);
  const revisions = await database.query('select count(*) = max(number) as contiguous from revision');
  expect(revisions).toEqual([{ contiguous: true }]);
}

/** The audit log tells of every task, once when it was asked for and once when it was settled, and its chains are whole. */
export async function expectAudited(
  database: Pick<TestDatabase, 'query'>,
  api: Api,
  { url, token }: { readonly url: string; readonly token: string },
  folder: string,
): Promise<void> {
  await chained(api);
  const verification = await runTrs(['audit', 'verify'], folder, { TRS_SERVER: url, TRS_TOKEN: token });
  expect([verification.code, verification.out]).toEqual([0, expect.stringContaining('intact')]);
  const wrong = await database.query(
    `with settled as (
       select settled ->> 'task' as id, count(*) as times from audit_entry entry,
         json_array_elements(case when json_typeof(entry.target -> 'tasks') = 'array' then entry.target -> 'tasks' else '[]' end) as settled
       group by 1
     ), asked as (select task as id, count(*) as times from audit_entry where task is not null group by 1)
     select task.id from task left join settled on settled.id = task.id::text left join asked on asked.id = task.id
     where task.state <> 'waiting' and (settled.times is distinct from 1 or asked.times is distinct from 1)`,
  );
  expect(wrong).toEqual([]);
}

/** A client that comes now, and trusts the first root, finds all of it. */
export async function expectFound(
  metadataBaseUrl: string,
  root: object,
  folder: string,
  { acknowledged, latest }: Load,
): Promise<void> {
  const metadataDir = await mkdtemp(join(folder, 'new-client-'));
  await writeFile(join(metadataDir, 'root.json'), JSON.stringify(root));
  const client = new Updater({ metadataDir, metadataBaseUrl });
  await client.refresh();
  for (const { path } of acknowledged) expect((await client.getTargetInfo(path))?.path).toBe(path);
  for (const [path, sha256] of latest) expect((await client.getTargetInfo(path))?.hashes).toEqual({ sha256 });
}
