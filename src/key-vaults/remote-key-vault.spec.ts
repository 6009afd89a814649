import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type KeyUri, KeyVaultError, KeyVaultUnavailableError } from './key-vault.js';
import { RemoteKeyVault, type VaultBackend } from './remote-key-vault.js';

const URI = 'vault:transit/keys/a/1' as KeyUri;
const BYTES = Buffer.from('metadata');
const SIGNATURE = Buffer.from('signature');
const LIMITS = { timeoutMs: 1_000, parallel: 2 };
const KEY = createPublicKey(generateKeyPairSync('ed25519').privateKey);

function backend(sign: VaultBackend['sign']): VaultBackend {
  return { sign, publicKey: async () => KEY };
}

/** Fails as told, one error after the other, then signs. */
function failing(...errors: unknown[]) {
  const left = [...errors];
  let calls = 0;
  const sign = async () => {
    calls += 1;
    if (left.length > 0) throw left.shift();
    return SIGNATURE;
  };
  return { vault: new RemoteKeyVault(backend(sign), LIMITS, () => 0), calls: () => calls };
}

const error = (fields: object) => Object.assign(new Error('as the vault says'), fields);

describe('a remote key vault', () => {
  test.each<[string, unknown]>([
    ['throttling of AWS', error({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } })],
    ['a failure inside AWS', error({ name: 'KMSInternalException', $metadata: { httpStatusCode: 500 } })],
    ['too many requests, of Azure', error({ name: 'RestError', statusCode: 429 })],
    ['a quota of Google', error({ code: 8 })],
    ['a refused connection', error({ code: 'ECONNREFUSED' })],
    ['a connection that fetch lost', error({ cause: { code: 'UND_ERR_SOCKET' } })],
    ['a vault that says so itself', new KeyVaultUnavailableError('sealed')],
  ])('is asked again after %s', async (_, fault) => {
    const { vault, calls } = failing(fault, fault);
    await expect(vault.sign(URI, 'ed25519', BYTES)).resolves.toEqual(SIGNATURE);
    expect(calls()).toBe(3);
  });

  test.each<[string, unknown]>([
    ['a refused permission', error({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } })],
    ['a key that is not there', error({ statusCode: 404 })],
    ['a disabled key of Google', error({ code: 9 })],
    ['a defect', new TypeError('undefined is no function')],
    ['a vault that refuses', new KeyVaultError('no such key')],
  ])('is not asked again after %s', async (_, fault) => {
    const { vault, calls } = failing(fault);
    const signing = vault.sign(URI, 'ed25519', BYTES);
    await expect(signing).rejects.toThrow(KeyVaultError);
    await expect(signing).rejects.not.toThrow(KeyVaultUnavailableError);
    expect(calls()).toBe(1);
  });

  test('is given up after five attempts', async () => {
    const { vault, calls } = failing(...Array.from({ length: 9 }, () => error({ statusCode: 503 })));
    await expect(vault.sign(URI, 'ed25519', BYTES)).rejects.toThrow(KeyVaultUnavailableError);
    expect(calls()).toBe(5);
  });

  test('is not waited for beyond the time-out, and is told to stop', async () => {
    let told: AbortSignal | null = null;
    const hanging = backend((_uri, _scheme, _bytes, signal) => {
      told = signal;
      return new Promise(() => undefined);
    });
    const vault = new RemoteKeyVault(hanging, { timeoutMs: 50, parallel: 1 });
    await expect(vault.sign(URI, 'ed25519', BYTES)).rejects.toThrow(`${URI}: no answer within 0.05 seconds`);
    expect(told).toMatchObject({ aborted: true });
    await expect(vault.publicKey(URI)).resolves.toBe(KEY); // its place is free again
  });

  test('counts the repetitions into the time-out', async () => {
    const busy = backend(async () => {
      throw error({ statusCode: 429 });
    });
    const vault = new RemoteKeyVault(busy, { timeoutMs: 100, parallel: 1 }, () => 1);
    await expect(vault.sign(URI, 'ed25519', BYTES)).rejects.toThrow('no answer within 0.1 seconds');
  });

  test('is asked for so many signatures at once and no more, and time in the queue does not count', async () => {
    let running = 0;
    let most = 0;
    const slow = backend(async () => {
      running += 1;
      most = Math.max(most, running);
      await pause(30);
      running -= 1;
      return SIGNATURE;
    });
    const vault = new RemoteKeyVault(slow, { timeoutMs: 100, parallel: 2 });
    await Promise.all(Array.from({ length: 10 }, () => vault.sign(URI, 'ed25519', BYTES)));
    expect(most).toBe(2);
  });

  test('tells of an error what it says, and nothing that it carries', async () => {
    const request = { headers: { authorization: 'Bearer secret' } };
    const { vault } = failing(error({ name: 'RestError', statusCode: 403, request }));
    const failure = await vault.sign(URI, 'ed25519', BYTES).catch((caught) => caught);
    expect(failure.message).toBe(`${URI}: RestError: as the vault says`);
    expect(failure.cause).toBeUndefined();
  });
});
