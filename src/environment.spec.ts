import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readEnvironment, readKeyVaultEnvironment } from './environment.js';

describe('the environment', () => {
  test('has a default for everything', () => {
    expect(readEnvironment({})).toEqual({
      host: '127.0.0.1',
      port: 3_000,
      dataFolder: resolve('.trs'),
      databaseUrl: undefined,
      databasePoolSize: 10,
      databaseTimeoutMs: 300_000,
      keyPassphrase: undefined,
      adminToken: undefined,
      http: {
        trustedProxies: [],
        corsOrigins: [],
        rateLimits: { perAddress: 5_000, perPrincipal: 2_000 },
        bodyTimeoutMs: 60_000,
        idleTimeoutMs: 180_000,
        maximumConnections: 10_000,
        maximumRequests: 5_000,
        bodyLimitBytes: 10_485_760,
      },
      historyMarginMs: 86_400_000,
      taskHistoryMs: 90 * 86_400_000,
      approvalPeriodMs: 168 * 3_600_000,
      logLevel: 'log',
      logFormat: process.stdout.isTTY ? 'text' : 'json',
      oidcIssuers: [],
      auditCheckpointSeconds: 60,
      webhookNetworks: [],
      metricsAreOpen: false,
      keyVaults: {
        allowed: ['file'],
        limits: { timeoutMs: 10_000, parallel: 16 },
        signingKeys: {},
        pkcs11: { module: undefined, pin: undefined },
        awsEndpoint: undefined,
        gcpEndpoint: undefined,
        azureHost: undefined,
        transit: { address: undefined, token: undefined, tokenFile: undefined, namespace: undefined },
      },
      sigstoreTrustedRoot: undefined,
    });
  });

  test('takes an empty variable as none', () => {
    expect(readEnvironment({ TRS_PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 3_000, databaseUrl: undefined });
  });

  test('takes signing keys from variables of their own names, and from no others', () => {
    const variables = { TRS_SIGNING_KEY_A: 'pem', SIGNING_KEY_B: 'other', TRS_ADMIN_TOKEN: 'x'.repeat(32) };
    expect(readEnvironment(variables).keyVaults.signingKeys).toEqual({ TRS_SIGNING_KEY_A: 'pem' });
  });

  test('reads how key vaults are reached, whatever is wrong with the rest', () => {
    const rest = { TRS_PORT: 'none', TRS_ADMIN_TOKEN_FILE: '/none', DATABASE_URL: 'mysql://x' };
    const found = readKeyVaultEnvironment({ ...rest, TRS_VAULT_ADDR: 'https://vault.example', TRS_DATA_DIR: '/data' });
    expect(found).toMatchObject({
      dataFolder: '/data',
      keyPassphrase: undefined,
      keyVaults: { transit: { address: 'https://vault.example' } },
    });
    expect(() => readKeyVaultEnvironment({ TRS_PKCS11_MODULE: 'hsm.so' })).toThrow('TRS_PKCS11_MODULE');
  });

  test('reads the list of key vaults', () => {
    expect(readEnvironment({ TRS_KEY_VAULTS: 'file, awskms' }).keyVaults.allowed).toEqual(['file', 'awskms']);
  });

  test('reads the list of issuers as they are written, none unless given', () => {
    const issuers = 'https://a.example/x/, http://127.0.0.1:8080';
    expect(readEnvironment({ TRS_OIDC_ISSUERS: issuers }).oidcIssuers).toEqual([
      'https://a.example/x/',
      'http://127.0.0.1:8080',
    ]);
    expect(readEnvironment({}).oidcIssuers).toEqual([]);
  });

  test.each([
    'http://a.example',
    'a.example',
    'https://a.example?x=1',
    'https://a.example#x',
    'https://u@a.example',
    'http://127.0.0.1.evil.example',
    'file:///etc/passwd',
  ])('refuses %s as an issuer', (issuer) => {
    expect(() => readEnvironment({ TRS_OIDC_ISSUERS: `https://b.example,${issuer}` })).toThrow(/TRS_OIDC_ISSUERS/);
  });

  test('reads addresses and networks of proxies, and origins of pages', () => {
    const variables = {
      TRS_TRUSTED_PROXIES: '10.0.0.0/8, ::1,192.0.2.7',
      TRS_CORS_ORIGINS: 'https://a.example, http://localhost:8080',
    };
    expect(readEnvironment(variables).http).toMatchObject({
      trustedProxies: ['10.0.0.0/8', '::1', '192.0.2.7'],
      corsOrigins: ['https://a.example', 'http://localhost:8080'],
    });
  });

  test.each([
    ['TRS_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRS_TRUSTED_PROXIES', 'proxy.example'],
    ['TRS_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['TRS_TRUSTED_PROXIES', 'true'],
    ['TRS_CORS_ORIGINS', '*'],
    ['TRS_CORS_ORIGINS', 'https://a.example/'],
    ['TRS_CORS_ORIGINS', 'a.example'],
    ['TRS_CORS_ORIGINS', 'null'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(name);
  });

  test('reads secrets from files, without the line end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trs-environment-'));
    await writeFile(join(folder, 'passphrase'), 'correct horse battery\n');
    const { keyPassphrase } = readEnvironment({ TRS_KEY_PASSPHRASE_FILE: join(folder, 'passphrase') });
    await rm(folder, { recursive: true });
    expect(keyPassphrase).toBe('correct horse battery');
  });

  test.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['a port out of range', { TRS_PORT: '65536' }, /TRS_PORT/],
    ['a database of another kind', { DATABASE_URL: 'mysql://x' }, /DATABASE_URL: must look like postgres:/],
    ['a short token', { TRS_ADMIN_TOKEN: 'short' }, /TRS_ADMIN_TOKEN: must have at least 32 characters/],
    ['a file that is not there', { TRS_ADMIN_TOKEN_FILE: '/none' }, /TRS_ADMIN_TOKEN_FILE: cannot read \/none/],
    ['an unknown key vault', { TRS_KEY_VAULTS: 'file,short' }, /TRS_KEY_VAULTS/],
    ['a PKCS #11 module that is looked for', { TRS_PKCS11_MODULE: 'hsm.so' }, /TRS_PKCS11_MODULE: must be an absolute/],
    ['an unknown log level', { TRS_LOG_LEVEL: 'loud' }, /TRS_LOG_LEVEL/],
  ])('refuses %s, naming the variable and never a secret', (_, variables, message) => {
    expect(() => readEnvironment(variables)).toThrow(message);
    expect(() => readEnvironment(variables)).not.toThrow('short');
  });
});
