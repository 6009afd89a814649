import { randomUUID } from 'node:crypto';
import { type Answer, Api } from '../support/api.js';
import { type OfflineKey, offlineKey, onlineKey, readyRepository, signEvent, signedRoot } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { tokenWith } from '../support/tokens.js';

const DAY = 86_400;

interface Item {
  readonly deadline: string;
  readonly role: string;
  readonly bins: number | null;
  readonly expires: string | null;
  readonly lastExpires: string | null;
  readonly renewedFrom: string | null;
  readonly signedBy: string;
  readonly keys: readonly object[];
  readonly state: string;
  readonly waiting: { readonly id: string; readonly missingSignatures: number } | null;
}

let service: TestService;
let api: Api;

beforeEach(async () => {
  service = await startService();
  api = new Api(service);
});

afterEach(() => service.stop());

const forecast = (name: string, query = '') => api.get(`/repositories/${name}/forecast${query}`);
const items = async (name: string, query = ''): Promise<Item[]> => (await forecast(name, query)).body.items;
const secondsBetween = (from: string | null, to: string) =>
  (new Date(to).getTime() - new Date(from ?? '').getTime()) / 1_000;
const daysAhead = (iso: string | null) =>
  Math.round((new Date(iso ?? '').getTime() - service.clock.now().getTime()) / (DAY * 100)) / 10;

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('not so within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function addTeam(name: string, keys: readonly OfflineKey[], threshold: number): Promise<Answer> {
  const body = { name: 'team', paths: ['team/*'], keys: keys.map(({ key }) => key), threshold };
  return api.post(`/repositories/${name}/roles?wait=30`, body);
}

describe('the forecast', () => {
  test('says what expires within the days asked for, soonest first, with all bins on one line', async () => {
    const { name } = await readyRepository(api, { bins: { count: 64 } });
    const { status, body } = await forecast(name);
    expect(status).toBe(200);
    expect(body).toMatchObject({ repository: name, items: expect.any(Array) });
    expect(new Date(body.until).getTime() - new Date(body.from).getTime()).toBe(90 * DAY * 1_000);
    expect(body.items.map(({ role, bins, signedBy, state }: Item) => [role, bins, signedBy, state])).toEqual([
      ['timestamp', null, 'service', 'in-time'],
      ['snapshot', null, 'service', 'in-time'],
      ['targets', 64, 'service', 'in-time'],
    ]);
    const [timestamp, snapshot, bins] = body.items as [Item, Item, Item];
    expect([timestamp, snapshot].map(({ deadline }) => daysAhead(deadline))).toEqual([1, 7]);
    expect(secondsBetween(timestamp.renewedFrom, timestamp.deadline)).toBe(DAY / 4);
    expect(secondsBetween(snapshot.renewedFrom, snapshot.deadline)).toBe((7 * DAY) / 4);
    expect(daysAhead(bins.deadline)).toBeGreaterThan(18.5);
    expect(daysAhead(bins.lastExpires)).toBeLessThan(30.1);
    expect(new Date(bins.lastExpires ?? '') > new Date(bins.deadline)).toBe(true);
  });

  test('counts the bins that expire within the time, not all of them', async () => {
    const { name } = await readyRepository(api, { bins: { count: 64 } });
    const { body } = await forecast(name, '?days=24');
    const [bins] = body.items.filter((item: Item) => item.bins !== null);
    const roles = await api.get(`/repositories/${name}/roles?limit=1000`);
    const soon = roles.body.items.filter(
      (role: { name: string; expires: string }) => role.name.startsWith('bins-') && role.expires <= body.until,
    );
    expect(soon.length).toBeGreaterThan(0);
    expect(soon.length).toBeLessThan(64);
    expect(bins?.bins).toBe(soon.length);
    expect((await items(name, '?days=2')).map(({ role }) => role)).toEqual(['timestamp']);
  });

  test('says which people sign root, by the names that their keys have', async () => {
    const { name, rootKey } = await readyRepository(api);
    await api.post('/keys', { name: 'Alice', owner: 'release team', key: rootKey.key });
    const [root] = (await items(name, '?days=400')).filter(({ role }) => role === 'root');
    expect(root).toMatchObject({ signedBy: 'people', state: 'in-time', waiting: null });
    expect(root?.keys).toEqual([{ keyId: rootKey.keyId, name: 'Alice', owner: 'release team', isOnline: false }]);
    expect(daysAhead(root?.renewedFrom ?? null)).toBeCloseTo(365 * 0.75, 0);
    const { api: monitor } = await tokenWith(service, { scopes: ['roles:read'] });
    const { body } = await monitor.get(`/repositories/${name}/forecast?days=400`);
    expect(body.items.find(({ role }: Item) => role === 'root').keys).toEqual([
      { keyId: rootKey.keyId, name: null, owner: null, isOnline: false },
    ]);
  });

  test('has a next root, which the service opens by itself, with who is missing and until when', async () => {
    const { name, rootKey } = await readyRepository(api);
    service.clock.advance(300 * DAY);
    const root = await until(async () =>
      (await items(name)).find(({ role, waiting }) => role === 'root' && waiting !== null),
    );
    expect(root).toMatchObject({
      state: 'awaiting-signatures',
      renewedFrom: null,
      waiting: { version: 2, missingSignatures: 1, thresholds: [{ mayBeSignedBy: [rootKey.keyId] }, {}] },
    });
    expect(daysAhead(root.deadline)).toBe(65);
    await signEvent(api, name, root.waiting?.id ?? '', rootKey);
    expect((await items(name)).find(({ role }) => role === 'root')).toBeUndefined();
  });

  test('has roles that wait for their first signatures, whenever these expire', async () => {
    const { name } = await readyRepository(api, { bins: null });
    const [alice, bob] = [offlineKey(), offlineKey()];
    await addTeam(name, [alice, bob], 2);
    const waiting = await items(name, '?days=1');
    const team = waiting.find(({ role }) => role === 'team');
    expect(team).toMatchObject({
      version: null,
      expires: null,
      signedBy: 'people',
      threshold: 2,
      state: 'awaiting-signatures',
      waiting: { version: 1, missingSignatures: 2 },
    });
    expect(daysAhead(team?.deadline ?? '')).toBe(90);
    await signEvent(api, name, team?.waiting?.id ?? '', alice, bob);
    expect((await items(name, '?days=91')).find(({ role }) => role === 'team')).toMatchObject({
      version: 1,
      state: 'in-time',
      waiting: null,
    });
  });

  test('has a first root that lacks signatures, and nothing else', async () => {
    const name = `r-${randomUUID().slice(0, 8)}`;
    const [first, second] = [offlineKey(), offlineKey()];
    const root = await signedRoot({ rootKeys: [first, second], signers: [first], online: await onlineKey(api) });
    await api.post('/repositories?wait=30', { name, root });
    expect(await items(name)).toEqual([
      expect.objectContaining({
        role: 'root',
        version: null,
        waiting: expect.objectContaining({ missingSignatures: 1 }),
      }),
    ]);
  });

  test.each([
    ['days=0', 400],
    ['days=3651', 400],
    ['days=soon', 400],
    ['days=1.5', 400],
    ['weeks=2', 400],
    ['days=3650', 200],
  ])('with ?%s answers %d', async (query, status) => {
    const { name } = await readyRepository(api);
    expect((await forecast(name, `?${query}`)).status).toBe(status);
  });

  test('of a repository that is not there is 404', async () => {
    expect((await forecast('none')).body.code).toBe('repository-unknown');
  });
});
