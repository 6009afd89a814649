import { createHash } from 'node:crypto';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { auditEntries, chained } from '../support/audit.js';
import {
  nextRoot,
  offlineKey,
  onlineKey,
  propose,
  type ReadyRepository,
  readyRepository,
  signEvent,
} from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { importAll, ndjson } from '../support/streamed-import.js';
import { tokenWith } from '../support/tokens.js';

const GITHUB = 'https://token.actions.githubusercontent.com';

let service: TestService;
let api: Api;
let repository: ReadyRepository;

beforeAll(async () => {
  service = await startService({ environment: { TRS_OIDC_ISSUERS: GITHUB } });
  api = new Api(service);
  repository = await readyRepository(api);
});

afterAll(() => service.stop());

const add = (name: string, path: string, headers = {}) =>
  api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact(path)] }, headers);

async function ownTokenId(): Promise<string> {
  return (await service.database.query('select id from access_token order by created_at limit 1'))[0]?.id as string;
}

async function sha256Of(path: string): Promise<string> {
  const response = await fetch(`${service.url}/repositories/${path}`);
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
}

describe('the audit log', () => {
  test('says who asked for a change, when, from where, for what, and by which task', async () => {
    const { name } = await readyRepository(api);
    const before = Date.now();
    const { body: task } = await add(name, 'app/1.0/app.tar.gz');
    const [entry] = await auditEntries(api, name, '&action=add-artifacts');
    expect(entry).toMatchObject({
      repository: name,
      principal: 'administrator',
      credential: await ownTokenId(),
      address: '127.0.0.1',
      target: { artifacts: { count: 1, first: ['app/1.0/app.tar.gz'] } },
      task: task.id,
      revision: null,
    });
    expect(Date.parse(entry.at)).toBeGreaterThanOrEqual(before);
    expect(entry.at).toBe(task.createdAt);
  });

  test('binds the stored change to the entry by its digest', async () => {
    const { name } = await readyRepository(api);
    const { body: task } = await add(name, 'x');
    const [entry] = await auditEntries(api, name, '&action=add-artifacts');
    const [row] = await service.database.query('select change::text as change from task where id = $1', [task.id]);
    expect(entry.target.changeDigest).toBe(createHash('sha256').update(String(row?.change)).digest('hex'));
  });

  test('says which revision settled which tasks, and what clients saw before and see since', async () => {
    const { name } = await readyRepository(api);
    const metadata = `${name}/metadata`;
    const timestampBefore = await sha256Of(`${metadata}/timestamp.json`);
    const { body: task } = await add(name, 'x');
    const [entry] = await auditEntries(api, name);
    expect(entry).toMatchObject({
      action: 'publish-revision',
      principal: null,
      address: null,
      revision: task.revision,
      target: { tasks: [{ task: task.id, state: 'succeeded' }] },
      before: {
        timestamp: { version: 1, sha256: timestampBefore },
        snapshot: { version: 1, sha256: await sha256Of(`${metadata}/1.snapshot.json`) },
      },
      after: {
        timestamp: { version: 2, sha256: await sha256Of(`${metadata}/timestamp.json`) },
        snapshot: { version: 2, sha256: await sha256Of(`${metadata}/2.snapshot.json`) },
      },
    });
  });

  test('says of the first revision that there was nothing before, and names its root', async () => {
    const { name } = await readyRepository(api);
    const entries = await auditEntries(api, name);
    expect(entries.map(({ action }) => action)).toEqual(['publish-revision', 'create-repository']);
    expect(entries[0]).toMatchObject({ before: null, after: { root: { version: 1 }, timestamp: { version: 1 } } });
  });

  test('says what the service signs again by itself', async () => {
    const { name } = await readyRepository(api);
    service.clock.advance(20 * 3_600);
    while ((await getJson(`${service.url}/repositories/${name}/metadata/timestamp.json`)).signed.version === 1);
    const [entry] = await auditEntries(api, name);
    expect(entry).toMatchObject({
      action: 'publish-revision',
      principal: null,
      target: { tasks: [] },
      before: { timestamp: { version: 1 } },
      after: { timestamp: { version: 2 } },
    });
    expect(entry.after.snapshot).toBeUndefined();
  });

  test('says of a change that was refused by the publisher that nothing was published', async () => {
    const { name } = await readyRepository(api);
    const { body } = await api.delete(`/repositories/${name}/artifacts/missing?wait=30`);
    const [settled, asked] = await auditEntries(api, name);
    expect(asked).toMatchObject({ action: 'remove-artifacts', task: body.task.id });
    expect(settled).toMatchObject({
      action: 'settle-tasks',
      revision: null,
      target: { tasks: [{ task: body.task.id, state: 'refused' }] },
      before: null,
      after: null,
    });
  });

  test('makes no second entry for a repeated request', async () => {
    const { name } = await readyRepository(api);
    for (let count = 0; count < 3; count += 1) await add(name, 'x', { 'idempotency-key': 'once' });
    expect(await auditEntries(api, name, '&action=add-artifacts')).toHaveLength(1);
  });

  test('gives every task of a burst its settlement, in entries of a bounded size', async () => {
    const { name } = await readyRepository(api);
    await service.database.query(
      `insert into task (id, repository_id, kind, change, change_bytes, state, principal, request_digest, created_at)
       select gen_random_uuid(), (select id from repository where name = $1), 'add-artifacts',
         json_build_object('kind', 'add-artifacts', 'artifacts', json_build_array($2::json)), 1, 'waiting', 'test', '', now()
       from generate_series(1, 600)`,
      [name, JSON.stringify(artifact('same'))],
    );
    await add(name, 'x');
    const entries = await auditEntries(api, name);
    const settled = entries
      .filter(({ action }) => action !== 'add-artifacts')
      .flatMap(({ target }) => target.tasks ?? []);
    const tasks = await service.database.query(
      'select id from task where repository_id = (select id from repository where name = $1)',
      [name],
    );
    expect(settled.map(({ task }) => task).sort()).toEqual(tasks.map(({ id }) => id).sort());
    expect(Math.max(...entries.map(({ target }) => target.tasks?.length ?? 0))).toBe(250);
  });
});

