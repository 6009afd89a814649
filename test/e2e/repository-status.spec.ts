import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { offlineKey, readyRepository, signEvent } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let api: Api;

beforeAll(async () => {
  service = await startService();
  api = new Api(service);
});

afterAll(() => service.stop());

const status = async (name: string) => (await api.get(`/repositories/${name}`)).body;
const add = (name: string, ...artifacts: object[]) =>
  api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts });
const many = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ ...artifact(`files/${index}`), ...more }));

async function counted(name: string): Promise<[shown: number, listed: number]> {
  const [row] = await service.database.query(
    'select count(*)::integer as count from artifact join repository on id = repository_id where name = $1',
    [name],
  );
  return [(await status(name)).artifactCount, Number(row?.count)];
}

async function servedBytes(name: string, file: string): Promise<number> {
  const response = await fetch(`${service.url}/repositories/${name}/metadata/${file}`);
  return (await response.arrayBuffer()).byteLength;
}

describe('the number of artifacts', () => {
  test('is exact, whatever becomes of them', async () => {
    const { name } = await readyRepository(api);
    expect(await counted(name)).toEqual([0, 0]);
    await add(name, ...many(30));
    expect(await counted(name)).toEqual([30, 30]);
    // Some of them stay as they are, some are replaced, some are new.
    await add(name, ...many(10), artifact('files/10', 'other'), artifact('files/11', 'other'), artifact('new'));
    expect(await counted(name)).toEqual([31, 31]);
    const removals = { paths: ['files/0', 'files/1', 'never-there'] };
    await api.post(`/repositories/${name}/artifacts/removals?wait=30`, removals);
    expect(await counted(name)).toEqual([29, 29]);
    await api.put(`/repositories/${name}/roles/targets/bins?wait=30`, { count: 16 });
    expect(await counted(name)).toEqual([29, 29]);
    await add(name, artifact('files/0'));
    expect(await counted(name)).toEqual([30, 30]);
  });

  test('goes down with a role that takes its artifacts along', async () => {
    const { name } = await readyRepository(api, { bins: null });
    const alice = offlineKey();
    const role = { name: 'team', paths: ['team/*'], keys: [alice.key], threshold: 1 };
    const { body } = await api.post(`/repositories/${name}/roles?wait=30`, role);
    await signEvent(api, name, body.outcome.signingEvent, alice);
    const added = await add(name, artifact('team/a'), artifact('team/b'), artifact('c'));
    expect(await counted(name)).toEqual([1, 1]);
    await signEvent(api, name, added.body.outcome.signingEvent, alice);
    expect(await counted(name)).toEqual([3, 3]);
    await api.delete(`/repositories/${name}/roles/team?artifacts=remove&wait=30`);
    expect(await counted(name)).toEqual([1, 1]);
  });
});

describe('the sizes', () => {
  test('are those of the files that clients download', async () => {
    const { name } = await readyRepository(api, { bins: { count: 8 } });
    await add(name, ...many(100));
    const { sizes, roles } = await status(name);
    const version = new Map(roles.map(({ name: role, version }: { name: string; version: number }) => [role, version]));
    const files = ['root', 'targets', 'snapshot'].map((role) => `${version.get(role)}.${role}.json`);
    const [root, targets, snapshot] = await Promise.all(files.map((file) => servedBytes(name, file)));
    const bins = await Promise.all(Array.from({ length: 8 }, (_, bin) => servedBytes(name, `2.bins-${bin}.json`)));
    expect(sizes).toEqual({
      root,
      targets,
      snapshot,
      timestamp: await servedBytes(name, 'timestamp.json'),
      delegated: bins.reduce((sum, bytes) => sum + bytes, 0),
      largestRole: Math.max(...bins),
    });
  });
});

describe('the warnings', () => {
  test('are none for a repository as it comes', async () => {
    const { name } = await readyRepository(api, {});
    await add(name, artifact('a'));
    expect((await status(name)).warnings).toEqual([]);
  });

  test('name the clients that take long with so many bins', async () => {
    const { name } = await readyRepository(api, { bins: { count: 2_048 } });
    expect((await status(name)).warnings).toEqual([
      { code: 'bins-slow', clients: ['tuf-js'], detail: expect.stringContaining('1,024') },
    ]);
    await api.put(`/repositories/${name}/roles/targets/bins?wait=60`, { count: 1_024 });
    expect((await status(name)).warnings).toEqual([]);
  });

  test('name the clients that do not read a role so large, until there are more bins', async () => {
    const { name } = await readyRepository(api, { bins: { count: 2, kind: 'classic' } });
    for (let round = 0; round < 2; round += 1) {
      const artifacts = many(700, { custom: { note: 'x'.repeat(200) } });
      await add(name, ...artifacts.map(({ path, ...file }) => ({ path: `${path}-${round}`, ...file })));
    }
    const { warnings, sizes } = await status(name);
    expect(sizes.largestRole).toBeGreaterThan(100_000);
    expect(warnings).toEqual([
      { code: 'file-large', clients: ['php-tuf'], detail: expect.stringContaining('100,000') },
      { code: 'bins-few', clients: [], detail: expect.stringContaining('bins it would be') },
    ]);
    await api.put(`/repositories/${name}/roles/targets/bins?wait=60`, { count: 64 });
    expect((await status(name)).warnings).toEqual([]);
  });
});
