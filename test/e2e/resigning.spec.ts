import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';

const DAY = 86_400;
const SETTINGS = {
  bins: { count: 16 },
  expiry: { timestamp: { days: 1 }, snapshot: { days: 7 }, bins: { days: 30 }, targets: { days: 200 } },
};

interface Role {
  readonly name: string;
  readonly version: number;
  readonly expires: string;
  readonly renewedFrom: string | null;
}

let service: TestService;
let api: Api;
let name: string;

beforeEach(async () => {
  service = await startService();
  api = new Api(service);
  name = (await readyRepository(api, SETTINGS)).name;
});

afterEach(() => service.stop());

async function roles(): Promise<Map<string, Role>> {
  const { body } = await api.get(`/repositories/${name}/roles?limit=1000`);
  return new Map(body.items.map((role: Role) => [role.name, role]));
}

async function until(condition: (roles: Map<string, Role>) => boolean): Promise<Map<string, Role>> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const current = await roles();
    if (condition(current)) return current;
    if (Date.now() > deadline) throw new Error(`not so within 20 s: ${JSON.stringify([...current.values()])}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const isFresh = (role: Role) => new Date(role.expires) > service.clock.now();

describe('re-signing, without any traffic', () => {
  test('renews timestamp alone while only timestamp is due, pointing at the same snapshot', async () => {
    service.clock.advance(0.8 * DAY);
    const renewed = await until((now) => now.get('timestamp')?.version === 2);
    expect([...renewed.values()].filter(({ version }) => version > 1).map((role) => role.name)).toEqual(['timestamp']);
    const timestamp = await getJson(`${service.url}/repositories/${name}/metadata/timestamp.json`);
    expect(timestamp.signed.meta['snapshot.json'].version).toBe(1);
  });

  test('renews snapshot with timestamp when snapshot is due', async () => {
    service.clock.advance(5.5 * DAY);
    const renewed = await until((now) => now.get('snapshot')?.version === 2);
    expect(renewed.get('timestamp')?.version).toBe(2);
    expect(renewed.get('targets')?.version).toBe(1);
  });

  test('renews everything after the service was down past every expiry', async () => {
    service.clock.advance(205 * DAY);
    const renewed = await until((now) => [...now.values()].every((role) => role.name === 'root' || isFresh(role)));
    expect([...renewed.values()].filter(({ version }) => version === 1).map((role) => role.name)).toEqual(['root']);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });

  test('publishes a change that came while roles were expired, with them', async () => {
    service.clock.advance(40 * DAY);
    const added = await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('late')] });
    expect(added.status).toBe(200);
    await until((now) => [...now.values()].every(isFresh));
  });

  test('spreads the bins, so that they do not all fall due at one moment (invariant 9)', async () => {
    const bins = [...(await roles()).values()].filter((role) => role.name.startsWith('bins-'));
    const due = bins.map(({ renewedFrom }) => new Date(renewedFrom ?? '').getTime());
    expect(new Set(due).size).toBeGreaterThan(12);
    expect(Math.max(...due) - Math.min(...due)).toBeGreaterThan(3 * DAY * 1_000);
  });

  test('goes by the renewal window of the settings', async () => {
    const settings = {
      bins: { count: 2 },
      expiry: { timestamp: { seconds: 3_600 } },
      renewalWindow: { timestamp: { seconds: 600 } },
    };
    const { name: other } = await readyRepository(api, settings);
    const { body } = await api.get(`/repositories/${other}/roles/timestamp`);
    expect(new Date(body.expires).getTime() - new Date(body.renewedFrom).getTime()).toBe(600_000);
  });

  test('is done at once when asked for, for the roles named or all', async () => {
    await api.post(`/repositories/${name}/roles/renewals?wait=30`, { roles: ['bins-0'] });
    const one = await roles();
    expect([...one.values()].filter(({ version }) => version === 2).map((role) => role.name)).toEqual([
      'bins-0',
      'snapshot',
      'timestamp',
    ]);
    await api.post(`/repositories/${name}/roles/renewals?wait=30`, {});
    expect([...(await roles()).values()].filter(({ version }) => version === 1).map((role) => role.name)).toEqual([
      'root',
    ]);
    const refused = await api.post(`/repositories/${name}/roles/renewals?wait=30`, { roles: ['none'] });
    expect(refused.body.task.outcome.refusal.code).toBe('role-unknown');
  });

  test('keeps the versions from before (obligation 15)', async () => {
    for (let round = 0; round < 3; round += 1)
      await api.post(`/repositories/${name}/roles/renewals?wait=30`, { roles: ['timestamp'] });
    const versions = await service.database.query(
      `select version from metadata_version where role = 'timestamp' order by version`,
    );
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });
});