describe('every mutation has its entry', () => {
  const path = () => `/repositories/${repository.name}`;
  const role = 'team';

  test.each<[string, () => Promise<unknown>, object]>([
    ['add-key', () => api.post('/keys', { name: 'a key' }), { target: { name: 'a key', kind: 'online' } }],
    [
      'rename-key',
      async () => api.patch(`/keys/${(await onlineKey(api)).keyId}`, { name: 'renamed' }),
      { target: { name: 'renamed' } },
    ],
    ['create-repository', () => readyRepository(api), { target: { role: 'root', version: 1 } }],
    ['add-artifacts', () => add(repository.name, 'a'), { target: { artifacts: { count: 1, first: ['a'] } } }],
    [
      'remove-artifacts',
      () => api.post(`${path()}/artifacts/removals?wait=30`, { paths: ['a'] }),
      { target: { artifacts: { count: 1, first: ['a'] } } },
    ],
    [
      'update-settings',
      () => api.patch(`${path()}/settings?wait=30`, { expiry: { timestamp: { days: 2 } } }),
      { target: { settings: ['expiry'] } },
    ],
    ['resign', () => api.post(`${path()}/roles/renewals?wait=30`, { roles: ['timestamp'] }), {}],
    [
      'set-bins',
      () => api.put(`${path()}/roles/targets/bins?wait=30`, { count: 8 }),
      { target: { role: 'targets', bins: 8 } },
    ],
    [
      'set-root',
      () =>
        propose(api, repository.name, nextRoot(repository.root.signed, [repository.rootKey, offlineKey()], 1), [
          repository.rootKey,
        ]),
      { target: { role: 'root', version: 2 } },
    ],
  ])('%s', async (action, mutate, expected) => {
    await mutate();
    const [entry] = await auditEntries(api, undefined, `&action=${action}`);
    expect(entry).toMatchObject({ action, principal: 'administrator', address: '127.0.0.1', ...expected });
  });

  test('create-token, revoke-token, by which token, and never the token itself', async () => {
    const first = await tokenWith(service, { name: 'first', scopes: ['tokens:write', 'keys:read'] });
    const second = await tokenWith(service, { name: 'second', scopes: ['keys:read'] }, first.api);
    await first.api.delete(`/tokens/${second.id}`);
    await first.api.delete(`/tokens/${second.id}`);
    const entries = await auditEntries(api);
    expect(entries.filter(({ credential }) => credential === first.id)).toMatchObject([
      { action: 'revoke-token', principal: 'first', target: { token: second.id, name: 'second' } },
      { action: 'create-token', principal: 'first', target: { token: second.id, scopes: ['keys:read'], paths: null } },
    ]);
    expect(entries.at(-1)).toMatchObject({ action: 'create-token', principal: null, target: { scopes: ['admin'] } });
    for (const { token } of [first, second, service]) expect(JSON.stringify(entries)).not.toContain(token);
  });

  test('add-trusted-publisher, remove-trusted-publisher', async () => {
    const rule = {
      name: 'releases',
      issuer: GITHUB,
      audience: 'https://trs.example.com',
      claims: { repository: 'acme/app', repository_owner_id: '1' },
      scopes: ['artifacts:write'],
    };
    const { body } = await api.post('/trusted-publishers', rule);
    await api.delete(`/trusted-publishers/${body.id}`);
    const [removed, added] = await auditEntries(api);
    const target = { trustedPublisher: body.id, name: 'releases' };
    expect(removed).toMatchObject({ action: 'remove-trusted-publisher', target });
    expect(added).toMatchObject({
      action: 'add-trusted-publisher',
      target: { ...target, claims: { repository: ['acme/app'] } },
    });
  });

  test('import-artifacts, and what became of its lines', async () => {
    const { name } = await readyRepository(api);
    const lines = ndjson([artifact('a'), artifact('b')]);
    const { body: task } = await importAll(service, name, lines, { query: '?wait=60' });
    const [settled, published, asked] = await auditEntries(api, name);
    expect(asked).toMatchObject({ action: 'import-artifacts', task: task.id, target: { format: 'ndjson' } });
    expect(published).toMatchObject({ action: 'publish-revision', revision: 2, after: { timestamp: { version: 2 } } });
    expect(settled).toMatchObject({
      action: 'settle-tasks',
      revision: 2,
      target: { tasks: [{ task: task.id, state: 'succeeded' }], lines: { added: 2, replaced: 0 } },
    });
  });

  test('add-role, update-role, remove-role', async () => {
    const { name } = await readyRepository(api, { bins: null });
    const roles = `/repositories/${name}/roles`;
    const { keyId } = await onlineKey(api);
    await api.post(`${roles}?wait=30`, {
      name: role,
      delegator: 'targets',
      paths: ['team/*'],
      keys: [keyId],
      threshold: 1,
      terminating: false,
    });
    await api.patch(`${roles}/${role}?wait=30`, { terminating: true });
    await api.delete(`${roles}/${role}?wait=30`);
    const entries = await auditEntries(api, name);
    const asked = entries.filter(({ principal }) => principal !== null);
    expect(asked.map(({ action, target }) => [action, target.role])).toEqual([
      ['remove-role', role],
      ['update-role', role],
      ['add-role', role],
      ['create-repository', 'root'],
    ]);
  });

  test('add-signature, withdraw-signing-event', async () => {
    const { name, root, rootKey } = await readyRepository(api);
    const second = offlineKey();
    const signed = nextRoot(root.signed, [rootKey, second], 2);
    const { body } = await propose(api, name, signed, [rootKey]);
    const { signingEvent } = body.outcome;
    await signEvent(api, name, signingEvent, second);
    const { body: renewal } = await propose(api, name, nextRoot(signed, [second, offlineKey()], 2), [rootKey]);
    const withdrawn = renewal.outcome.signingEvent;
    await api.post(`/repositories/${name}/signing-events/${withdrawn}/withdrawal?wait=30`, { reason: 'a rehearsal' });
    const [withdrawal, , signature] = (await auditEntries(api, name)).filter(({ principal }) => principal !== null);
    expect(withdrawal).toMatchObject({
      action: 'withdraw-signing-event',
      target: { signingEvent: withdrawn, reason: 'a rehearsal' },
    });
    expect(signature).toMatchObject({ action: 'add-signature', target: { signingEvent, keyId: second.keyId } });
  });
});

