import type { KeyScheme } from '../../src/tuf/key.js';
import { Api } from '../support/api.js';
import { pythonMissing } from '../support/python-environment.js';
import { hasTool } from '../support/run-tool.js';
import { startService, type TestService } from '../support/service.js';
import { RIGS, type Rig, type Uris } from './rigs.js';
import { repositoryWith, rootsSignedByTrs } from './scene.js';

const P256 = 'ecdsa-sha2-nistp256';
const SCHEMES: Readonly<Record<string, readonly KeyScheme[]>> = {
  awskms: [P256, 'ecdsa-sha2-nistp384', 'rsassa-pss-sha256'],
  gcpkms: ['ed25519', P256, 'ecdsa-sha2-nistp384', 'rsassa-pss-sha256'],
  azurekms: [P256, 'ecdsa-sha2-nistp384', 'rsassa-pss-sha256'],
  vault: ['ed25519', P256, 'ecdsa-sha2-nistp384', 'rsassa-pss-sha256'],
};

const noMoto = await pythonMissing();
const noOpenssl = (await hasTool('openssl', ['version'])) ? null : 'openssl is not installed';

for (const [name, start] of Object.entries(RIGS)) {
  const missing = name === 'awskms' ? noMoto : noOpenssl;
  if (missing === null) describe(`the ${name} vault`, () => judge(start, SCHEMES[name] ?? []));
  else if (process.env.CI) {
    test(`${name} has its toolchain, in CI`, () => {
      throw new Error(missing);
    });
  } else test.skip(`${name} is not tried: ${missing}`, () => undefined);
}

function judge(start: () => Promise<Rig>, schemes: readonly KeyScheme[]): void {
  let rig: Rig;
  let service: TestService;

  beforeAll(async () => {
    rig = await start();
    service = await startService({ environment: { ...rig.environment, TRS_KEY_VAULT_TIMEOUT: '3' } });
    service.app.useLogger(false);
  }, 180_000);

  afterAll(async () => {
    await service?.stop();
    await rig?.stop();
  });

  test.each(schemes)('signs with a %s key what tuf-js accepts', async (scheme) => {
    const { online, add, clientRefreshes } = await repositoryWith(service, uriOf(rig.uris, scheme));
    expect(online).toMatchObject({ name: 'in a vault', owner: 'release team', key: { scheme } });
    expect((await add('a')).status).toBe(200);
    expect(await clientRefreshes()).toMatchObject({ timestamp: 2 });
  });

  test('signs from the command line of the owner of a key, too', async () => {
    const variables = { ...rig.environment, ...rig.credentials };
    expect(await rootsSignedByTrs(service, uriOf(rig.uris, P256), variables)).toMatchObject({ root: 2 });
  });

  test('is asked again when it throttles, and the caller notices nothing', async () => {
    const { add, clientRefreshes } = await repositoryWith(service, uriOf(rig.uris, P256));
    const before = rig.server.requests();
    const fault = { kind: 'answers' as const, answer: rig.throttled, times: 2 };
    rig.server.fault = fault;
    const { status, body } = await add('a', 4); // before the publisher's own second try
    rig.server.fault = null;
    expect([status, body.state]).toEqual([200, 'succeeded']);
    expect(fault.times).toBeLessThan(0);
    expect(rig.server.requests()).toBeGreaterThan(before + 2);
    expect(await clientRefreshes()).toMatchObject({ timestamp: 2 });
  });

  test('delays publishing when it is down, loses nothing, lets the service start, shows in readiness, and heals', async () => {
    const { add, task, clientRefreshes } = await repositoryWith(service, uriOf(rig.uris, P256));
    rig.server.fault = { kind: 'down' };
    const { body: waiting } = await add('a', 2);
    expect(waiting.state).toBe('waiting');
    const replica = await startService({ besides: service, environment: rig.environment });
    replica.app.useLogger(false);
    expect(await readiness(replica)).toMatchObject({ status: 503, keyVault: { status: 'down' } });
    rig.server.fault = null;
    expect((await task(waiting.id, 20)).body.state).toBe('succeeded');
    expect(await readiness(replica)).toMatchObject({ status: 200, keyVault: { status: 'up' } });
    await replica.stop();
    expect(await clientRefreshes()).toMatchObject({ timestamp: 2 });
  });

  test('publishes nothing that another key signed', async () => {
    const { add, task, timestampVersion, clientRefreshes } = await repositoryWith(service, uriOf(rig.uris, P256));
    const putBack = await rig.useWrongKey();
    const { body: waiting } = await add('a', 3);
    expect([waiting.state, await timestampVersion()]).toEqual(['waiting', 1]);
    await putBack();
    expect((await task(waiting.id, 20)).body.state).toBe('succeeded');
    expect(await clientRefreshes()).toMatchObject({ timestamp: 2 });
  });

  test('is not waited for longer than the operator said', async () => {
    rig.server.fault = { kind: 'hangs' };
    const started = Date.now();
    const { status, body } = await new Api(service).post('/keys', { name: 'slow', uri: uriOf(rig.uris, P256) });
    rig.server.fault = null;
    expect([status, body.code]).toEqual([503, 'key-vault-unavailable']);
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  test('answers with the field at fault when it has no such key', async () => {
    const [uri = ''] = Object.values(rig.uris);
    const unknown = uri.replace(/ed25519|trs-p256|ecdsa-sha2-nistp256/, 'unknown');
    const { status, body } = await new Api(service).post('/keys', { name: 'none', uri: unknown });
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'key-unusable', 'uri']);
    expect(JSON.stringify(body)).not.toMatch(/Bearer|a token of the tests|a secret/);
  });
}

function uriOf(uris: Uris, scheme: KeyScheme): string {
  const uri = uris[scheme];
  if (!uri) throw new Error(`this vault has no ${scheme} key`);
  return uri;
}

async function readiness(service: TestService) {
  const response = await fetch(`${service.url}/health/ready`);
  const { keyVault } = (await response.json()) as { keyVault: object };
  return { status: response.status, keyVault };
}
