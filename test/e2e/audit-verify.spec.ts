import type { AuditEntry } from '../../src/audit-chain/audit-entry.js';
import { linked, NO_LINKS } from '../../src/audit-chain/chain.js';
import { canonicalBytes } from '../../src/tuf/canonical-json.js';
import { verifySignature } from '../../src/tuf/signature.js';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { auditEntries, chained, checkpointOver, tamper } from '../support/audit.js';
import { onlineKey, type ReadyRepository, readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { TrsDesk } from '../support/trs-desk.js';

const INTACT = 0;
const NOT_INTACT = 4;

let service: TestService;
let api: Api;
let desk: TrsDesk;
let repository: ReadyRepository;

/** The checkpoint that somebody keeps elsewhere. */
let kept: string;

beforeAll(async () => {
  service = await startService({ environment: { TRS_AUDIT_CHECKPOINT_INTERVAL: '1' } });
  api = new Api(service);
  desk = await TrsDesk.at(service);
});

afterAll(async () => {
  await desk.leave();
  await service.stop();
});

beforeEach(async () => {
  repository = await readyRepository(api);
  for (const path of ['a', 'b', 'c']) {
    await api.post(`/repositories/${repository.name}/artifacts?wait=30`, { artifacts: [artifact(path)] });
  }
  const { length } = await chained(api, repository.name);
  kept = `${repository.name}.checkpoint.json`;
  await desk.write(kept, JSON.stringify(await checkpointOver(service, repository.name, length)));
  await desk.write(`${repository.name}.root.json`, JSON.stringify(repository.root));
});

const verify = (...more: string[]) => desk.trs(['audit', 'verify', '--repository', repository.name, ...more]);

describe('trs audit verify', () => {
  test('finds what was written intact: one chain, all of them, an export, and by kept checkpoints', async () => {
    const one = await verify('--checkpoint', kept, '--root', `${repository.name}.root.json`);
    expect([one.code, one.out]).toEqual([INTACT, expect.stringContaining('intact')]);
    await desk.fine(['audit', 'export', '--out', `${repository.name}.jsonl`]);
    const answers = [
      await desk.json('audit', 'verify', '--checkpoint', kept),
      await desk.json('audit', 'verify', '--file', `${repository.name}.jsonl`, '--checkpoint', kept),
    ];
    for (const { isIntact, chains } of answers) {
      expect(isIntact).toBe(true);
      expect(chains.map((chain: { repository: string }) => chain.repository)).toEqual(
        expect.arrayContaining([null, repository.name]),
      );
      expect(chains.find((chain: { repository: string }) => chain.repository === repository.name).length).toBe(8);
    }
  });

  test('says how many entries have no place in the chain yet', async () => {
    await service.database.query(`insert into audit_entry (id, at, repository, action, target)
      values (gen_random_uuid(), now(), '${repository.name}', 'resign', '{}')`);
    const { chains, isIntact } = await desk.json('audit', 'verify', '--repository', repository.name);
    expect([isIntact, chains[0].unlinked]).toEqual([true, 1]);
  });

  const entryAt = (position: number) =>
    `sequence = (select sequence from audit_link where repository = '${repository.name}' and position = ${position})`;

  test.each<[string, () => string[], RegExp]>([
    [
      'a row that was edited',
      () => [`update audit_entry set principal = 'somebody else' where ${entryAt(3)}`],
      /entry 3 is not what was written/,
    ],
    [
      'a digest that was edited',
      () => [`update audit_entry set after = before where ${entryAt(4)}`],
      /entry 4 is not what was written/,
    ],
    ['a row that was deleted', () => [`delete from audit_entry where ${entryAt(3)}`], /entry 3 is missing/],
    [
      'a row that was deleted with its link',
      () => [
        `delete from audit_entry where ${entryAt(3)}`,
        `delete from audit_link where repository = '${repository.name}' and position = 3`,
      ],
      /entry 3 is missing/,
    ],
    [
      'a row that was moved to the chain of another repository',
      () => [`update audit_entry set repository = 'other' where ${entryAt(3)}`],
      /entry 3 is of another chain/,
    ],
    [
      'a link whose hash was edited',
      () => [`update audit_link set hash = repeat('0', 64) where repository = '${repository.name}' and position = 5`],
      /entry 5 is not what was written/,
    ],
    [
      'a tail that was cut off, by the last signed checkpoint',
      () => [
        `delete from audit_entry where sequence in
           (select sequence from audit_link where repository = '${repository.name}' and position > 6)`,
        `delete from audit_link where repository = '${repository.name}' and position > 6`,
      ],
      /ends after 6 entries, where it had 8/,
    ],
    [
      'a chain that is gone altogether',
      () => [
        `delete from audit_entry where repository = '${repository.name}'`,
        `delete from audit_link where repository = '${repository.name}'`,
      ],
      /ends after 0 entries, where it had 8/,
    ],
  ])('finds %s', async (_, statements, fault) => {
    await tamper(service, ...statements());
    const { code, out } = await verify();
    expect([code, out]).toEqual([NOT_INTACT, expect.stringMatching(fault)]);
  });

  test('finds a history that was written anew, hashes and all, by a checkpoint that was kept elsewhere', async () => {
    await rewriteHistory(({ principal, ...entry }) => ({ ...entry, principal: principal && 'somebody else' }));
    const [entry] = await auditEntries(api, repository.name, '&principal=somebody%20else');
    expect(entry.action).toBe('add-artifacts');
    expect((await verify()).code).toBe(INTACT); // nothing that is in the database can tell
    const { code, out } = await verify('--checkpoint', kept);
    expect([code, out]).toEqual([NOT_INTACT, expect.stringContaining('the history was rewritten')]);
  });

  test('finds a tail that was cut off together with the checkpoint in the database', async () => {
    await tamper(
      service,
      `delete from audit_entry where sequence in
         (select sequence from audit_link where repository = '${repository.name}' and position > 6)`,
      `delete from audit_link where repository = '${repository.name}' and position > 6`,
      `delete from audit_checkpoint`,
    );
    expect((await verify('--checkpoint', kept)).out).toContain('ends after 6 entries, where it had 8');
  });

  test('finds a line that was changed in an export, and an export that was cut off', async () => {
    const file = `${repository.name}.jsonl`;
    await desk.fine(['audit', 'export', '--repository', repository.name, '--out', file]);
    const text = await desk.read(file);
    await desk.write('changed.jsonl', text.replace('"add-artifacts"', '"remove-artifacts"'));
    await desk.write('cut.jsonl', `${text.trimEnd().split('\n').slice(0, -2).join('\n')}\n`);
    const codes = await Promise.all(
      [file, 'changed.jsonl', 'cut.jsonl'].map(
        async (name) => (await desk.trs(['audit', 'verify', '--file', name])).code,
      ),
    );
    expect(codes).toEqual([INTACT, NOT_INTACT, NOT_INTACT]);
  });

  test('refuses a checkpoint that no timestamp key of the trusted root signed', async () => {
    const checkpoint = JSON.parse(await desk.read(kept));
    const signature = { ...checkpoint.signatures[0], sig: '00'.repeat(64) };
    await desk.write('forged.json', JSON.stringify({ ...checkpoint, signatures: [signature] }));
    const { code, out } = await verify('--checkpoint', 'forged.json', '--root', `${repository.name}.root.json`);
    expect([code, out]).toEqual([NOT_INTACT, expect.stringContaining('no timestamp key of the given root signed it')]);
  });

  test.each([
    ['metadata in the place of a checkpoint', ['--checkpoint', 'ROOT'], 2],
    ['a file that is no export', ['--file', 'ROOT'], 2],
    ['a file that is not there', ['--checkpoint', 'missing.json'], 2],
  ])('refuses %s', async (_, flags, expected) => {
    const args = flags.map((flag) => (flag === 'ROOT' ? `${repository.name}.root.json` : flag));
    expect((await desk.trs(['audit', 'verify', ...args])).code).toBe(expected);
  });
});

/** What somebody with the database alone can do: every entry, link and hash anew, and no trace of the checkpoints. */
async function rewriteHistory(rewrite: (entry: AuditEntry) => AuditEntry): Promise<void> {
  const { body } = await api.get(`/repositories/${repository.name}/audit/links?limit=1000`);
  const entries = body.items.map(({ entry }: { entry: AuditEntry }) => rewrite(entry));
  const links = linked(NO_LINKS, entries);
  await tamper(
    service,
    ...links.flatMap(({ position, hash, entry }) => [
      `update audit_entry set principal = ${entry.principal === null ? 'null' : `'${entry.principal}'`} where id = '${entry.id}'`,
      `update audit_link set hash = '${hash}' where repository = '${repository.name}' and position = ${position}`,
    ]),
    'delete from audit_checkpoint',
  );
}

describe('a checkpoint', () => {
  test('is public, and signed by the timestamp key of the repository', async () => {
    const { signatures, signed } = JSON.parse(await desk.read(kept));
    expect(signed).toEqual({
      _type: 'trs-audit-checkpoint',
      repository: repository.name,
      issued: expect.stringMatching(/Z$/),
      chains: {
        repository: { length: 8, hash: (await chained(api, repository.name)).hash },
        service: { length: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
    const { keyids } = repository.root.signed.roles.timestamp;
    const [signature] = signatures;
    expect(keyids).toContain(signature.keyid);
    const key = repository.root.signed.keys[signature.keyid];
    expect(key && verifySignature(key, canonicalBytes(signed), signature)).toBe(true);
  });

  test('follows the chain, and what happens beside the repository', async () => {
    const before = JSON.parse(await desk.read(kept));
    await onlineKey(api);
    const { body } = await api.get('/audit/chains?limit=1');
    await api.post(`/repositories/${repository.name}/artifacts?wait=30`, { artifacts: [artifact('d')] });
    const after = await checkpointOver(service, repository.name, 10);
    expect(after.signed.chains.repository.length).toBe(10);
    expect(after.signed.chains.service.length).toBeGreaterThanOrEqual(body.items[0].entries);
    expect(after.signed.issued > before.signed.issued).toBe(true);
  });

  test('is no more than a number and a hash of what happened', async () => {
    const text = await desk.read(kept);
    for (const secret of ['administrator', '127.0.0.1', 'add-artifacts']) expect(text).not.toContain(secret);
  });

  test('of a repository that is not there is 404', async () => {
    expect((await getJson(`${service.url}/repositories/missing/audit/checkpoint.json`)).code).toBe(
      'checkpoint-unknown',
    );
  });
});

describe('trs audit list', () => {
  test('shows who did what, newest first', async () => {
    const out = await desk.fine(['audit', 'list', '--repository', repository.name, '--action', 'add-artifacts']);
    const lines = out.trim().split('\n').slice(1);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/administrator +127\.0\.0\.1 +add-artifacts .*"c"/);
    expect(await desk.json('audit', 'list', '--principal', 'nobody')).toEqual([]);
  });
});