describe('the list of entries', () => {
  test('is of one repository, or of all and what concerns none', async () => {
    const { name } = await readyRepository(api);
    expect(new Set((await auditEntries(api, name)).map((entry) => entry.repository))).toEqual(new Set([name]));
    const everywhere = new Set((await auditEntries(api)).map((entry) => entry.repository));
    expect([name, repository.name, null].filter((expected) => !everywhere.has(expected))).toEqual([]);
  });

  test('comes in pages, each entry once', async () => {
    const whole = await auditEntries(api);
    const paged = [];
    for (let cursor = ''; ; ) {
      const { body } = await api.get(`/audit?limit=7${cursor}`);
      paged.push(...body.items);
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(paged.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
  });

  test('is narrowed down by principal, action and time', async () => {
    const { name } = await readyRepository(api);
    await add(name, 'x');
    const entries = await auditEntries(api, name);
    const [{ at }] = entries;
    const listed = async (query: string) => (await auditEntries(api, name, query)).map(({ id }) => id);
    const ids = (holds: (entry: (typeof entries)[0]) => boolean) => entries.filter(holds).map(({ id }) => id);
    expect(await listed('&principal=administrator')).toEqual(ids(({ principal }) => principal !== null));
    expect(await listed('&principal=nobody')).toEqual([]);
    expect(await listed('&action=publish-revision')).toEqual(ids(({ action }) => action === 'publish-revision'));
    expect(await listed(`&since=${at}`)).toEqual(ids((entry) => entry.at >= at));
    expect(await listed(`&until=${at}`)).toEqual(ids((entry) => entry.at < at));
  });

  test.each(['since=yesterday', 'until=2026-02-31T00:00:00Z', 'action=sing', 'cursor=eA', 'principal=a&principal=b'])(
    'refuses %s',
    async (query) => {
      expect((await api.get(`/audit?${query}`)).status).toBe(400);
    },
  );

  test('of a repository that is not there is 404', async () => {
    for (const route of ['audit', 'audit/chain', 'audit/links']) {
      expect((await api.get(`/repositories/missing/${route}`)).status).toBe(404);
    }
  });
});

describe('an act and its entry are one commit', () => {
  const failOn = (condition: string) =>
    service.database.query(
      `create function fail() returns trigger language plpgsql as $$ begin raise exception 'no entry'; end $$;
       create trigger fail before insert on audit_entry for each row when (${condition}) execute function fail()`,
    );
  const heal = () => service.database.query('drop trigger fail on audit_entry; drop function fail()');

  test('without an entry, no change is recorded', async () => {
    const { name } = await readyRepository(api);
    await failOn(`new.action in ('add-artifacts', 'add-key')`);
    const answers = [
      await api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact('x')] }),
      await api.post('/keys', { name: 'unseen' }),
    ];
    await heal();
    expect(answers.map(({ status }) => status)).toEqual([500, 500]);
    expect((await api.get(`/repositories/${name}/tasks`)).body.items).toHaveLength(1);
    expect((await api.get('/keys?limit=1000')).body.items.map((key: { name: string }) => key.name)).not.toContain(
      'unseen',
    );
  });

  test('without an entry, nothing is published, and nothing lost', async () => {
    const { name } = await readyRepository(api);
    await failOn(`new.action in ('publish-revision', 'settle-tasks')`);
    const { body: task } = await api.post(`/repositories/${name}/artifacts?wait=2`, { artifacts: [artifact('x')] });
    const { signed } = await getJson(`${service.url}/repositories/${name}/metadata/timestamp.json`);
    await heal();
    expect([task.state, signed.version]).toEqual(['waiting', 1]);
    const { body: settled } = await api.get(`/repositories/${name}/tasks/${task.id}?wait=30`);
    expect(settled.state).toBe('succeeded');
    const [entry] = await auditEntries(api, name);
    expect(entry.target.tasks).toEqual([{ task: task.id, state: 'succeeded' }]);
  });
});

describe('two services on one database', () => {
  test('link each entry once, without a gap', async () => {
    const { name } = await readyRepository(api);
    const second = await startService({ besides: service });
    const apis = [api, new Api(second)];
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        apis[index % 2]?.post(`/repositories/${name}/artifacts?wait=60`, { artifacts: [artifact(`n/${index}`)] }),
      ),
    );
    await chained(api, name);
    await second.stop();
    const rows = await service.database.query(
      `select position, count(*) over () as links, (select count(*) from audit_entry where repository = $1) as entries
       from audit_link where repository = $1 order by position`,
      [name],
    );
    expect(rows.map(({ position }) => Number(position))).toEqual(rows.map((_, index) => index + 1));
    expect(rows[0]?.links).toBe(rows[0]?.entries);
  });
});
