import { KeyVault, KeyVaultError } from '../../src/key-vaults/key-vault.js';
import { canonicalBytes } from '../../src/tuf/canonical-json.js';
import { sha256Hex } from '../../src/tuf/metadata-file.js';
import { type Answer, Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, propose, readyRepository } from '../support/ceremony.js';
import { History, prune, pruneUntil } from '../support/history.js';
import { startService, type TestService } from '../support/service.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const MARGIN_MS = DAY * 1_000;

let service: TestService;
let api: Api;
let replicas: TestService[];

beforeEach(async () => {
  service = await startService();
  api = new Api(service);
  replicas = [];
});

afterEach(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await service.stop();
});

async function replica(environment: Record<string, string> = {}): Promise<TestService> {
  const started = await startService({ besides: service, environment });
  replicas.push(started);
  return started;
}

async function publish(name: string, path: string, content: string): Promise<void> {
  const answer = await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact(path, content)] });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

async function renew(name: string, roles?: readonly string[]): Promise<void> {
  const answer = await api.post(`/repositories/${name}/roles/renewals?wait=60`, roles ? { roles } : {});
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

/** The history of a repository whose timestamps live for a day. */
async function repository(settings: object = {}): Promise<{ name: string; history: History }> {
  const { name } = await readyRepository(api, { bins: { count: 4 }, expiry: { timestamp: { days: 1 } }, ...settings });
  return { name, history: new History(service, name) };
}

async function binOf(name: string, path: string): Promise<string> {
  return (await api.get(`/repositories/${name}/artifacts/${path}`)).body.role;
}

describe('old versions', () => {
  test('go once every timestamp that leads to them has expired, and a day more', async () => {
    const { name, history } = await repository();
    await publish(name, 'a', 'first');
    service.clock.advance(12 * HOUR);
    await publish(name, 'a', 'second');
    const bin = await binOf(name, 'a');
    service.clock.advance(35 * HOUR); // the second timestamp expired 23 hours ago
    await pruneUntil(service, async () => (await history.versions('timestamp')).at(-1) === 4); // renewed by itself
    await prune(service);
    expect(await history.versions('timestamp')).toEqual([1, 2, 3, 4]);
    expect([await history.versions('snapshot'), await history.versions(bin)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);

    service.clock.advance(2 * HOUR);
    await pruneUntil(service, async () => (await history.versions('timestamp'))[0] === 3);
    expect(await history.versions('timestamp')).toEqual([3, 4]);
    expect([await history.versions('snapshot'), await history.versions(bin)]).toEqual([[3], [3]]);
    expect(await history.versions('targets')).toEqual([1]);
    const { body } = await api.get(`/repositories/${name}`);
    expect(body.history.oldestRevision).toBe(3);
  });

  test('go by themselves', async () => {
    const { name, history } = await repository();
    await renew(name);
    service.clock.advance(3 * DAY);
    const deadline = Date.now() + 30_000;
    while ((await history.versions('targets')).length > 1) {
      if (Date.now() > deadline) throw new Error('nothing was deleted within 30 s');
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    expect(await history.versions('targets')).toEqual([2]);
  });

  test('go after the margin that the operator sets', async () => {
    const short = await replica({ TRS_HISTORY_MARGIN: '1' });
    const { name, history } = await repository();
    await renew(name);
    service.clock.advance(26 * HOUR);
    await pruneUntil(short, async () => (await history.versions('targets')).length === 1);
    expect(await history.versions('targets')).toEqual([2]);
  });

  test('never are a root, however old (invariant 4)', async () => {
    const { name, root, rootKey } = await readyRepository(api);
    const history = new History(service, name);
    const second = nextRoot(root.signed, [rootKey], 1);
    await propose(api, name, second, [rootKey]);
    await propose(api, name, nextRoot(second, [rootKey], 1), [rootKey]);
    service.clock.advance(200 * DAY);
    await renew(name);
    await pruneUntil(service, async () => (await history.versions('snapshot'))[0] !== 1);
    expect(await history.versions('root')).toEqual([1, 2, 3]);
  });

  test('never are what snapshot names, a role that was removed among it (invariant 4)', async () => {
    const { name, history } = await repository({ bins: null });
    const { body } = await api.get(`/repositories/${name}/roles/targets`);
    const team = { name: 'team', keys: body.keyIds, threshold: 1, paths: ['team/*'] };
    expect((await api.post(`/repositories/${name}/roles?wait=30`, team)).status).toBe(200);
    await renew(name);
    expect((await api.delete(`/repositories/${name}/roles/team?wait=30`)).status).toBe(200);
    service.clock.advance(60 * DAY);
    await renew(name);
    const oldest = async () => (await history.versions('snapshot'))[0] ?? 0;
    await pruneUntil(service, async () => (await oldest()) > 4); // the one that the removal made
    expect(await history.versions('team')).toEqual([2]);
    expect(await history.missingFor(service.clock.now())).toEqual([]);
  });

  test('stay while a timestamp of a longer expiry leads to them, whatever later ones have', async () => {
    const { name, history } = await repository({ expiry: { timestamp: { days: 10 } } });
    await renew(name);
    const settings = { expiry: { timestamp: { days: 1 } } };
    expect((await api.patch(`/repositories/${name}/settings?wait=30`, settings)).status).toBe(200);
    await renew(name);
    service.clock.advance(5 * DAY);
    await renew(name);
    await prune(service);
    expect((await history.versions('targets'))[0]).toBe(1);
    service.clock.advance(6.5 * DAY);
    await renew(name);
    await pruneUntil(service, async () => ((await history.versions('targets'))[0] ?? 0) > 2);
  });

  test('go in batches, those of one large revision together', async () => {
    const { name, history } = await repository({ bins: { count: 2_048 } });
    await renew(name);
    await renew(name, ['timestamp']);
    service.clock.advance(3 * DAY);
    await renew(name, ['timestamp']);
    const latest = 2_048 + 4;
    await pruneUntil(service, async () => (await history.size()) <= latest + 1); // timestamp was renewed by itself, too
    expect(await history.missingFor(service.clock.now())).toEqual([]);
  });

  test.each([1, 2, 3])(
    'are never missed by who has a timestamp that has not expired, come what may (%i)',
    async (seed) => {
      const { name, history } = await repository();
      for (const { hours, action } of steps(seed, 40)) {
        service.clock.advance(hours * HOUR);
        if (action === 'publish') await publish(name, `p/${hours}`, String(Math.random()));
        if (typeof action === 'number') await changeTimestampExpiry(name, action);
        await renew(name, action === 'renew' ? undefined : ['timestamp']);
        await prune(service);
        expect(await history.missingFor(new Date(service.clock.now().getTime() - MARGIN_MS))).toEqual([]);
      }
      service.clock.advance(10 * DAY);
      await renew(name);
      await pruneUntil(service, async () => (await history.size()) <= 2 * (4 + 4));
    },
  );
});

async function changeTimestampExpiry(name: string, hours: number): Promise<void> {
  const answer = await api.patch(`/repositories/${name}/settings?wait=30`, {
    expiry: { timestamp: { seconds: hours * HOUR } },
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

interface Step {
  readonly hours: number;
  /** A number is the expiry of timestamp from then on. */
  readonly action: 'renew' | 'publish' | number;
}

/** Always the same for the same seed. */
function steps(seed: number, count: number): Step[] {
  let state = seed;
  const dice = (sides: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
  return Array.from({ length: count }, () => {
    const actions = ['renew', 'renew', 'publish', 'publish', 'publish', 1 + dice(60)] as const;
    return { hours: dice(20), action: actions[dice(actions.length)] ?? 'renew' };
  });
}

describe('the database', () => {
  test('does not grow under renewals', async () => {
    const brief = await replica({ TRS_TASK_HISTORY: '1' });
    const { name, history } = await repository();
    const round = async () => {
      service.clock.advance(13 * HOUR); // timestamp falls due by itself after 18
      await renew(name);
    };
    for (let count = 0; count < 6; count += 1) await round();
    await pruneUntil(
      brief,
      async () => (await history.versions('timestamp')).length === 4 && (await taskCount()) === 2,
    );
    const before = await rowCounts();
    for (let count = 0; count < 12; count += 1) {
      await round();
      await pruneUntil(
        brief,
        async () => (await taskCount()) === 2 && (await history.versions('timestamp')).length === 4,
      );
      expect(await rowCounts()).toEqual(before);
    }
  });
});

async function taskCount(): Promise<unknown> {
  const [row] = await service.database.query('select count(*)::integer as count from task');
  return row?.count;
}

function rowCounts(): Promise<Record<string, unknown>[]> {
  const tables = ['metadata_version', 'revision', 'role', 'task', 'artifact', 'signing_event'];
  const counts = tables.map((table) => `select '${table}' as name, count(*)::integer as count from ${table}`);
  return service.database.query(counts.join(' union all '));
}

describe('replicas', () => {
  test('share the work, while they publish, and miss nothing', async () => {
    const second = await replica();
    const repositories = await Promise.all(Array.from({ length: 6 }, () => repository({ bins: { count: 64 } })));
    for (let round = 0; round < 4; round += 1) {
      service.clock.advance(30 * HOUR);
      await Promise.all([
        ...repositories.map(({ name }) => renew(name)),
        ...[service, second, service, second].map(prune),
      ]);
    }
    const freshEnough = new Date(service.clock.now().getTime() - MARGIN_MS);
    for (const { history } of repositories) {
      await pruneUntil(second, async () => ((await history.versions('targets'))[0] ?? 0) >= 3);
      expect(await history.missingFor(freshEnough)).toEqual([]);
    }
  });

  test('cannot use the number of a version that is deleted, should one have lost its lock (invariant 4)', async () => {
    const { name, history } = await repository({ bins: { count: 2 } });
    const vault = service.app.get(KeyVault);
    const sign = vault.sign;
    let isFirst = true;
    vault.sign = async (...request) => {
      if (isFirst) {
        isFirst = false;
        await overtake(name, async (bytes) => sign.call(vault, request[0], request[1], bytes));
      }
      return sign.apply(vault, request);
    };
    service.app.useLogger(false);
    await publish(name, 'late', 'late');
    expect(await history.versions('timestamp')).toEqual([3, 4]);
    expect((await getJson(`${service.url}/repositories/${name}/metadata/timestamp.json`)).signed.version).toBe(4);
  });
});

/** What another publisher does that has taken the lock over, publishes twice, and deletes what is past. */
async function overtake(name: string, sign: (bytes: Uint8Array) => Promise<Uint8Array>): Promise<void> {
  const { signatures, signed } = await getJson(`${service.url}/repositories/${name}/metadata/timestamp.json`);
  const next = { ...signed, version: 3 };
  const sig = Buffer.from(await sign(canonicalBytes(next))).toString('hex');
  const bytes = Buffer.from(JSON.stringify({ signatures: [{ ...signatures[0], sig }], signed: next }));
  const { database } = service;
  await database.query(
    `insert into metadata_version (repository_id, role, version, revision, encoding, bytes, sha256, expires_at, created_at)
     select repository_id, role, 3, 3, 'identity', $1, $2, expires_at, created_at from metadata_version
     where role = 'timestamp' and version = 1`,
    [bytes, sha256Hex(bytes)],
  );
  await database.query(`update role set version = 3 where name = 'timestamp'`);
  await database.query(`delete from metadata_version where role = 'timestamp' and version = 1`);
}

describe('settled tasks', () => {
  const later = () => service.clock.advance(91 * DAY);

  test('go after 90 days; their Idempotency-Key is then forgotten', async () => {
    const { name } = await repository();
    const path = `/repositories/${name}/artifacts?wait=30`;
    const body = { artifacts: [artifact('a')] };
    const headers = { 'idempotency-key': 'once' };
    const { body: first } = await api.post(path, body, headers);
    expect((await api.post(path, body, headers)).body.id).toBe(first.id);
    service.clock.advance(89 * DAY);
    await prune(service);
    expect((await api.get(`/repositories/${name}/tasks/${first.id}`)).status).toBe(200);
    service.clock.advance(2 * DAY);
    await pruneUntil(service, async () => (await api.get(`/repositories/${name}/tasks/${first.id}`)).status === 404);
    const again = await api.post(path, body, headers);
    expect([again.status, again.body.id === first.id]).toEqual([200, false]);
    expect(again.body.outcome.artifacts).toMatchObject([{ path: 'a', result: 'unchanged' }]);
  });

  test('of imports go with what they refused; what they published stays', async () => {
    const { name } = await repository();
    const lines = [JSON.stringify(artifact('imported')), 'no JSON', '{"path":"../x"}'].join('\n');
    const answer = await fetch(`${service.url}/api/v1/repositories/${name}/artifacts/import?wait=30`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/x-ndjson' },
      body: lines,
    });
    const { task } = (await answer.json()) as Answer['body'];
    expect(task.progress).toMatchObject({ refused: 2, published: 1 });
    later();
    const left = () =>
      service.database.query('select line from import_refusal union all select id from artifact_import');
    await pruneUntil(service, async () => (await left()).length === 0);
    expect((await api.get(`/repositories/${name}/artifacts/imported`)).status).toBe(200);
  });

  test('are not those that wait, however long', async () => {
    const { name } = await repository();
    const vault = service.app.get(KeyVault);
    const sign = vault.sign;
    vault.sign = () => Promise.reject(new KeyVaultError('out of order, as this test wants it'));
    service.app.useLogger(false);
    const { body: task } = await api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact('a')] });
    const count = Number(await taskCount());
    later();
    await pruneUntil(service, async () => Number(await taskCount()) < count);
    vault.sign = sign;
    expect((await api.get(`/repositories/${name}/tasks/${task.id}?wait=30`)).body.state).toBe('succeeded');
  });
});
