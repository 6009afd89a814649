import { keyFromPublicKey, keyIdOf } from '../tuf/key.js';
import { verifySignature } from '../tuf/signature.js';
import { EnvKeyVault } from './env-key-vault.js';
import { type KeyUri, KeyVaultError } from './key-vault.js';
import { encodePrivateKey, generatePrivateKey } from './private-key.js';

const URI = 'env:TRS_SIGNING_KEY_A' as KeyUri;
const BYTES = Buffer.from('what is signed');
const pem = encodePrivateKey(await generatePrivateKey('ecdsa-sha2-nistp256'), undefined);

describe('the env key vault', () => {
  test.each([
    ['as it is', pem],
    ['with \\n for its line ends', pem.replaceAll('\n', '\\n')],
  ])('signs with a PEM %s', async (_, text) => {
    const vault = new EnvKeyVault({ TRS_SIGNING_KEY_A: text }, undefined);
    const key = keyFromPublicKey(await vault.publicKey(URI), 'ecdsa-sha2-nistp256');
    const sig = Buffer.from(await vault.sign(URI, 'ecdsa-sha2-nistp256', BYTES)).toString('hex');
    expect(verifySignature(key, BYTES, { keyid: keyIdOf(key), sig })).toBe(true);
  });

  test('opens an encrypted one with TRS_KEY_PASSPHRASE', async () => {
    const encrypted = encodePrivateKey(await generatePrivateKey('ed25519'), 'the passphrase');
    const variables = { TRS_SIGNING_KEY_A: encrypted };
    await expect(new EnvKeyVault(variables, 'the passphrase').sign(URI, 'ed25519', BYTES)).resolves.toHaveLength(64);
    await expect(new EnvKeyVault(variables, 'another').sign(URI, 'ed25519', BYTES)).rejects.toThrow(KeyVaultError);
  });

  test('says which variable is missing or wrong, and never what is in it', async () => {
    await expect(new EnvKeyVault({}, undefined).publicKey(URI)).rejects.toThrow('TRS_SIGNING_KEY_A is not set');
    const failure = await new EnvKeyVault({ TRS_SIGNING_KEY_A: 'secret' }, undefined).publicKey(URI).catch((e) => e);
    expect(failure.message).toContain('TRS_SIGNING_KEY_A is not a PEM private key');
    expect(failure.message).not.toContain('secret');
  });
});
