import { createPrivateKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signedBy } from '../../src/tuf/testing/key-ring.js';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, offlineKey, onlineKey, propose, readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { stolenKey } from '../support/stolen-key.js';
import { tokenWith } from '../support/tokens.js';

let service: TestService;
let api: Api;

beforeAll(async () => {
  service = await startService();
  api = new Api(service);
});

afterAll(() => service.stop());

const latestRoot = async (name: string) => {
  const answer = await fetch(`${service.url}/repositories/${name}/metadata/2.root.json`);
  return answer.status === 404 ? 1 : 2;
};

describe('whoever has an online key, and a token of the administrator beside it,', () => {
  test('makes no root', async () => {
    const { name, root } = await readyRepository(api);
    const thief = await stolenKey(service, root.signed.roles.timestamp.keyids[0] ?? '');
    const wanted = nextRoot(root.signed, [offlineKey()], 1, await onlineKey(api));
    const refused = await api.put(`/repositories/${name}/roles/root/metadata?wait=30`, signedBy(wanted, thief));
    expect(refused).toMatchObject({ status: 400, body: { code: 'signature-foreign' } });
    expect(await latestRoot(name)).toBe(1);
    expect((await api.get(`/repositories/${name}/signing-events?state=open`)).body.items).toEqual([]);
  });

  test('publishes nothing for a role that people sign', async () => {
    const person = offlineKey();
    const { name, root } = await readyRepository(api, { bins: null, targetsListsArtifacts: false });
    const path = `/repositories/${name}`;
    await api.post('/keys', { name: 'person', key: person.key });
    await api.post(`${path}/roles?wait=30`, { name: 'team', keys: [person.keyId], paths: ['team/*'] });
    const [event] = (await api.get(`${path}/signing-events?state=open`)).body.items;
    const proposed = (await api.get(`${path}/signing-events/${event.id}`)).body.metadata.signed;
    const thief = await stolenKey(service, root.signed.roles.timestamp.keyids[0] ?? '');
    const refused = await api.put(`${path}/roles/team/metadata?wait=30`, signedBy(proposed, thief));
    expect(refused).toMatchObject({ status: 422, body: { code: 'change-refused' } });
    expect((await fetch(`${service.url}${path}/metadata/1.team.json`)).status).toBe(404);
  });

  test('does without root keys no more than propose a root', async () => {
    const { name, root, rootKey } = await readyRepository(api);
    const second = offlineKey();
    const proposed = await propose(api, name, nextRoot(root.signed, [rootKey, second], 2), [second]);
    expect(proposed).toMatchObject({ status: 202, body: { outcome: { missingSignatures: 1 } } });
    expect(await latestRoot(name)).toBe(1);
  });
});

describe('whoever has a copy of the database', () => {
  test('finds no token and no private key in it', async () => {
    await readyRepository(api);
    const { token } = await tokenWith(service, { scopes: ['artifacts:write'] });
    const secrets = [service.token, token, ...(await privateKeys())];
    expect(secrets.length).toBeGreaterThan(3);
    const copy = await everythingInDatabase();
    expect(copy).toContain('administrator');
    for (const secret of secrets) expect(copy.includes(secret)).toBe(false);
    expect(copy).not.toContain('PRIVATE KEY');
  });
});

describe('whoever has a token of one repository', () => {
  test('reads and changes nothing of another, which stays as it is', async () => {
    const [own, other] = [await readyRepository(api), await readyRepository(api)];
    const thief = await tokenWith(service, { scopes: ['admin'], repositories: [own.name] });
    const before = await getJson(`${service.url}/repositories/${other.name}/metadata/timestamp.json`);
    const tried = await Promise.all([
      thief.api.post(`/repositories/${other.name}/artifacts`, { artifacts: [artifact('evil')] }),
      thief.api.get(`/repositories/${other.name}/artifacts`),
      thief.api.patch(`/repositories/${other.name}/settings`, { targetsListsArtifacts: true }),
    ]);
    expect(tried.map(({ body }) => body.code)).toEqual(Array(3).fill('repository-not-allowed'));
    expect(
      (await thief.api.post(`/repositories/${own.name}/artifacts?wait=30`, { artifacts: [artifact('x')] })).status,
    ).toBe(200);
    const { signed } = await getJson(`${service.url}/repositories/${other.name}/metadata/timestamp.json`);
    expect(signed).toEqual(before.signed);
  });
});

/** The 32 bytes of each Ed25519 key of the service, as text that a column could hold. */
async function privateKeys(): Promise<string[]> {
  const folder = join(service.dataFolder, 'keys');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.pem'));
  const seeds = await Promise.all(
    files.map(async (file) => {
      const key = createPrivateKey(await readFile(join(folder, file)));
      return Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
    }),
  );
  return seeds.flatMap((seed) => [seed.toString('hex'), seed.toString('base64'), seed.toString('base64url')]);
}

async function everythingInDatabase(): Promise<string> {
  const tables = await service.database.query(
    "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const texts = await Promise.all(
    tables.map(async ({ table_name }) => {
      const rows = await service.database.query(`select row_to_json(t)::text as text from "${table_name}" t`);
      return rows.map(({ text }) => text).join('\n');
    }),
  );
  return texts.join('\n');
}
