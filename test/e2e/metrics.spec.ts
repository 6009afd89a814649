import { setTimeout as delay } from 'node:timers/promises';
import { FileKeyVault } from '../../src/key-vaults/file-key-vault.js';
import { KeyVaultError } from '../../src/key-vaults/key-vault.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { createTestDatabase } from '../support/database.js';
import { type Metrics, scraped } from '../support/metrics.js';
import { startService, type TestService } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { tokenWith } from '../support/tokens.js';

let service: TestService;
let api: Api;

beforeEach(async () => {
  service = await startService();
  api = new Api(service);
});

afterEach(() => service.stop());

const add = (name: string, path: string, wait = 30) =>
  api.post(`/repositories/${name}/artifacts?wait=${wait}`, { artifacts: [artifact(path)] });

describe('metrics', () => {
  test('are for those who may read them', async () => {
    const [may, mayNot, limited] = await Promise.all([
      tokenWith(service, { scopes: ['metrics:read'] }),
      tokenWith(service, { scopes: ['artifacts:write'] }),
      tokenWith(service, { scopes: ['metrics:read'], repositories: ['demo'] }),
    ]);
    const statuses = [undefined, may.token, mayNot.token, limited.token].map(async (token) => {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await fetch(`${service.url}/metrics`, { headers })).status;
    });
    expect(await Promise.all(statuses)).toEqual([401, 200, 403, 403]);
  });

  test('are for everybody where the operator says so', async () => {
    const open = await startService({ besides: service, environment: { TRS_METRICS_OPEN: 'true' } });
    const response = await fetch(`${open.url}/metrics`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    await open.stop();
  });

  test('are in the format of Prometheus: each explained, counters ending in _total, our own under one prefix', async () => {
    const { types, helps, samples } = await scraped(service);
    expect([...helps.keys()].sort()).toEqual([...types.keys()].sort());
    expect(samples.length).toBeGreaterThan(30);
    const own = [...types].filter(([name]) => name.startsWith('trs_'));
    expect(own.length).toBeGreaterThan(12);
    expect(own.filter(([name, type]) => (type === 'counter') !== name.endsWith('_total'))).toEqual([]);
    const foreign = [...types.keys()].filter((name) => !/^(?:trs|process|nodejs)_/.test(name));
    expect(foreign).toEqual([]);
  });

  test('count requests by route and status, and never show a path, a query or a name that nobody has', async () => {
    const { name } = await readyRepository(api);
    await add(name, 'very/secret.path');
    await api.get(`/repositories/${name}/artifacts/very%2Fsecret.path`);
    await api.get(`/repositories/${name}/artifacts/another%2Fsecret.path`);
    await api.get('/repositories/secret-repository?token=secret-query');
    await fetch(`${service.url}/secret-place`);
    const { text, value } = await scraped(service);
    const route = '/api/v1/repositories/:repository/artifacts/:path';
    expect(value('trs_http_requests_total', { route, method: 'GET', status: '200' })).toBe(1);
    expect(value('trs_http_requests_total', { route, method: 'GET', status: '404' })).toBe(1);
    expect(value('trs_http_request_duration_seconds_count', { route, method: 'GET' })).toBe(2);
    expect(text).not.toContain('secret');
  });

  test('tell of publishing: the queue, its age, the revision, and the seconds of each step', async () => {
    const { name } = await readyRepository(api);
    await add(name, 'x');
    const idle = await scraped(service);
    expect(idle.value('trs_tasks_waiting', { repository: name })).toBe(0);
    expect(idle.value('trs_task_oldest_waiting_seconds', { repository: name })).toBe(0);
    expect(idle.value('trs_repository_revision', { repository: name })).toBe(2);
    for (const step of ['read', 'plan', 'sign', 'check', 'write', 'commit']) {
      expect(idle.value('trs_publish_step_duration_seconds_count', { step })).toBeGreaterThanOrEqual(2);
    }
    stopSigning();
    await add(name, 'y', 0);
    service.clock.advance(90);
    const busy = await eventually(({ value }) => value('trs_tasks_waiting', { repository: name }) === 1);
    expect(busy.value('trs_task_oldest_waiting_seconds', { repository: name })).toBeGreaterThanOrEqual(90);
  });

  test('count signatures by vault, those that failed apart', async () => {
    const { name } = await readyRepository(api);
    const before = await scraped(service);
    expect(before.value('trs_key_vault_signatures_total', { vault: 'file', outcome: 'signed' })).toBeGreaterThanOrEqual(
      7,
    );
    stopSigning();
    await add(name, 'x', 0);
    await eventually(({ value }) => (value('trs_key_vault_signatures_total', { outcome: 'failed' }) ?? 0) > 0);
  });

  test('tell how long each role is good for, the bins together, and how many roles are overdue', async () => {
    const { name } = await readyRepository(api, { bins: { count: 4 } });
    const fresh = await scraped(service);
    const day = 86_400;
    const expected = { root: 365 * day, targets: 365 * day, snapshot: 7 * day, timestamp: day };
    for (const [of, seconds] of Object.entries(expected)) {
      const left = fresh.value('trs_role_expires_in_seconds', { repository: name, role: of });
      expect([of, Math.round((left ?? 0) / day)]).toEqual([of, Math.round(seconds / day)]);
    }
    const bins = fresh.value('trs_bins_expire_in_seconds', { repository: name }) ?? 0;
    expect(bins).toBeGreaterThan(10 * day);
    expect(bins).toBeLessThanOrEqual(30 * day);
    expect(fresh.text).not.toMatch(/role="bins-/);
    expect(fresh.value('trs_roles_overdue', { repository: name })).toBe(0);
    stopSigning();
    service.clock.advance(2 * day);
    const expired = await eventually(({ value }) => value('trs_roles_overdue', { repository: name }) === 1);
    expect(expired.value('trs_role_expires_in_seconds', { repository: name, role: 'timestamp' })).toBeLessThan(0);
  });

  test('tell of the delegated roles that expire first, and go through all of them only when there is a new revision', async () => {
    const { name } = await readyRepository(api);
    await service.database.query(
      `insert into role (repository_id, name, version, expires_at, renew_at, bytes, delegates)
       select id, 'team-' || number, 1, now() + number * interval '1 day', now() + number * interval '1 day', 1, false
       from repository, generate_series(1, 600) as number where name = $1`,
      [name],
    );
    const first = await scraped(service);
    const told = first.samples.filter((sample) => sample.name === 'trs_role_expires_in_seconds');
    expect(told).toHaveLength(4 + 500);
    expect(first.value('trs_role_expires_in_seconds', { role: 'team-1' })).toBeGreaterThan(0);
    expect(first.value('trs_role_expires_in_seconds', { role: 'team-600' })).toBeUndefined();
    await service.database.query(`delete from role where name like 'team-%'`);
    stopSigning();
    await add(name, 'x', 0);
    const later = await eventually(({ value }) => value('trs_tasks_waiting', { repository: name }) === 1);
    expect(later.value('trs_role_expires_in_seconds', { role: 'team-1' })).toBeGreaterThan(0);
  });

  test('count what clients download, and what of it was in the cache', async () => {
    const { name } = await readyRepository(api);
    const before = await scraped(service);
    const root = `${service.url}/repositories/${name}/metadata/1.root.json`;
    const etag = (await fetch(root)).headers.get('etag') ?? '';
    await fetch(root);
    await fetch(root, { headers: { 'if-none-match': etag } });
    const after = await scraped(service);
    const more = (metric: string, labels: Record<string, string>) =>
      (after.value(metric, labels) ?? 0) - (before.value(metric, labels) ?? 0);
    expect(more('trs_metadata_cache_lookups_total', { result: 'miss' })).toBe(1);
    expect(more('trs_metadata_cache_lookups_total', { result: 'hit' })).toBe(2);
    const route = '/repositories/:repository/metadata/:file';
    expect(more('trs_http_requests_total', { route, method: 'GET', status: '200' })).toBe(2);
    expect(more('trs_http_requests_total', { route, method: 'GET', status: '304' })).toBe(1);
    expect(more('trs_http_request_duration_seconds_count', { route, method: 'GET' })).toBe(3);
  });

  function stopSigning(): void {
    service.app.useLogger(false);
    service.app.get(FileKeyVault).sign = () => Promise.reject(new KeyVaultError('out of order, as this test wants it'));
  }

  async function eventually(holds: (metrics: Metrics) => boolean): Promise<Metrics> {
    for (;;) {
      const metrics = await scraped(service);
      if (holds(metrics)) return metrics;
      await delay(200);
    }
  }
});

describe('metrics without a database', () => {
  test('say that it is away, and give no old figure for a new one', async () => {
    const database = await createTestDatabase();
    const proxy = await startTcpProxy(database.url);
    const cut = await startService({
      database: { ...database, url: proxy.url },
      environment: { TRS_METRICS_OPEN: 'true' },
      log: { write: () => undefined },
    });
    const { name } = await readyRepository(new Api(cut));
    expect((await scraped(cut)).value('trs_database_up', {})).toBe(1);
    proxy.cut();
    let away = await scraped(cut);
    while (away.value('trs_database_up', {}) === 1) away = await scraped(cut); // what was found out just now is good for a while
    expect(away.value('trs_database_up', {})).toBe(0);
    expect(away.text).not.toContain(`repository="${name}"`);
    expect(away.value('trs_http_requests_total', { route: '/metrics' })).toBeGreaterThan(0);
    proxy.mend();
    while ((await scraped(cut)).value('trs_database_up', {}) === 0);
    await cut.stop();
    await proxy.close();
  });
});
