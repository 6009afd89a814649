import { readEnvironment } from '../../src/environment.js';
import { FileKeyVault } from '../../src/key-vaults/file-key-vault.js';
import { KeyVaultError } from '../../src/key-vaults/key-vault.js';
import { ServiceLogger } from '../../src/logging/service-logger.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { tokenWith } from '../support/tokens.js';

const PASSPHRASE = 'a passphrase for the keys';

let service: TestService;
let lines: string[];

async function started(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  lines = [];
  service = await startService({ environment, log: { write: (line) => lines.push(line) } });
}

afterEach(() => service.stop());

const entries = () => lines.map((line) => JSON.parse(line));
const requests = () => entries().filter(({ context }) => context === 'Request');

describe('the log', () => {
  test('is one JSON document a line: time, level, who says it, and what', async () => {
    await started({ TRS_LOG_LEVEL: 'debug' });
    await readyRepository(new Api(service));
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      expect(line).toMatch(/^\{.*\}\n$/);
      expect(JSON.parse(line)).toEqual(
        expect.objectContaining({
          level: expect.stringMatching(/^(?:debug|info|warn|error)$/),
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          context: expect.any(String),
          message: expect.any(String),
        }),
      );
    }
  });

  test('says of a change its request, its task and its principal, under the id that the caller is told', async () => {
    await started({ TRS_LOG_LEVEL: 'log' });
    const admin = new Api(service);
    const { name } = await readyRepository(admin);
    const { id, api } = await tokenWith(service, { name: 'ci of app', scopes: ['artifacts:write'] });
    const answer = await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('x')] });
    expect(requests().at(-1)).toMatchObject({
      level: 'info',
      requestId: answer.headers.get('x-request-id'),
      method: 'POST',
      route: '/api/v1/repositories/:repository/artifacts',
      status: 200,
      milliseconds: expect.any(Number),
      address: '127.0.0.1',
      principal: 'ci of app',
      credential: id,
      task: answer.body.id,
    });
  });

  test('takes over the id that a proxy gave', async () => {
    await started({ TRS_LOG_LEVEL: 'log' });
    const answer = await new Api(service).post('/keys', { name: 'k' }, { 'x-request-id': 'from-the-proxy-1' });
    expect(answer.headers.get('x-request-id')).toBe('from-the-proxy-1');
    expect(requests().at(-1)?.requestId).toBe('from-the-proxy-1');
  });

  test('leaves out what only reads, what clients download, and whoever has no token, unless asked to debug', async () => {
    await started({ TRS_LOG_LEVEL: 'log' });
    const api = new Api(service);
    const { name } = await readyRepository(api);
    const before = requests().length;
    await api.get('/repositories');
    await fetch(`${service.url}/repositories/${name}/metadata/timestamp.json`);
    await fetch(`${service.url}/health/live`);
    await fetch(`${service.url}/api/v1/keys`, { method: 'POST' });
    await api.post('/keys', { name: '' });
    expect(requests().slice(before)).toMatchObject([{ method: 'POST', status: 400, principal: 'administrator' }]);
  });

  test('gives a failure the id of its request, and the stack', async () => {
    await started({ TRS_LOG_LEVEL: 'error' });
    await service.database.query('alter table signing_key rename to gone');
    const { status, headers } = await new Api(service).get('/keys');
    await service.database.query('alter table gone rename to signing_key');
    expect(status).toBe(500);
    const failure = entries().find(({ context }) => context === 'ProblemFilter');
    expect(failure).toMatchObject({ level: 'error', requestId: headers.get('x-request-id') });
    expect(failure.stack).toContain('at ');
  });

  test('is as loud as asked, and for people where asked', async () => {
    await started({ TRS_LOG_LEVEL: 'warn', TRS_LOG_FORMAT: 'text' });
    await readyRepository(new Api(service));
    expect(lines).toEqual([]);
    service.app.get(FileKeyVault).sign = () => Promise.reject(new KeyVaultError('out of order, as this test wants it'));
    await fetch(`${service.url}/health/ready`);
    expect(lines.join('')).toMatch(/^\d\d:\d\d:\d\d\.\d{3} .*WARN .*\[ReadinessService\].*a key vault does not sign/m);
  });

  test('never holds a secret of the service, whatever a message carries', async () => {
    const secrets = {
      TRS_KEY_PASSPHRASE: PASSPHRASE,
      TRS_ADMIN_TOKEN: 'an administrator of forty characters, or so',
      TRS_PKCS11_PIN: 'a long user pin',
      TRS_VAULT_TOKEN: 'hvs.of-the-vault',
    };
    await started({ TRS_LOG_LEVEL: 'debug', ...secrets });
    const password = decodeURIComponent(new URL(service.database.url).password);
    const loud = ServiceLogger.for(readEnvironment(secrets), service.database.url, {
      write: (line) => lines.push(line),
    });
    const all = [...Object.values(secrets), ...(password ? [password] : [])];
    for (const secret of all) {
      loud.error({ message: `failed with ${secret}`, stack: `Error: ${secret}\n    at x` }, 'Test');
      loud.warn(`failed with "${JSON.stringify({ secret })}"`, 'Test');
    }
    const text = lines.join('');
    expect(text.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(all.length * 3);
    for (const secret of all) expect(text).not.toContain(secret);
  });
});
