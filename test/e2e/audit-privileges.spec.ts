import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { auditEntries } from '../support/audit.js';
import { builtFile } from '../support/built.js';
import { readyRepository } from '../support/ceremony.js';
import { asAdministrator, createTestDatabase, type TestDatabase } from '../support/database.js';
import { runTool } from '../support/run-tool.js';
import { startService, type TestService } from '../support/service.js';

const EDITS = ['audit_entry', 'audit_link'].flatMap((table) => [
  `update ${table} set repository = 'other'`,
  `delete from ${table}`,
  `truncate ${table}`,
]);

describe('the audit log in the database', () => {
  let owned: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    owned = await createTestDatabase();
    const printed = await runTool(process.execPath, [builtFile('migrate.js')], { DATABASE_URL: owned.url });
    expect(printed.toString()).toBe('The schema is up to date.\n');
    service = await startService({ database: await asServiceUser(owned) });
  });

  afterAll(() => service.stop());

  test('is written by a service whose database user does not own the tables, as docs/operating.md sets it up', async () => {
    const api = new Api(service);
    const { name } = await readyRepository(api);
    await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('x')] });
    const actions = (await auditEntries(api, name)).map(({ action }) => action);
    expect(actions).toEqual(['publish-revision', 'add-artifacts', 'publish-revision', 'create-repository']);
  });

  test.each(EDITS)('has no privilege for the service user: %s', async (statement) => {
    await expect(service.database.query(statement)).rejects.toThrow(/permission denied for table audit_/);
  });

  test.each([
    'alter table audit_entry disable trigger all',
    'drop trigger audit_entry_is_append_only on audit_entry',
    'drop table audit_link',
    'create or replace function refuse_edit_of_audit_log() returns trigger language plpgsql as $$ begin return new; end $$',
    'set session_replication_role = replica',
  ])('cannot be opened by the service user: %s', async (statement) => {
    await expect(service.database.query(statement)).rejects.toThrow(/must be owner|permission denied/);
  });

  test.each(EDITS)('is guarded by a trigger against its owner, too: %s', async (statement) => {
    await expect(owned.query(statement)).rejects.toThrow(/the audit log is append-only/);
  });
});

/** The SQL of docs/operating.md, with names of this test. */
async function asServiceUser(owned: TestDatabase): Promise<TestDatabase> {
  const [user, password] = [`trs_${randomBytes(6).toString('hex')}`, randomBytes(12).toString('hex')];
  const page = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');
  const sql = /```sql\n(create role trs_service[^`]*)```/.exec(page)?.[1] ?? '';
  const [creation = '', ...grants] = sql
    .replaceAll('trs_service', user)
    .replace('CHOOSE-ONE', password)
    .split(/(?<=;)\n/);
  await asAdministrator(creation);
  await owned.query(grants.join('\n'));
  const drop = async () => {
    await owned.drop();
    await asAdministrator(`drop role ${user}`);
  };
  return { ...owned, ...owned.as(user, password), drop };
}
